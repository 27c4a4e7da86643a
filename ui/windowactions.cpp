#include "ui/windowactions.h"

#include "nn/device.h"
#include "ui/icons.h"
#include "ui/text.h"

#include <QAction>
#include <QActionGroup>
#include <QComboBox>
#include <QLabel>
#include <QMainWindow>
#include <QMenu>
#include <QShortcut>
#include <QStandardItemModel>
#include <QToolBar>
#include <QToolButton>

namespace losslab::ui {

WindowActions::WindowActions(QMainWindow *window) : QObject(window), m_window(window)
{
    makeActions();
    makeThemeMenu();
    makeToolBar();
    for (int number = 1; number <= 9; ++number) {
        auto *shortcut =
            new QShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number)), window);
        connect(shortcut, &QShortcut::activated, this,
                [this, number] { Q_EMIT experimentChosen(number - 1); });
    }
}

QAction *WindowActions::add(const QString &iconName, const QString &text, const QString &shortcut,
                            const QString &tip)
{
    auto *action = new QAction(text, m_window);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setShortcut(QKeySequence(shortcut));
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    action->setToolTip(keys.isEmpty() ? tip : QStringLiteral("%1 (%2)").arg(tip, keys));
    m_window->addAction(action);
    return action;
}

void WindowActions::makeActions()
{
    const auto key = [](const char *keys) { return QString::fromLatin1(keys); };
    run = add(key("run"), tr("Run"), key("Ctrl+R"), tr("Train with the settings at the right"));
    run->setIcon(icon(key("run"), QPalette::HighlightedText));
    pause = add(key("pause"), tr("Pause"), key("Ctrl+P"), tr("Pause the training, or go on"));
    stop = add(key("stop"), tr("Stop"), key("Ctrl+."), tr("End the training; everything up to now is kept"));
    exportChart =
        add(key("export"), tr("Export chart…"), key("Ctrl+E"), tr("Write a chart as picture or values"));
    exportAll = add({}, tr("Export all…"), key("Ctrl+Shift+E"),
                    tr("Write all charts and tables as pictures or values"));
    copyChart = add(key("copy"), tr("Copy chart"), key("Ctrl+Shift+C"),
                    tr("Put a picture of the chart on the clipboard"));
    openRun = add({}, tr("Open run…"), key("Ctrl+O"), tr("Look at a run from its folder"));
    openRunFolder =
        add(key("folder"), tr("Open run folder"), {}, tr("Show the files of the run in the file manager"));
    enlarge = add(key("enlarge"), tr("Enlarge chart"), key("F11"), tr("Show one chart alone, or all again"));
    logY = add({}, tr("Logarithmic axis"), key("Ctrl+L"), tr("Logarithmic or linear y axis"));
    showExperiments = add(key("left"), tr("Experiments"), key("F7"), tr("Show or hide the experiments"));
    showSettings = add(key("right"), tr("Settings"), key("F8"), tr("Show or hide the settings"));
    help =
        add(key("help"), tr("About this experiment"), key("F1"), tr("What this experiment asks and shows"));
    comparison = add({}, tr("Published and measured"), {},
                     tr("The published values beside those of the report presets, with seeds and commands"));
    shortcuts = add({}, tr("Keyboard shortcuts"), key("Ctrl+F1"), tr("All keys"));
    about = add({}, tr("About LossLab"), {}, tr("Versions and licence"));
    quit = add({}, tr("Quit"), key("Ctrl+Q"), tr("Close LossLab"));
    for (QAction *column : {showExperiments, showSettings}) {
        column->setCheckable(true);
        column->setChecked(true);
    }
}

