#include "base/device.h"
#include "lab/runsettings.h"
#include "ui/icons.h"
#include "ui/plainlabel.h"
#include "ui/presetbox.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QMainWindow>
#include <QMenu>
#include <QShortcut>
#include <QStandardItemModel>
#include <QToolBar>
#include <QToolButton>

/// The toolbar: its buttons, and the choice of a preset and a device.
namespace losslab::ui {

QToolButton *WindowActions::addButton(QAction *action, Qt::ToolButtonStyle style)
{
    m_toolBar->addAction(action);
    auto *button = static_cast<QToolButton *>(m_toolBar->widgetForAction(action));
    button->setToolButtonStyle(style);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->iconText());
    return button;
}

QToolButton *WindowActions::addMenuButton(const QString &iconName, const QString &text, QMenu *menu,
                                          Qt::ToolButtonStyle style)
{
    auto *button = new QToolButton(m_toolBar);
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setToolTip(plainTip(text));
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
    addButton(addToQueue, Qt::ToolButtonIconOnly);
    m_wordy.push_back(addButton(pause, Qt::ToolButtonTextBesideIcon));
    m_wordy.push_back(addButton(stop, Qt::ToolButtonTextBesideIcon));
    addGoOn();
    m_toolBar->addSeparator();
    addPreset();
    m_toolBar->addSeparator();
    auto *exportMenu = new QMenu(m_window);
    exportMenu->addActions({exportChart, exportAll, copyChart});
    exportMenu->addSeparator();
    exportMenu->addAction(openRunFolder);
    m_wordy.push_back(
        addMenuButton(QStringLiteral("export"), tr("Export"), exportMenu, Qt::ToolButtonTextBesideIcon));

    auto *space = new QWidget(m_toolBar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_toolBar->addWidget(space);
    addDevice();
    m_toolBar->addSeparator();
    addMenuButton(QStringLiteral("theme"), tr("Theme"), m_themeMenu, Qt::ToolButtonIconOnly);
    addButton(help, Qt::ToolButtonIconOnly);
    makeMainMenu();
    m_menuButton =
        addMenuButton(QStringLiteral("menu"), tr("Menu (F10)"), m_mainMenu, Qt::ToolButtonIconOnly);
    m_menuButton->setAccessibleName(tr("Menu"));
    addButton(showSettings, Qt::ToolButtonIconOnly);
}

/// Its letter goes to the buddy, while it is not seen as well.
void WindowActions::addLabel(QLabel *label, QWidget *buddy)
{
    label->setBuddy(buddy);
    m_toolBarLabels.push_back(m_toolBar->addWidget(label));
    auto *key = new QShortcut(QKeySequence::mnemonic(label->text()), m_window);
    connect(key, &QShortcut::activated, buddy, [buddy] { buddy->setFocus(Qt::ShortcutFocusReason); });
    key->setEnabled(false);
    m_labelKeys.push_back(key);
}

/// As wide as the wider of the two, so that what stands beside it does not move.
void WindowActions::addGoOn()
{
    m_goOnButton = new QToolButton(m_toolBar);
    m_goOnButton->setObjectName(QStringLiteral("goOn"));
    m_goOnButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_goOnButton->setFocusPolicy(Qt::TabFocus);
    m_toolBar->addWidget(m_goOnButton);
    m_wordy.push_back(m_goOnButton);
    offerToGoOn(*goOn);
}

void WindowActions::offerToGoOn(QAction &way)
{
    m_goOnButton->setDefaultAction(&way);
    m_goOnButton->setAccessibleName(way.iconText());
}

void WindowActions::addPreset()
{
    auto *label = new PlainLabel(tr("&Preset"), m_toolBar);
    label->setProperty("role", "muted");
    label->setContentsMargins(gridStep / 2, 0, gridStep / 2, 0);
    m_preset = new PresetBox(m_toolBar);
    m_preset->setObjectName(QStringLiteral("preset"));
    addLabel(label, m_preset);
    m_toolBar->addWidget(m_preset);
    connect(m_preset, &PresetBox::chosen, this, &WindowActions::presetChosen);
    auto *presets = new QMenu(m_window);
    presets->addActions({savePreset, deletePreset});
    presets->addSeparator();
    presets->addActions({exportPreset, openPreset});
    addMenuButton(QStringLiteral("preset"), tr("Presets of your own"), presets, Qt::ToolButtonIconOnly);
}

void WindowActions::addDevice()
{
    const ParameterInfo setting = deviceSetting();
    auto *label = new PlainLabel(QLatin1Char('&') + fromText(setting.label), m_toolBar);
    label->setProperty("role", "muted");
    label->setContentsMargins(0, 0, gridStep / 2, 0);
    m_device = new QComboBox(m_toolBar);
    m_device->setObjectName(QStringLiteral("device"));
    m_device->setAccessibleName(fromText(setting.label));
    giveRoom(*m_device);
    m_device->setToolTip(plainTip(fromText(setting.help)));
    for (const Option &option : setting.kind->options())
        m_device->addItem(fromText(option.label), static_cast<int>(*deviceFromName(option.key)));
    const auto note = [&](Device device, const QString &more) {
        const int place = m_device->findData(static_cast<int>(device));
        m_device->setItemText(place, tr("%1 (%2)").arg(m_device->itemText(place), more));
        return place;
    };
    note(Device::Auto, cudaAvailable() ? tr("CUDA for images") : tr("CPU"));
    if (const Result<Device> resolved = resolveDevice(Device::Cuda); !resolved) {
        const int place = note(Device::Cuda, tr("not available"));
        m_device->setItemData(place, plainTip(fromText(resolved.error().message)), Qt::ToolTipRole);
        static_cast<QStandardItemModel *>(m_device->model())->item(place)->setEnabled(false);
    }
    addLabel(label, m_device);
    m_toolBar->addWidget(m_device);
    connect(m_device, &QComboBox::activated, this, &WindowActions::deviceChosen);
}

void WindowActions::setCompact(bool compact)
{
    for (QToolButton *button : m_wordy)
        button->setToolButtonStyle(compact ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    for (QAction *label : m_toolBarLabels)
        label->setVisible(!compact);
    for (QShortcut *key : m_labelKeys)
        key->setEnabled(compact);
}

void WindowActions::fitToolBar(int width)
{
    if (m_fullWidth == 0)
        m_fullWidth = m_toolBar->sizeHint().width();
    setCompact(width < m_fullWidth);
}

void WindowActions::setPreset(const NamedPreset &preset)
{
    m_preset->setPreset(preset);
    deletePreset->setEnabled(m_preset->showsOwn());
    exportPreset->setEnabled(m_preset->showsOwn());
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

} // namespace losslab::ui
