#include "app/followrun.h"

#include "app/commands/commands.h"
#include "app/figurestable.h"
#include "app/output.h"
#include "app/progressdisplay.h"
#include "app/text.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "runs/runner.h"

namespace losslab::app {

namespace {

struct Followed
{
    RunData data;   ///< all that the run has said
    StateEvent end; ///< the last of it
};

/// Shows how the run goes until it has ended, or been stopped at an interrupt.
Followed follow(Runner &runner, const std::atomic<bool> &interrupted)
{
    Followed run{runner.kept(), {}};
    ProgressDisplay display;
    bool stopping = false;
    while (!isEnded(run.end.state)) {
        for (const Event &event : runner.waitTake(std::chrono::milliseconds(100))) {
            run.data.apply(event);
            if (const auto *progress = std::get_if<ProgressEvent>(&event); progress && !stopping)
                display.show(*progress);
            if (const auto *note = std::get_if<NoteEvent>(&event))
                display.note(note->text);
            if (const auto *state = std::get_if<StateEvent>(&event))
                run.end = *state;
        }
        if (interrupted && !stopping) {
            stopping = true;
            runner.stop();
            display.note("Stopping at the next batch.");
        }
    }
    return run;
}

} // namespace

void addCharts(CLI::App &command, ChartArguments &arguments)
{
    command
        .add_option("--spread", arguments.spread,
                    "How charts show several seeds: the median with quartiles and range, the mean ± standard "
                    "deviation, or every seed (median for functions and on logarithmic axes, else mean)")
        ->type_name("median|mean|seeds");
    command
        .add_option("--charts", arguments.formats,
                    "File formats of the charts: any of png,svg,csv, or none (" + arguments.formats + ")")
        ->type_name("FORMATS");
}

Result<ChartChoice> chartChoice(const ChartArguments &arguments)
{
    auto formats = parseChartFormats(arguments.formats);
    if (!formats)
        return tl::unexpected(formats.error());
    const auto spread = parseSpread(arguments.spread);
    if (!spread)
        return tl::unexpected(spread.error());
    return ChartChoice{std::move(*formats), *spread};
}

std::shared_ptr<std::atomic<bool>> onInterruptSet()
{
    const auto interrupted = std::make_shared<std::atomic<bool>>(false);
    platform::onInterrupt([interrupted] { *interrupted = true; });
    return interrupted;
}

Result<int> followToEnd(Runner &runner, const ChartChoice &choice, const std::atomic<bool> &interrupted)
{
    const auto experiment = makeExperiment(runner.spec().experiment);
    if (!experiment)
        return tl::unexpected(experiment.error());
    tell("{}\n", caption(runner.spec(), **experiment));
    const Followed followed = follow(runner, interrupted);

    const RunSpec &done = runner.spec();
    const std::filesystem::path &folder = runner.folder();
    Result<std::vector<std::filesystem::path>> charts;
    if (runner.isKept()) { // else there is no run that they could be of
        if (!choice.formats.empty())
            charts = writeCharts(
                **experiment, done, followed.data,
                {choice.formats, {}, {}, choice.spread, folder / "charts", folder / "tables", folder});
        print("{}", figuresTable(**experiment, done, followed.data));
        printPath(folder);
    }
    if (followed.end.state == RunState::Failed)
        return tl::unexpected(Error{followed.end.kind, followed.end.message});
    if (!charts)
        return tl::unexpected(charts.error());
    if (followed.end.state == RunState::Finished)
        return exitcode::done;
    tell("{}\n", followed.end.message);
    if (runner.isKept())
        tell("To go on: losslab resume {}\n", shellWord(folder.string()));
    return exitcode::stopped;
}

} // namespace losslab::app
