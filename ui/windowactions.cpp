#include "ui/windowactions.h"

#include "ui/icons.h"
#include "ui/text.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QMainWindow>
#include <QMenu>
#include <QShortcut>
#include <QToolBar>
#include <QToolButton>
#include <algorithm>

namespace losslab::ui {

WindowActions::WindowActions(QMainWindow *window) : QObject(window), m_window(window)
{
    makeActions();
    makeQueueActions();
    makePresetActions();
    makeThemeMenu();
    makeToolBar();
    for (int number = 1; number <= 9; ++number) {
        auto *shortcut =
            new QShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number)), window);
        connect(shortcut, &QShortcut::activated, this,
                [this, number] { Q_EMIT experimentChosen(number - 1); });
    }
    qApp->installEventFilter(this);
}

/// The window's keys work while a field has the focus as well, which would take some of them to move its
/// cursor; what was typed, the field undoes first.
bool WindowActions::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *widget = qobject_cast<QWidget *>(watched);
        const QKeySequence keys(static_cast<QKeyEvent *>(event)->keyCombination());
        if (widget && widget->window() == m_window && isWindowsKey(keys)) {
            event->ignore();
            return true;
        }
    }
    return QObject::eventFilter(watched, event);
}

bool WindowActions::isWindowsKey(const QKeySequence &keys) const
{
    if (keys == undo->shortcut() || keys == redo->shortcut())
        return false;
    const QList<QAction *> actions = m_window->actions();
    const QList<QShortcut *> shortcuts = m_window->findChildren<QShortcut *>(Qt::FindDirectChildrenOnly);
    return std::any_of(actions.begin(), actions.end(),
                       [&](const QAction *a) { return a->shortcut() == keys; })
           || std::any_of(shortcuts.begin(), shortcuts.end(),
                          [&](const QShortcut *s) { return s->key() == keys; });
}

QAction *WindowActions::add(const QString &iconName, const QString &text, const QString &shortcut,
                            const QString &tip)
{
    auto *action = new QAction(text, m_window);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setShortcut(QKeySequence(shortcut));
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    action->setToolTip(plainTip(keys.isEmpty() ? tip : QStringLiteral("%1 (%2)").arg(tip, keys)));
    m_window->addAction(action);
    return action;
}

void WindowActions::makeActions()
{
    const auto key = [](const char *keys) { return QString::fromLatin1(keys); };
    run = add(key("run"), tr("&Run"), key("Ctrl+R"), tr("Train with the settings on the right"));
    run->setIcon(icon(key("run"), QPalette::HighlightedText)); // of the button, which is in the accent colour
    run->setIconVisibleInMenu(false);
    pause = add(key("pause"), tr("&Pause"), key("Ctrl+P"), tr("Pause or resume the training"));
    stop = add(key("stop"), tr("&Stop"), key("Ctrl+."), tr("Stop the training; everything so far is kept"));
    goOn =
        add(key("goon"), tr("Co&ntinue"), key("Ctrl+G"), tr("Go on with the run shown, where it was left"));
    trainLonger =
        add(key("goon"), tr("Train &longer…"), key("Ctrl+T"), tr("Train the run shown for more epochs"));
    exportChart =
        add(key("export"), tr("Export &chart…"), key("Ctrl+E"), tr("Save a chart as a picture or as values"));
    exportAll = add({}, tr("Export &all…"), key("Ctrl+Shift+E"),
                    tr("Save all charts and tables as pictures or values"));
    copyChart = add(key("copy"), tr("Co&py chart"), key("Ctrl+Shift+C"),
                    tr("Copy a picture of the chart to the clipboard"));
    openRun = add({}, tr("&Open run…"), key("Ctrl+O"), tr("Open an earlier run"));
    showLibrary = add({}, tr("Find r&uns…"), key("F3"),
                      tr("All runs: search them, open one, name it, use its settings"));
    openRunFolder =
        add(key("folder"), tr("Open run &folder"), {}, tr("Show the run's files in the file manager"));
    undo = add({}, tr("&Undo settings"), key("Ctrl+Z"), tr("Undo the last change to the settings"));
    redo = add({}, tr("&Redo settings"), key("Ctrl+Shift+Z"), tr("Replace the settings again"));
    enlarge = add(key("enlarge"), tr("&Enlarge chart"), key("F11"), tr("Show one chart alone, or all again"));
    logY = add({}, tr("&Logarithmic axis"), key("Ctrl+L"), tr("Logarithmic or linear y axis"));
    showExperiments =
        add(key("left"), tr("E&xperiments"), key("F7"), tr("Show or hide the list of experiments"));
    showSettings = add(key("right"), tr("&Settings"), key("F8"), tr("Show or hide the settings"));
    help = add(key("help"), tr("&About this experiment"), key("F1"),
               tr("What this experiment asks, and what to look for"));
    comparison = add({}, tr("&Published and measured"), {},
                     tr("The published values beside those of the report presets, with seeds and commands"));
    shortcuts = add({}, tr("&Keyboard shortcuts"), key("Ctrl+F1"), tr("List all shortcuts"));
    about = add({}, tr("About &LossLab"), {}, tr("Versions and licence"));
    menu = add(key("menu"), tr("Menu"), key("F10"), tr("Menu"));
    quit = add({}, tr("&Quit"), key("Ctrl+Q"), tr("Close LossLab"));
    for (QAction *column : {showExperiments, showSettings}) {
        column->setCheckable(true);
        column->setChecked(true);
    }
}

