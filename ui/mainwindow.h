#pragma once

#include "runs/presetlibrary.h"
#include "ui/exportdialog.h"
#include "ui/theme.h"

#include <QMainWindow>
#include <QPointer>
#include <QSettings>
#include <QTimer>
#include <QUrl>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

class QSplitter;
class QStackedWidget;

namespace losslab {
struct QueuedRun;
}

namespace losslab::ui {

class Banner;
class ExperimentList;
class ExperimentPanel;
class LibraryDialog;
class QueueController;
class QueueDialog;
class RunController;
struct QueueOutcome;
class StatusFooter;
class WindowActions;

/// Experiments at the left, the chosen one's panel in the middle, its settings at the right. One run trains
/// at a time.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow();
    ~MainWindow() override;

    /// Chooses the experiment of that id, or the first.
    void select(const std::string &id);
    /// Reads the run in the background and shows it.
    void openRun(const std::filesystem::path &folder);
    /// Adds the preset in a file to the person's own, goes to its experiment and chooses it there.
    void openPreset(const std::filesystem::path &file);
    /// A run's folder or a preset's file.
    void open(const std::filesystem::path &path);
    ExperimentPanel &currentPanel();
    /// The one whose run is going on, or nullptr.
    ExperimentPanel *trainingPanel() const;
    WindowActions &actions() { return *m_actions; }
    QueueController &queue() { return *m_queue; }
    void setTheme(Theme theme);
    /// Closes without a question; a run that is going on is stopped first, and its folder completed.
    void end();

    /// In place of the message box: whether to stop the training and close.
    void setCloseQuestion(std::function<bool()> question) { m_closeQuestion = std::move(question); }

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void build();
    void connectActions();
    void restore();
    void save();
    void remember(const char *key, const QVariant &value);
    void writeSettings();
    ExperimentPanel &panel(const std::string &id);
    void showPanel(const std::string &id);
    void run();
    void togglePause();
    void stop();
    QString whyNotGoOn(bool longer);
    void goOn();
    void trainLonger();
    void updateGoOnActions();
    void update(const ExperimentPanel &panel);
    void updateRunActions();
    void updateChartActions();
    QString whyNotRun();
    void exportChart();
    void exportAll();
    void exportResults();
    void writeResults(const std::filesystem::path &file);
    void openExport(const std::string &preselected);
    void writeExport(const ExportRequest &request);
    void copyChart();
    void openRunFolder();
    void openFolder(const std::filesystem::path &folder);
    void chooseRun();
    void refreshPresets();
    void choosePreset(const QString &name);
    void askPresetName();
    void savePreset(const OwnPreset &preset);
    void deletePreset(std::string name);
    void tellDone(const QString &text, const QString &linkText = {}, const QUrl &link = {});
    void undeletePreset(const OwnPreset &preset, bool wasChosen);
    void exportPreset();
    void choosePresetFile();
    void setUpQueue();
    void beginQueued(const QueuedRun &run, const std::function<void(Result<RunController *>)> &begun);
    void offerQueue();
    void addToQueue();
    void queueAll();
    void addRuns(std::vector<RunSpec> specs);
    void showQueue();
    void openQueued(std::int64_t id);
    void updateQueue();
    QString queueText() const;
    void tellQueueEnded(const QueueOutcome &outcome);
    void showLibrary();
    bool useSettingsOf(const std::filesystem::path &folder);
    void showComparison();
    void showShortcuts();
    void showAbout();
    void showPage(const QString &title, QWidget *view);
    bool askClose();

    QSettings m_settings;
    QTimer m_settingsTimer; ///< writes what has changed
    bool m_toldUnwritable = false;
    WindowActions *m_actions;
    ExperimentList *m_list;
    QSplitter *m_columns;
    QStackedWidget *m_panelStack;
    QStackedWidget *m_formStack;
    StatusFooter *m_footer;
    Banner *m_queueBanner; ///< whatever experiment is looked at
    QueueController *m_queue = nullptr;
    QPointer<QueueDialog> m_queueDialog;
    QPointer<LibraryDialog> m_libraryDialog;
    std::map<std::string, ExperimentPanel *> m_panels;
    std::vector<OwnPreset> m_presets;       ///< of the person, for the experiment chosen
    std::set<std::string> m_toldUnreadable; ///< sentences about files of presets
    std::function<bool()> m_closeQuestion;
    bool m_closing = false;
};

} // namespace losslab::ui
