#include "app/chartfiles.h"
#include "app/commands/commands.h"
#include "app/figurestable.h"
#include "app/output.h"
#include "app/progressdisplay.h"
#include "app/specarguments.h"
#include "base/platform.h"
#include "lab/experiment.h"
#include "lab/runsettings.h"
#include "runs/runlibrary.h"
#include "runs/runner.h"

#include <atomic>
#include <memory>

namespace losslab::app {

namespace {

struct RunArguments
{
    SpecArguments spec;
    std::string threads, device; ///< empty: as standard
    std::string out;
    std::string formats = standardChartFormats();
    std::string spread;
};

/// With the machine that it is to run on.
Result<RunSpec> wholeSpec(const RunArguments &arguments, Experiment &experiment)
{
    auto spec = specOf(arguments.spec, experiment);
    if (!spec)
        return spec;
    const auto threads = parsedOption(threadsSetting(), arguments.threads);
    const auto device = parsedOption(deviceSetting(), arguments.device);
    for (const auto &setting : {threads, device})
        if (!setting)
            return tl::unexpected(setting.error());
    spec->threads = static_cast<int>(std::get<std::int64_t>(*threads));
    spec->device = *deviceFromName(std::get<std::string>(*device));
    return spec;
}

struct Followed
{
    RunData data;   ///< all that the run has said
    StateEvent end; ///< the last of it
};

/// Shows how the run goes until it has ended, or been stopped at an interrupt.
Followed follow(Runner &runner, const Experiment &experiment, const std::atomic<bool> &interrupted)
{
    Followed run{RunData(experiment, runner.spec()), {}};
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

Result<int> run(const RunArguments &arguments)
{
    const auto experiment = experimentNamed(arguments.spec.experiment, "run");
    if (!experiment)
        return tl::unexpected(experiment.error());
    const Result<RunSpec> spec = wholeSpec(arguments, **experiment);
    if (!spec)
        return tl::unexpected(spec.error());
    const auto formats = parseChartFormats(arguments.formats);
    if (!formats)
        return tl::unexpected(formats.error());

    const auto spread = parseSpread(arguments.spread);
    if (!spread)
        return tl::unexpected(spread.error());

    const auto interrupted = std::make_shared<std::atomic<bool>>(false);
    platform::onInterrupt([interrupted] { *interrupted = true; });
    const std::filesystem::path folder =
        arguments.out.empty() ? freshRunFolder(*spec) : std::filesystem::path(arguments.out);
    const auto runner = Runner::start(*spec, {folder});
    if (!runner) {
        if (arguments.out.empty())
            (void)platform::removeEmptyFolder(folder);
        return tl::unexpected(runner.error());
    }
    tell("{}\n", caption((*runner)->spec(), **experiment));
    const Followed followed = follow(**runner, **experiment, *interrupted);

    const RunSpec &done = (*runner)->spec();
    Result<std::vector<std::filesystem::path>> charts;
    if ((*runner)->isKept()) { // else there is no run that they could be of
        if (!formats->empty())
            charts = writeCharts(**experiment, done, followed.data,
                                 {*formats, {}, {}, *spread, folder / "charts", folder / "tables", folder});
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
    return exitcode::stopped;
}

} // namespace

void addRun(CLI::App &program, Result<int> &outcome)
{
    const auto arguments = std::make_shared<RunArguments>();
    CLI::App *command = program.add_subcommand("run", "Run an experiment and save its results");
    addExperiment(*command, arguments->spec);
    addSettings(*command, arguments->spec);
    command
        ->add_option("--device", arguments->device,
                     "Where to train: cpu, cuda (an NVIDIA GPU), or auto: the GPU, if there is one, for "
                     "experiments with images, else the CPU (auto)")
        ->type_name("NAME");
    command->add_option("--threads", arguments->threads, "How many cores to use (all)")->type_name("N");
    command
        ->add_option("--out", arguments->out,
                     "New folder for the run (one named after the time, where LossLab keeps runs)")
        ->type_name("DIR");
    command
        ->add_option(
            "--spread", arguments->spread,
            "How charts show several seeds: the median with quartiles and range, the mean ± standard "
            "deviation, or every seed (median for functions and on logarithmic axes, else mean)")
        ->type_name("median|mean|seeds");
    command
        ->add_option("--charts", arguments->formats,
                     "File formats of the charts: any of png,svg,csv, or none (" + arguments->formats + ")")
        ->type_name("FORMATS");
    command->footer(
        "Progress is printed to standard error. The final figures are printed to standard output, and the\n"
        "run's folder as the last line. Ctrl+C stops the run and keeps everything so far.\n"
        "\nExit codes: 0 done, 1 the run failed, 2 wrong use, 3 a problem with data or files, 130 stopped.\n"
        "\nExamples:\n"
        "  losslab run function-fit\n"
        "  losslab run gradient-norm --set hidden=200 --set lr=0.002 --seed 7\n"
        "  losslab run cnn-mnist --preset quick --data fashion-mnist\n"
        "  losslab run cnn-mnist --repeats 5 --charts svg,csv --out runs/cnn");
    command->callback([arguments, &outcome] { outcome = run(*arguments); });
}

} // namespace losslab::app