void WindowActions::makeQueueActions()
{
    addToQueue = add(QStringLiteral("queue"), tr("&Add to queue"), QStringLiteral("Ctrl+Shift+R"),
                     tr("Train with the settings on the right when those before have ended"));
    queueAll = add({}, tr("Add all e&xperiments…"), {}, tr("Add a run of every experiment to the queue"));
    startQueue = add({}, tr("S&tart queue"), {}, tr("Run what waits, one after the other"));
    showQueue = add({}, tr("&Queue"), QStringLiteral("F6"), tr("Show what waits, runs and has ended"));
}

void WindowActions::makePresetActions()
{
    savePreset =
        add({}, tr("&Save as preset…"), QStringLiteral("Ctrl+S"), tr("Keep these settings under a name"));
    deletePreset = add({}, tr("&Delete preset"), {}, tr("Delete the chosen preset of your own"));
    exportPreset =
        add({}, tr("E&xport preset…"), {}, tr("Save the chosen preset of your own as a file, to hand it on"));
    openPreset = add({}, tr("Open prese&t file…"), QStringLiteral("Ctrl+Shift+O"),
                     tr("Add a preset from a file to your own"));
}

void WindowActions::makeThemeMenu()
{
    m_themeMenu = new QMenu(tr("&Theme"), m_window);
    m_themes = new QActionGroup(this);
    for (const auto &[theme, text] :
         {std::pair(Theme::System, tr("Follow &system")), std::pair(Theme::Light, tr("&Light")),
          std::pair(Theme::Dark, tr("&Dark"))})
    {
        QAction *action = m_themeMenu->addAction(text);
        action->setCheckable(true);
        action->setData(static_cast<int>(theme));
        m_themes->addAction(action);
    }
    connect(m_themes, &QActionGroup::triggered, this,
            [this](QAction *action) { Q_EMIT themeChosen(static_cast<Theme>(action->data().toInt())); });
}

QMenu *WindowActions::addMenu(const QString &title, const QString &keys)
{
    QMenu *made = m_mainMenu->addMenu(title);
    auto *shortcut = new QShortcut(QKeySequence(keys), m_window);
    connect(shortcut, &QShortcut::activated, this, [this, made] { openMenu(made); });
    return made;
}

void WindowActions::makeMainMenu()
{
    m_mainMenu = new QMenu(m_window);
    m_mainMenu->setObjectName(QStringLiteral("mainMenu"));
    QMenu *file = addMenu(tr("&File"), QStringLiteral("Alt+F"));
    file->addActions({showLibrary, openRun, openRunFolder});
    file->addSeparator();
    file->addActions({savePreset, deletePreset, exportPreset, openPreset});
    file->addSeparator();
    file->addActions({exportChart, exportAll});
    QMenu *edit = addMenu(tr("&Edit"), QStringLiteral("Alt+E"));
    edit->addActions({undo, redo});
    edit->addSeparator();
    edit->addAction(copyChart);
    QMenu *training = addMenu(tr("&Run"), QStringLiteral("Alt+R"));
    training->addActions({run, pause, stop});
    training->addSeparator();
    training->addActions({goOn, trainLonger});
    training->addSeparator();
    training->addActions({addToQueue, queueAll, startQueue, showQueue});
    QMenu *view = addMenu(tr("&View"), QStringLiteral("Alt+V"));
    view->addActions({enlarge, logY});
    view->addSeparator();
    view->addActions({showExperiments, showSettings});
    view->addMenu(m_themeMenu);
    QMenu *helpMenu = addMenu(tr("&Help"), QStringLiteral("Alt+H"));
    helpMenu->addActions({help, comparison, shortcuts});
    helpMenu->addSeparator();
    helpMenu->addAction(about);
    m_mainMenu->addSeparator();
    m_mainMenu->addAction(quit);
    connect(menu, &QAction::triggered, this, [this] { openMenu(nullptr); });
}

