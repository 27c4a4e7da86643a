#pragma once

#include "lab/namedpreset.h"
#include "ui/theme.h"

#include <QObject>
#include <vector>

class QAction;
class QActionGroup;
class QComboBox;
class QKeySequence;
class QLabel;
class QMainWindow;
class QMenu;
class QShortcut;
class QToolBar;
class QToolButton;

namespace losslab::ui {

class PresetBox;

/// Everything the window can be asked to do, with its shortcut; the toolbar and the menu that offer it.
class WindowActions : public QObject
{
    Q_OBJECT

public:
    explicit WindowActions(QMainWindow *window);

    QAction *run;
    QAction *pause; ///< or resume
    QAction *stop;
    QAction *goOn; ///< with the run that is shown
    QAction *trainLonger;
    QAction *addToQueue;
    QAction *queueAll;
    QAction *startQueue; ///< or pause it
    QAction *showQueue;
    QAction *exportChart;
    QAction *exportAll;
    QAction *copyChart;
    QAction *openRun;
    QAction *showLibrary;
    QAction *openRunFolder;
    QAction *savePreset;
    QAction *deletePreset;
    QAction *exportPreset;
    QAction *openPreset;
    QAction *undo; ///< of settings
    QAction *redo;
    QAction *enlarge;
    QAction *logY;
    QAction *showExperiments;
    QAction *showSettings;
    QAction *help;
    QAction *comparison;
    QAction *shortcuts;
    QAction *about;
    QAction *menu; ///< opens the main menu
    QAction *quit;

    QToolBar *toolBar() const { return m_toolBar; }

    PresetBox &presets() { return *m_preset; }
    /// Which one is chosen. It may be one that is there no longer.
    void setPreset(const NamedPreset &preset);
    Device device() const;
    void setDevice(Device device);
    void setTheme(Theme theme);
    /// Which of the two ways to go on with a run the toolbar has.
    void offerToGoOn(QAction &way);
    /// Leaves out of the toolbar what is said by icons as well, where the window is narrow.
    void fitToolBar(int width);
    /// "Ctrl+R  Run" …: a line a key, those of charts and fields as well. HTML.
    QString shortcutList() const;

Q_SIGNALS:
    void presetChosen(const QString &name);
    void deviceChosen();
    void themeChosen(losslab::ui::Theme theme);
    void experimentChosen(int number); ///< Ctrl+1 … Ctrl+9

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool isWindowsKey(const QKeySequence &keys) const;
    QAction *add(const QString &icon, const QString &text, const QString &shortcut, const QString &tip);
    void makeActions();
    void makeQueueActions();
    void makePresetActions();
    void makeThemeMenu();
    void makeToolBar();
    void addGoOn();
    void addPreset();
    void addDevice();
    void addLabel(QLabel *label, QWidget *buddy);
    QToolButton *addButton(QAction *action, Qt::ToolButtonStyle style);
    QToolButton *addMenuButton(const QString &icon, const QString &text, QMenu *menu,
                               Qt::ToolButtonStyle style);
    void makeMainMenu();
    QMenu *addMenu(const QString &title, const QString &keys);
    void openMenu(QMenu *submenu);
    void setCompact(bool compact);

    QMainWindow *m_window;
    QToolBar *m_toolBar = nullptr;
    PresetBox *m_preset = nullptr;
    QComboBox *m_device = nullptr;
    QMenu *m_mainMenu = nullptr;
    QToolButton *m_menuButton = nullptr;
    QToolButton *m_goOnButton = nullptr;
    std::vector<QToolButton *> m_wordy; ///< with their text where there is room for it
    std::vector<QAction *> m_toolBarLabels;
    std::vector<QShortcut *> m_labelKeys; ///< in place of labels that are not seen
    int m_fullWidth = 0;                  ///< of the toolbar with all texts
    QMenu *m_themeMenu = nullptr;
    QActionGroup *m_themes = nullptr;
};

} // namespace losslab::ui