void WindowActions::makeThemeMenu()
{
    m_themeMenu = new QMenu(tr("Theme"), m_window);
    m_themes = new QActionGroup(this);
    for (const auto &[theme, text] :
         {std::pair(Theme::System, tr("As the system")), std::pair(Theme::Light, tr("Light")),
          std::pair(Theme::Dark, tr("Dark"))})
    {
        QAction *action = m_themeMenu->addAction(text);
        action->setCheckable(true);
        action->setData(static_cast<int>(theme));
        m_themes->addAction(action);
    }
    connect(m_themes, &QActionGroup::triggered, this,
            [this](QAction *action) { Q_EMIT themeChosen(static_cast<Theme>(action->data().toInt())); });
}

QToolButton *WindowActions::addButton(QAction *action, Qt::ToolButtonStyle style)
{
    m_toolBar->addAction(action);
    auto *button = static_cast<QToolButton *>(m_toolBar->widgetForAction(action));
    button->setToolButtonStyle(style);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text());
    return button;
}

QToolButton *WindowActions::addMenuButton(const QString &iconName, const QString &text, QMenu *menu,
                                          Qt::ToolButtonStyle style)
{
    auto *button = new QToolButton(m_toolBar);
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setToolButtonStyle(style);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::TabFocus);
    button->setMenu(menu);
    m_toolBar->addWidget(button);
    return button;
}

