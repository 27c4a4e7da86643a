#include "app/chartfiles.h"
#include "app/commands/commands.h"
#include "app/figurestable.h"
#include "app/output.h"
#include "app/progressdisplay.h"
#include "app/text.h"
#include "base/platform.h"
#include "data/dataset.h"
#include "experiments/registry.h"
#include "lab/runsettings.h"
#include "runs/runlibrary.h"
#include "runs/runner.h"

#include <atomic>
#include <map>
#include <memory>

namespace losslab::app {

namespace {

struct RunArguments
{
    std::string experiment;
    std::string preset = "report";
    std::vector<std::string> settings;
    std::string seed, repeats, threads; ///< empty: as standard
    std::string device;                 ///< empty: the standard
    std::string data = RunSpec().data;
    std::string out;
    std::string formats = standardChartFormats();
    std::string spread;
};

Result<std::unique_ptr<Experiment>> experimentNamed(const std::string &id)
{
    if (!id.empty())
        return makeExperiment(id);
    std::vector<std::string> ids;
    for (const ExperimentFactory make : registry())
        ids.push_back(make()->info().id);
    return usageError(fmt::format("losslab run needs an EXPERIMENT, one of {}.", fmt::join(ids, ", ")));
}

/// Puts KEY=VALUE into the spec, and has the experiment refuse what it does not take.
Result<void> applySettings(const std::vector<std::string> &settings, Experiment &experiment, RunSpec &spec)
{
    for (const std::string &setting : settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos)
            return usageError(
                fmt::format("--set takes KEY=VALUE, as in --set epochs=100, not “{}”.", setting));
        const std::string key = setting.substr(0, equals);
        const std::string text = setting.substr(equals + 1);
        if (Value *value = spec.find(key)) {
            const Result<Value> parsed = experiment.findParameter(key)->info().parse(text);
            if (!parsed)
                return usageError("--set: " + parsed.error().message);
            *value = *parsed;
        } else {
            spec.parameters.emplace_back(key, text);
        }
    }
    return applyParameters(spec, experiment);
}

/// What was given to the option of that name; its standard where nothing was.
Result<Value> parsed(const ParameterInfo &setting, const std::string &text)
{
    const Result<Value> value = text.empty() ? Result<Value>(setting.report) : setting.parse(text);
    return value ? value : usageError("--" + value.error().message);
}

Result<RunSpec> specOf(const RunArguments &arguments, Experiment &experiment)
{
    const auto preset = presetFromName(arguments.preset);
    if (!preset)
        return usageError("--preset: " + preset.error().message);
    if (!experiment.offers(*preset))
        return usageError(fmt::format("--preset: {} has no {} preset, since {}. Leave --preset out.",
                                      experiment.info().id, arguments.preset,
                                      *preset == Preset::Quick
                                          ? "its report preset takes a few seconds"
                                          : "the assignment's slides ask for nothing else"));
    const auto data = chooseDataset(arguments.data);
    if (!data)
        return tl::unexpected(Error{data.error().kind, "--data: " + data.error().message});
    if (experiment.info().needsImages)
        if (const auto images = surveyDataset(*data)) // else the runner says why not
            experiment.setImages(*images);
    RunSpec spec = makeSpec(experiment, *preset);
    if (const auto applied = applySettings(arguments.settings, experiment, spec); !applied)
        return tl::unexpected(applied.error());
    takeParameters(experiment, spec);

    const auto seed = parsed(seedSetting(), arguments.seed);
    const auto repeats = parsed(repeatsSetting(spec.repeats), arguments.repeats);
    const auto threads = parsed(threadsSetting(), arguments.threads);
    const auto device = parsed(deviceSetting(), arguments.device);
    for (const auto &setting : {seed, repeats, threads, device})
        if (!setting)
            return tl::unexpected(setting.error());
    spec.data = *data;
    spec.seed = static_cast<std::uint64_t>(std::get<std::int64_t>(*seed));
    spec.repeats = static_cast<int>(std::get<std::int64_t>(*repeats));
    spec.threads = static_cast<int>(std::get<std::int64_t>(*threads));
    spec.device = *deviceFromName(std::get<std::string>(*device));
    return spec;
}

/// "; 5 for function-fit and gradient-norm": those that train several seeds as standard.
std::string severalRepeats()
{
    std::map<int, std::vector<std::string>> ids;
    for (const ExperimentFactory make : registry())
        if (const auto experiment = make(); experiment->info().repeats > 1)
            ids[experiment->info().repeats].push_back(experiment->info().id);
    std::string text;
    for (const auto &[repeats, several] : ids)
        text += fmt::format("; {} for {}", repeats, fmt::join(several, " and "));
    return text;
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
    const auto experiment = experimentNamed(arguments.experiment);
    if (!experiment)
        return tl::unexpected(experiment.error());
    const Result<RunSpec> spec = specOf(arguments, **experiment);
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
        std::error_code notEmpty;
        if (arguments.out.empty())
            std::filesystem::remove(folder, notEmpty);
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
    command
        ->add_option("EXPERIMENT", arguments->experiment, "Name of an experiment, as losslab list shows it")
        ->type_name("");
    command
        ->add_option("--preset", arguments->preset,
                     "report: the published settings; quick: a shorter version, at most a minute; slides: "
                     "what the assignment "
                     "asks for (report)")
        ->type_name("NAME");
    command
        ->add_option("--set", arguments->settings,
                     "Set a parameter that losslab list shows; may be given several times")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    command->add_option("--seed", arguments->seed, "The first seed (1)")->type_name("N");
    command
        ->add_option("--repeats", arguments->repeats,
                     "How many seeds to train with, counted up from --seed (1" + severalRepeats() + ")")
        ->type_name("N");
    command
        ->add_option("--device", arguments->device,
                     "Where to train: cpu, cuda (an NVIDIA GPU), or auto: the GPU, if there is one, for "
                     "experiments with images, else the CPU (auto)")
        ->type_name("NAME");
    command->add_option("--threads", arguments->threads, "How many cores to use (all)")->type_name("N");
    command
        ->add_option(
            "--data", arguments->data,
            "Data set for experiments with images: a name that losslab list shows, downloaded if necessary, "
            "or a folder with its files ("
                + arguments->data + ")")
        ->type_name("NAME|DIR");
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
