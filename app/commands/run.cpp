#include "app/commands/commands.h"
#include "app/followrun.h"
#include "app/specarguments.h"
#include "base/platform.h"
#include "lab/experiment.h"
#include "lab/runsettings.h"
#include "runs/runlibrary.h"
#include "runs/runner.h"

#include <memory>

namespace losslab::app {

namespace {

struct RunArguments
{
    SpecArguments spec;
    std::string threads, device; ///< empty: as standard
    std::string out;
    ChartArguments charts;
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

Result<int> run(const RunArguments &arguments)
{
    const auto experiment = experimentNamed(arguments.spec.experiment, "run");
    if (!experiment)
        return tl::unexpected(experiment.error());
    const Result<RunSpec> spec = wholeSpec(arguments, **experiment);
    if (!spec)
        return tl::unexpected(spec.error());
    const auto charts = chartChoice(arguments.charts);
    if (!charts)
        return tl::unexpected(charts.error());

    const auto interrupted = onInterruptSet();
    const std::filesystem::path folder =
        arguments.out.empty() ? freshRunFolder(*spec) : std::filesystem::path(arguments.out);
    const auto runner = Runner::start(*spec, {folder});
    if (!runner) {
        if (arguments.out.empty())
            (void)platform::removeEmptyFolder(folder);
        return tl::unexpected(runner.error());
    }
    return followToEnd(**runner, *charts, *interrupted);
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
    addCharts(*command, arguments->charts);
    command->footer(
        "Progress is printed to standard error. The final figures are printed to standard output, and the\n"
        "run's folder as the last line. Ctrl+C stops the run and keeps everything so far; losslab resume "
        "goes on.\n"
        "\nExit codes: 0 done, 1 the run failed, 2 wrong use, 3 a problem with data or files, 130 stopped.\n"
        "\nExamples:\n"
        "  losslab run function-fit\n"
        "  losslab run gradient-norm --set hidden=200 --set lr=0.002 --seed 7\n"
        "  losslab run cnn-mnist --preset quick --data fashion-mnist\n"
        "  losslab run cnn-mnist --repeats 5 --charts svg,csv --out runs/cnn");
    command->callback([arguments, &outcome] { outcome = run(*arguments); });
}

} // namespace losslab::app
