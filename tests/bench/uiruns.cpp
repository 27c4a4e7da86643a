#include "tests/bench/uirows.h"

#include "base/platform.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/rundata.h"
#include "runs/runner.h"
#include "tests/runtoend.h"
#include "ui/charts/chartcanvas.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QHash>
#include <QTemporaryDir>
#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace losslab::bench {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Taken
{
    double seconds = 0;
    double following = 0; ///< processor seconds of the thread that follows the run
};

/// As a command follows a run.
Result<Taken> runClosed(const RunSpec &spec)
{
    QTemporaryDir folder;
    const auto start = Clock::now();
    const double before = platform::threadSeconds();
    const auto experiment = makeExperiment(spec.experiment);
    auto runner = Runner::start(spec, {.folder = folder.filePath("run").toStdString()});
    if (!runner)
        return tl::unexpected(runner.error());
    RunData data(**experiment);
    test::runToEnd(**runner, data);
    if (data.state() != RunState::Finished)
        return tl::unexpected(Error{ErrorKind::Training, data.stateMessage()});
    return Taken{secondsSince(start), platform::threadSeconds() - before};
}

Result<Taken> runInWindow(ui::MainWindow &window, const RunSpec &spec)
{
    window.select(spec.experiment);
    ui::ExperimentPanel &panel = window.currentPanel();
    panel.form().setSpec(spec);
    QApplication::processEvents();
    const auto start = Clock::now();
    const double before = platform::threadSeconds();
    window.actions().run->trigger();
    while (panel.controller().isActive())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    const ui::RunController &run = panel.controller();
    if (run.state() != RunState::Finished)
        return tl::unexpected(Error{ErrorKind::Training, run.message()});
    return Taken{secondsSince(start), platform::threadSeconds() - before};
}

/// The spec with as many epochs as take about so many seconds here.
Result<RunSpec> lasting(double seconds, RunSpec spec, std::int64_t epochsForTrial)
{
    *spec.find("epochs") = epochsForTrial;
    const auto warmUp = runClosed(spec);
    const auto trial = warmUp ? runClosed(spec) : warmUp;
    if (!trial)
        return tl::unexpected(trial.error());
    *spec.find("epochs") = std::int64_t(double(epochsForTrial) * std::max(1.0, seconds / trial->seconds));
    return spec;
}

/// Without and with the panel, in turn.
Result<std::vector<Row>> measurePairs(const RunSpec &spec, int pairs)
{
    const std::string name = spec.experiment;
    Row slower{fmt::format("{}, run with its panel open: slower by", name), "%", {}, 3};
    Row share{fmt::format("{}, the window's thread: share of a core", name), "%", {}, 10};
    Row length{fmt::format("{}, length of the run without the window", name), "s", {}};
    ui::MainWindow window;
    window.resize(1366, 768);
    window.show();
    for (int i = 0; i < pairs; ++i) {
        window.hide();
        const auto closed = runClosed(spec);
        window.show();
        const auto open = closed ? runInWindow(window, spec) : closed;
        if (!open)
            return tl::unexpected(open.error());
        slower.samples.push_back(100 * (open->seconds / closed->seconds - 1));
        share.samples.push_back(100 * open->following / open->seconds);
        length.samples.push_back(closed->seconds);
    }
    return std::vector{slower, share, length};
}

/// How often a panel's charts are painted with something in them.
class Movement : public QObject
{
public:
    explicit Movement(ui::ExperimentPanel &panel)
    {
        for (ui::ChartCanvas *canvas : panel.findChildren<ui::ChartCanvas *>())
            canvas->installEventFilter(this);
    }

    /// Presses Run and waits for the first such redraw, or for the run's end.
    Result<void> follow(ui::MainWindow &window, bool toTheEnd)
    {
        const ui::RunController &run = window.currentPanel().controller();
        m_start = Clock::now();
        window.actions().run->trigger();
        while (run.isActive() && (toTheEnd || redraws() == 0))
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        while (!toTheEnd && run.isActive()) {
            window.actions().stop->trigger();
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        QApplication::processEvents(); // the last redraw
        if (run.state() == RunState::Failed)
            return tl::unexpected(Error{ErrorKind::Training, run.message()});
        return {};
    }

    double seconds() const { return m_first; }
    /// Of the chart that is redrawn most often.
    int redraws() const { return m_counts.empty() ? 0 : *std::max_element(m_counts.begin(), m_counts.end()); }

private:
    bool eventFilter(QObject *object, QEvent *event) override
    {
        const auto *canvas = static_cast<ui::ChartCanvas *>(object);
        if (event->type() == QEvent::Paint && !canvas->drawing().empty()) {
            m_first = m_first < 0 ? secondsSince(m_start) : m_first;
            ++m_counts[object];
        }
        return false;
    }

    Clock::time_point m_start;
    double m_first = -1;
    QHash<QObject *, int> m_counts;
};

} // namespace

Result<std::vector<Row>> measureMovement()
{
    QTemporaryDir home;
    qputenv("LOSSLAB_HOME", home.path().toUtf8());
    std::vector<Row> rows;
    for (const ExperimentFactory make : registry()) {
        const auto experiment = make();
        ui::MainWindow window;
        window.resize(1366, 768);
        window.show();
        window.select(experiment->info().id);
        window.currentPanel().form().setSpec(makeSpec(*experiment, Preset::Quick));
        QApplication::processEvents();
        Movement movement(window.currentPanel());
        if (const auto followed = movement.follow(window, false); !followed)
            return tl::unexpected(followed.error());
        rows.push_back(
            {experiment->info().id + ", quick: Run to first movement", "s", {movement.seconds()}, 0.5});
    }
    ui::MainWindow window;
    window.resize(1366, 768);
    window.show();
    window.select("function-fit");
    QApplication::processEvents();
    Movement movement(window.currentPanel());
    if (const auto followed = movement.follow(window, true); !followed)
        return tl::unexpected(followed.error());
    rows.push_back({"function-fit, first run: Run to first movement", "s", {movement.seconds()}, 0.5});
    rows.push_back({"function-fit, first run: redraws", "", {double(movement.redraws())}});
    return rows;
}

Result<std::vector<Row>> measureRuns(const Settings &settings)
{
    QTemporaryDir home;
    qputenv("LOSSLAB_HOME", home.path().toUtf8());
    const double seconds = settings.quick ? 2 : 8;
    std::vector<Row> rows;
    for (const auto &[id, epochs] : {std::pair("function-fit", 500), std::pair("random-labels", 20)}) {
        const auto experiment = makeExperiment(id);
        RunSpec quick = makeSpec(**experiment, Preset::Quick);
        quick.repeats = 1;
        if (Value *function = quick.find("function"))
            *function = std::string("square");
        if (Value *rate = quick.find("lr-factor"))
            *rate = 1e-3; // so that no network converges before the last epoch
        const auto spec = lasting(seconds, quick, epochs);
        const auto measured =
            spec ? measurePairs(*spec, settings.quick ? 3 : 7) : tl::unexpected(spec.error());
        if (!measured)
            return measured;
        rows.insert(rows.end(), measured->begin(), measured->end());
    }
    return rows;
}

} // namespace losslab::bench