void WindowActions::makeToolBar()
{
    m_toolBar = new QToolBar(tr("Toolbar"), m_window);
    m_toolBar->setObjectName(QStringLiteral("toolBar"));
    m_toolBar->setMovable(false);
    m_toolBar->setIconSize({16, 16});
    m_toolBar->setContextMenuPolicy(Qt::PreventContextMenu);
    addButton(showExperiments, Qt::ToolButtonIconOnly);
    addButton(run, Qt::ToolButtonTextBesideIcon)->setProperty("primary", true);
    addButton(pause, Qt::ToolButtonTextBesideIcon);
    addButton(stop, Qt::ToolButtonTextBesideIcon);
    m_toolBar->addSeparator();
    addPreset();
    m_toolBar->addSeparator();
    auto *exportMenu = new QMenu(m_window);
    exportMenu->addActions({exportChart, exportAll, copyChart});
    exportMenu->addSeparator();
    exportMenu->addAction(openRunFolder);
    addMenuButton(QStringLiteral("export"), tr("Export"), exportMenu, Qt::ToolButtonTextBesideIcon);

    auto *space = new QWidget(m_toolBar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_toolBar->addWidget(space);
    addDevice();
    m_toolBar->addSeparator();
    addMenuButton(QStringLiteral("theme"), tr("Theme"), m_themeMenu, Qt::ToolButtonIconOnly);
    addButton(help, Qt::ToolButtonIconOnly);
    addMenuButton(QStringLiteral("menu"), tr("Menu"), makeMainMenu(), Qt::ToolButtonIconOnly);
    addButton(showSettings, Qt::ToolButtonIconOnly);
}

void WindowActions::addPreset()
{
    auto *label = new QLabel(tr("Preset"), m_toolBar);
    label->setProperty("role", "muted");
    label->setContentsMargins(gridStep / 2, 0, gridStep / 2, 0);
    m_preset = new QComboBox(m_toolBar);
    m_preset->setObjectName(QStringLiteral("preset"));
    m_preset->setAccessibleName(tr("Preset"));
    m_preset->addItem(tr("Report"), static_cast<int>(Preset::Report));
    m_preset->addItem(tr("Quick"), static_cast<int>(Preset::Quick));
    m_preset->setItemData(0, tr("The published setting"), Qt::ToolTipRole);
    m_preset->setItemData(1, tr("The same story in at most a minute on two cores"), Qt::ToolTipRole);
    m_preset->setToolTip(tr("Report: the published setting. Quick: the same story in at most a minute."));
    label->setBuddy(m_preset);
    m_toolBar->addWidget(label);
    m_toolBar->addWidget(m_preset);
    connect(m_preset, &QComboBox::activated, this,
            [this] { Q_EMIT presetChosen(static_cast<Preset>(m_preset->currentData().toInt())); });
}

void WindowActions::addDevice()
{
    auto *label = new QLabel(tr("Device"), m_toolBar);
    label->setProperty("role", "muted");
    label->setContentsMargins(0, 0, gridStep / 2, 0);
    m_device = new QComboBox(m_toolBar);
    m_device->setObjectName(QStringLiteral("device"));
    m_device->setAccessibleName(tr("Device"));
    m_device->setToolTip(tr("What computes"));
    const bool cuda = cudaAvailable();
    m_device->addItem(cuda ? tr("Auto (CUDA for images)") : tr("Auto (CPU)"), static_cast<int>(Device::Auto));
    m_device->addItem(tr("CPU"), static_cast<int>(Device::Cpu));
    m_device->addItem(cuda ? tr("CUDA") : tr("CUDA (none here)"), static_cast<int>(Device::Cuda));
    if (const Result<Device> resolved = resolveDevice(Device::Cuda); !resolved) {
        m_device->setItemData(2, fromText(resolved.error().message), Qt::ToolTipRole);
        static_cast<QStandardItemModel *>(m_device->model())->item(2)->setEnabled(false);
    }
    label->setBuddy(m_device);
    m_toolBar->addWidget(label);
    m_toolBar->addWidget(m_device);
    connect(m_device, &QComboBox::activated, this, &WindowActions::deviceChosen);
}

QMenu *WindowActions::makeMainMenu()
{
    auto *menu = new QMenu(m_window);
    QMenu *file = menu->addMenu(tr("&File"));
    file->addActions({openRun, openRunFolder});
    file->addSeparator();
    file->addActions({exportChart, exportAll, copyChart});
    QMenu *training = menu->addMenu(tr("&Run"));
    training->addActions({run, pause, stop});
    QMenu *view = menu->addMenu(tr("&View"));
    view->addActions({enlarge, logY});
    view->addSeparator();
    view->addActions({showExperiments, showSettings});
    view->addMenu(m_themeMenu);
    QMenu *helpMenu = menu->addMenu(tr("&Help"));
    helpMenu->addActions({help, comparison, shortcuts});
    helpMenu->addSeparator();
    helpMenu->addAction(about);
    menu->addSeparator();
    menu->addAction(quit);
    return menu;
}

void WindowActions::setPreset(Preset preset)
{
    m_preset->setCurrentIndex(m_preset->findData(static_cast<int>(preset)));
}

Device WindowActions::device() const
{
    return static_cast<Device>(m_device->currentData().toInt());
}

void WindowActions::setDevice(Device device)
{
    const bool usable = device != Device::Cuda || cudaAvailable();
    m_device->setCurrentIndex(m_device->findData(static_cast<int>(usable ? device : Device::Auto)));
}

void WindowActions::setTheme(Theme theme)
{
    m_themes->actions()[static_cast<int>(theme)]->setChecked(true);
}

QString WindowActions::shortcutList() const
{
    QString rows;
    const auto row = [&rows](const QString &keys, const QString &text) {
        rows += QStringLiteral("<tr><td style='padding: 2px 24px 2px 0'><b>%1</b></td><td>%2</td></tr>")
                    .arg(keys.toHtmlEscaped(), text.toHtmlEscaped());
    };
    for (const QAction *action : m_window->actions())
        if (!action->shortcut().isEmpty())
            row(action->shortcut().toString(QKeySequence::NativeText), action->text());
    row(tr("Ctrl+1 … Ctrl+9"), tr("Experiments, from the top"));
    row(tr("Return"), tr("In a chart: enlarge it"));
    row(tr("Esc"), tr("Back to all charts"));
    row(tr("Home"), tr("In a chart: follow the data again"));
    row(tr("Up, Down"), tr("In a number: the next one"));
    return QStringLiteral("<table>%1</table>").arg(rows);
}

} // namespace losslab::ui