/// By the keyboard: with the first entry chosen, of a submenu where one is meant.
void WindowActions::openMenu(QMenu *submenu)
{
    m_mainMenu->popup(m_menuButton->mapToGlobal(QPoint(0, m_menuButton->height())));
    if (submenu)
        m_mainMenu->setActiveAction(submenu->menuAction());
    QKeyEvent down(QEvent::KeyPress, Qt::Key_Down, Qt::NoModifier); // opens no further submenu
    QCoreApplication::sendEvent(submenu ? submenu : m_mainMenu, &down);
}

void WindowActions::setTheme(Theme theme)
{
    m_themes->actions()[static_cast<int>(theme)]->setChecked(true);
}

QString WindowActions::shortcutList() const
{
    QString rows;
    const auto row = [&rows](const QString &keys, const QString &text) {
        rows += QStringLiteral(
                    "<tr><td style='padding: 2px 24px 2px 0'>%1</td><td style='padding: 2px 0'>%2</td></tr>")
                    .arg(keys.toHtmlEscaped(), text.toHtmlEscaped());
    };
    const auto part = [&rows](const QString &title) {
        rows += QStringLiteral("<tr><td colspan='2' style='padding: 12px 0 2px 0'><b>%1</b></td></tr>")
                    .arg(title.toHtmlEscaped());
    };
    part(tr("Everywhere"));
    for (const QAction *action : m_window->actions())
        if (!action->shortcut().isEmpty())
            row(action->shortcut().toString(QKeySequence::NativeText), action->iconText());
    row(tr("Ctrl+1 … Ctrl+9"), tr("Choose an experiment, counted from the top"));
    row(tr("Alt+F, E, R, V, H"), tr("Open a menu: File, Edit, Run, View, Help"));
    row(tr("Alt+P, Alt+D"), tr("Go to the preset or the device"));
    row(tr("Tab, Shift+Tab"), tr("Next or previous field, button or chart"));
    part(tr("In the queue"));
    row(tr("Alt+Up, Alt+Down"), tr("Run the chosen one earlier or later"));
    row(tr("Delete, Ctrl+Z"), tr("Take it out, put back"));
    row(tr("Return"), tr("Open a run that has ended"));
    part(tr("In the list of runs"));
    row(tr("Return"), tr("Open the chosen run, from the search the first"));
    row(tr("F2, Ctrl+D"), tr("Name and notes, star"));
    row(tr("Delete, Ctrl+Z"), tr("Move it to the trash, take it out again"));
    part(tr("In a list of networks"));
    row(tr("Insert, Ctrl+D, Delete"), tr("Add a network, copy or remove the chosen one"));
    row(tr("Alt+Up, Alt+Down"), tr("Move it"));
    row(tr("Return"), tr("Write into the cell"));
    part(tr("In a chart"));
    row(tr("Return"), tr("Enlarge it, or show all again"));
    row(tr("Esc"), tr("Back to all charts"));
    row(tr("Left, Right, Up, Down"), tr("Move the view"));
    row(tr("+, −"), tr("Zoom in or out"));
    row(tr("Home"), tr("Reset the view"));
    row(tr("Ctrl+Left, Ctrl+Right"), tr("Read the values at the previous or next point"));
    row(tr("1 … 9"), tr("Show or hide a series, in the order of the legend"));
    row(tr("Menu, Shift+F10"), tr("The chart's menu"));
    part(tr("In a field"));
    row(tr("Ctrl+Shift+Backspace"), tr("Back to the preset's value"));
    row(tr("Up, Down"), tr("Step a number up or down"));
    part(tr("In results and tables"));
    row(tr("Ctrl+C"), tr("Copy"));
    row(tr("Ctrl+Shift+S"), tr("Sort a table by the column of the chosen cell: ascending, descending, not"));
    row(tr("Menu, Shift+F10"), tr("Copy in other forms, export"));
    return QStringLiteral("<table>%1</table>").arg(rows);
}

} // namespace losslab::ui
