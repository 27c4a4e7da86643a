#include "app/commands/commands.h"

#include "app/figurestable.h"
#include "app/output.h"
#include "app/text.h"
#include "base/plaintext.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "runs/continuation.h"
#include "runs/runjson.h"

#include <fmt/ranges.h>
#include <memory>

namespace losslab::app {

namespace {

struct ShowArguments
{
    std::string folder;
    bool asJson = false;
};

/// run.json as it is, with the figures.
Result<void> printJson(const Experiment &experiment, const RunRecord &record)
{
    const Result<std::string> text = platform::readFile(record.folder / "run.json");
    if (!text)
        return tl::unexpected(text.error());
    Json json = parseJson(*text).json;
    json["interrupted"] = record.interrupted;
    json["unread"] = record.unread;
    json["resumable"] = !whyNotContinued(record, false);
    putFigures(json, experiment, record.spec, record.data);
    json["annotations"] = Json::array();
    for (const ChartData &chart : record.data.charts())
        if (!chart.annotation.empty())
            json["annotations"].push_back({{"chart", chart.id}, {"text", chart.annotation}});
    json["remarks"] = Json::array();
    for (const RemarkEvent &remark : record.data.remarks().all())
        json["remarks"].push_back({{"model", remark.model},
                                   {"repeat", remark.repeat},
                                   {"training", remarkName(remark.kind)},
                                   {"epoch", remark.epoch}});
    print("{}\n", json.dump(2));
    return {};
}

/// The command, or why there is none.
std::string howToGoOn(const RunRecord &record)
{
    const std::string command = fmt::format("losslab resume {}", shellWord(record.folder.string()));
    if (record.state == RunState::Finished && !whyNotContinued(record, true))
        return command + " --epochs N";
    return whyNotContinued(record, false).value_or(command);
}

void printForPeople(const Experiment &experiment, const RunRecord &record)
{
    const RunFacts &facts = record.facts;
    const auto line = [](std::string_view what, const std::string &words) {
        print("{:9}{}\n", what, plainText(words, true));
    };
    print("{}\n", plainText(caption(record.spec, experiment), true));
    line("State", standingText(record));
    line("Go on", howToGoOn(record));
    line("Times", fmt::format("{} to {}", facts.started, facts.ended.empty() ? "…" : facts.ended));
    line("Device", facts.device);
    for (const auto &[model, trainedWith] : record.data.training()) {
        std::vector<std::string> with;
        for (const auto &[what, which] : trainedWith)
            with.push_back(what + ' ' + which);
        line("Model", fmt::format("{}: {}", record.data.modelName(model), fmt::join(with, ", ")));
    }
    line("Made by", fmt::format("LossLab {}, LibTorch {}", facts.program, facts.libTorch));
    if (!facts.dataChecksum.empty())
        line("Data", fmt::format("{}, SHA-256 {}", record.spec.data, facts.dataChecksum));
    for (const auto &[key, value] : record.spec.parameters)
        line("", fmt::format("{} = {}", key, toText(value)));
    for (const NoteEvent &note : record.data.notes())
        line("Note", note.text);
    print("\n{}", figuresTable(experiment, record.spec, record.data));
}

Result<int> show(const ShowArguments &arguments)
{
    if (arguments.folder.empty())
        return usageError("losslab show needs a RUN-FOLDER.");
    const Result<RunRecord> record = readRun(arguments.folder);
    if (!record)
        return tl::unexpected(record.error());
    const auto experiment = makeExperiment(record->spec.experiment);
    if (!experiment)
        return dataError(fmt::format("{} is a run of {}, an experiment this LossLab {} does not have.",
                                     arguments.folder, record->spec.experiment, LOSSLAB_VERSION));
    if (arguments.asJson) {
        if (const auto printed = printJson(**experiment, *record); !printed)
            return tl::unexpected(printed.error());
    } else {
        printForPeople(**experiment, *record);
    }
    return endOfReading(*record);
}

} // namespace

Result<int> endOfReading(const RunRecord &record)
{
    if (record.unread.empty())
        return exitcode::done;
    return dataError(fmt::format("A part of the run in {} could not be read: {}",
                                 platform::quoted(record.folder), fmt::join(record.unread, " ")));
}

void addShow(CLI::App &program, Result<int> &outcome)
{
    const auto arguments = std::make_shared<ShowArguments>();
    CLI::App *command =
        program.add_subcommand("show", "Show a run's settings, and its figures beside the published ones");
    command->add_option("RUN-FOLDER", arguments->folder, "Folder of a run, as losslab run prints it")
        ->type_name("");
    command->add_flag("--json", arguments->asJson, "Print run.json, the figures and the remarks, as JSON");
    command->footer(
        "Exit codes: 0 done, 2 wrong use, 3 the run, or a part of it, could not be read.\n"
        "\nExamples:\n"
        "  losslab show runs/cnn\n"
        "  losslab show runs/cnn --json | jq '.figures[] | select(.figure == \"test-accuracy\")'");
    command->callback([arguments, &outcome] { outcome = show(*arguments); });
}

} // namespace losslab::app
