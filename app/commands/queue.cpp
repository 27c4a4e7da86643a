#include "app/commands/commands.h"
#include "app/output.h"
#include "app/text.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "runs/runqueue.h"

#include <cmath>
#include <memory>

namespace losslab::app {

namespace {

/// What is run, or why it cannot be.
std::string textOf(const QueuedRun &run)
{
    if (!run.misfit.empty())
        return fmt::format("{} ({})", run.spec.experiment, run.misfit);
    return caption(run.spec, **makeExperiment(run.spec.experiment));
}

Result<int> show(bool asJson)
{
    RunQueue queue;
    if (const auto read = queue.refresh(); !read)
        return tl::unexpected(read.error());
    const std::vector<std::string> notes = queue.takeNotes();
    for (const std::string &note : notes)
        tell("{}\n", note);
    std::vector<std::vector<std::string>> rows{{"STATE", "SECONDS", "RUN"}};
    for (const QueuedRun &run : queue.runs())
        rows.push_back({std::string(queuedStateName(run.state)),
                        run.seconds >= 0 ? fmt::format("{:.0f}", std::ceil(run.seconds)) : std::string("-"),
                        textOf(run)});
    if (asJson)
        print("{}", queueText(queue.contents()));
    else if (!queue.runs().empty())
        print("{}", alignedRows(rows));
    else if (notes.empty())
        tell("The queue is empty. Runs are added to it in the window.\n");
    return notes.empty() ? exitcode::done : exitcode::dataProblem;
}

} // namespace

void addQueue(CLI::App &program, Result<int> &outcome)
{
    auto asJson = std::make_shared<bool>(false);
    CLI::App *command = program.add_subcommand("queue", "List the window's queue of runs, in their order");
    command->add_flag("--json", *asJson, "As in the queue's file, with all settings");
    command->callback([asJson, &outcome] { outcome = show(*asJson); });
}

} // namespace losslab::app
