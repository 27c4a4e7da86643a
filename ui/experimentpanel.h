#pragma once

#include "ui/banner.h"
#include "ui/runcontroller.h"

#include <QWidget>
#include <functional>
#include <memory>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace losslab {
class Experiment;
} // namespace losslab

namespace losslab::ui {

class Banner;
class ChartGrid;
class Details;
class FiguresView;
class ParameterForm;
class RunLine;

/// The middle of the window for one experiment: charts, and beneath them results, tables, log and help, all
/// made from its declaration. It keeps the experiment's form and its last run.
class ExperimentPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ExperimentPanel(std::unique_ptr<Experiment> experiment, QWidget *parent = nullptr);
    ~ExperimentPanel() override;

    const Experiment &experiment() const { return *m_experiment; }
    QString title() const;
    RunController &controller() const { return *m_controller; }
    ParameterForm &form() { return *m_form; }
    ChartGrid &charts() { return *m_charts; }
    Banner &banner() { return *m_banner; }
    /// A message that answers what was asked with the settings in the form: it ends with their next change.
    void tellOfSettings(Banner::Kind kind, const QString &text, const QString &action = {},
                        std::function<void()> run = {});
    /// Something that was asked for has been done: that something before it could not be is over.
    void forgetFailure();
    FiguresView &results();
    /// Charts above, details beneath.
    QSplitter &splitter() { return *m_splitter; }
    /// Brings the border between them to where a person has put it; of no state it changes nothing.
    void restoreRows(const QByteArray &state);
    void showHelp();
    void showLog();

    /// Starts what the form says; where that cannot be, the banner says why.
    void start(Device device);
    /// The same with other settings, which the form does not take. Error: as the banner says.
    Result<void> start(const RunSpec &spec);
    /// Goes on with a run in its folder. Error: why it cannot; the banner does not say so.
    void continueRun(const std::filesystem::path &folder, std::function<void(Result<void>)> told);
    /// Goes on with the run that is shown, see RunController::goOn(); where that cannot be, the banner says
    /// why.
    void goOn(std::int64_t moreEpochs);
    /// Loads the newest run there is, once; unless a run has been started or opened by then.
    void loadNewestRun();
    /// Shows a run, and its settings in the form.
    void open(RunRecord record);
    /// Whether Run can be pressed now; the reason where not goes to the button's tooltip.
    void setRunnable(bool runnable, const QString &reason);

Q_SIGNALS:
    void runRequested();
    void tableExportRequested(const std::string &table); ///< its id
    void resultsExportRequested();
    void told(const QString &message); ///< of something that was done
    void stateChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeEmptyPage();
    QWidget *makeWords(QWidget *parent);
    QLayout *makeRunButtons(QWidget *parent);
    void fitDetails();
    void showState();
    void showBanner();
    QString trouble() const;
    void followHelp();
    void showRunLine();
    void offerUndo(const QString &what, int settings);
    void showLeftOut(const std::vector<std::string> &sentences);
    void refresh();
    void showFigures();
    void appendLog();
    QString caption() const;

    std::unique_ptr<Experiment> m_experiment;
    RunController *m_controller;
    ParameterForm *m_form;
    Banner *m_banner;
    RunLine *m_runLine;
    QStackedWidget *m_stack;
    ChartGrid *m_charts;
    Details *m_details;
    QSplitter *m_splitter;
    QPushButton *m_run = nullptr;
    QPushButton *m_quick = nullptr;
    QString m_ofSettings; ///< messages that the banner takes back
    QString m_trouble;
    bool m_fitsDetails = true;
    QList<int> m_withoutHelp; ///< the rows' heights before the help was shown; empty where it is not
    std::size_t m_logged = 0;
    int m_generation = 0;
    bool m_loadedNewest = false;
    bool m_formFollows = false; ///< it had the settings of the run that is to go on
};

} // namespace losslab::ui
