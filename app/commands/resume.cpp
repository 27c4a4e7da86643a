#include "app/commands/commands.h"
#include "app/followrun.h"
#include "base/text.h"
#include "runs/runner.h"

#include <fmt/format.h>
#include <memory>

namespace losslab::app {

namespace {

struct ResumeArguments
{
    std::string folder;
    std::string epochs; ///< empty: as many as the run was to have
    ChartArguments charts;
};

Result<std::int64_t> moreEpochs(const std::string &text)
{
    if (text.empty())
        return 0;
    const auto number = readNumber<std::int64_t>(text);
    if (!number || *number < 1)
        return usageError(fmt::format("--epochs takes a whole number from 1 on, not “{}”.", text));
    return *number;
}

Result<int> resume(const ResumeArguments &arguments)
{
    if (arguments.folder.empty())
        return usageError("losslab resume needs a RUN-FOLDER.");
    const auto epochs = moreEpochs(arguments.epochs);
    if (!epochs)
        return tl::unexpected(epochs.error());
    const auto charts = chartChoice(arguments.charts);
    if (!charts)
        return tl::unexpected(charts.error());
    const auto interrupted = onInterruptSet();
    const auto runner = Runner::resume(arguments.folder, {*epochs});
    if (!runner)
        return tl::unexpected(runner.error());
    return followToEnd(**runner, *charts, *interrupted);
}

} // namespace

void addResume(CLI::App &program, Result<int> &outcome)
{
    const auto arguments = std::make_shared<ResumeArguments>();
    CLI::App *command = program.add_subcommand(
        "resume", "Go on with a run that was stopped or interrupted, or train it longer");
    command->add_option("RUN-FOLDER", arguments->folder, "The run's folder");
    command
        ->add_option("--epochs", arguments->epochs,
                     "So many epochs more than the run was to have; also of a run that has finished")
        ->type_name("N");
    addCharts(*command, arguments->charts);
    command->footer(
        "The run goes on from its checkpoints. On the same machine, its rows, models and figures come out as "
        "if it\n"
        "had never been left.\n"
        "\nExit codes: 0 done, 1 the run failed, 2 wrong use, 3 a problem with data or files, 130 stopped.\n"
        "\nExamples:\n"
        "  losslab resume runs/cnn\n"
        "  losslab resume runs/cnn --epochs 50");
    command->callback([arguments, &outcome] { outcome = resume(*arguments); });
}

} // namespace losslab::app
