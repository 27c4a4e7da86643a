#include "app/commands/commands.h"

#include "app/figurestable.h"
#include "experiments/registry.h"
#include "store/platform.h"
#include "store/runfolder.h"

#include <cmath>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace losslab::app {

namespace {

using Json = nlohmann::ordered_json;

struct ShowArguments
{
    std::string folder;
    bool asJson = false;
};

/// A number as JSON; what JSON has no number for is a string, as in the run's own files.
Json number(double value)
{
    if (std::isfinite(value))
        return value;
    return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

Json figuresJson(const Experiment &experiment, const RunRecord &record)
{
    Json figures = Json::array();
    for (const FigureData &figure : record.data.figures()) {
        Json json{{"model", figure.model}, {"figure", figure.figure}, {"value", number(figure.mean())}};
        if (figure.values.size() > 1) {
            json["deviation"] = number(figure.deviation());
            for (const double value : figure.values)
                json["values"].push_back(number(value));
        }
        if (const Published *published = publishedValue(experiment, record.spec, figure.figure, figure.model))
            json["published"] = published->value;
        figures.push_back(std::move(json));
    }
    return figures;
}

/// run.json as it is, with the figures.
Result<int> printJson(const Experiment &experiment, const RunRecord &record)
{
    const Result<std::string> text = platform::readFile(record.folder / "run.json");
    if (!text)
        return tl::unexpected(text.error());
    Json json = Json::parse(*text);
    json["figures"] = figuresJson(experiment, record);
    fmt::print("{}\n", json.dump(2));
    return exitcode::done;
}

void printForPeople(const Experiment &experiment, const RunRecord &record)
{
    const RunFacts &facts = record.facts;
    fmt::print("{}\n", caption(record.spec, experiment));
    fmt::print("State    {}{}{}\n", stateName(record.state), record.message.empty() ? "" : ": ",
               record.message);
    fmt::print("Times    {} to {}\n", facts.started, facts.ended.empty() ? "…" : facts.ended);
    fmt::print("Device   {}\n", facts.device);
    fmt::print("Made by  LossLab {}, LibTorch {}\n", facts.program, facts.libTorch);
    if (!facts.dataChecksum.empty())
        fmt::print("Data     {}, SHA-256 {}\n", record.spec.data, facts.dataChecksum);
    for (const auto &[key, value] : record.spec.parameters)
        fmt::print("         {} = {}\n", key, toText(value));
    for (const NoteEvent &note : record.data.notes())
        fmt::print("Note     {}\n", note.text);
    fmt::print("\n{}", figuresTable(experiment, record.spec, record.data));
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
    if (arguments.asJson)
        return printJson(**experiment, *record);
    printForPeople(**experiment, *record);
    return exitcode::done;
}

} // namespace

void addShow(CLI::App &program, Result<int> &outcome)
{
    const auto arguments = std::make_shared<ShowArguments>();
    CLI::App *command =
        program.add_subcommand("show", "Tell a run's figures beside the published ones, and how it was made");
    command->add_option("RUN-FOLDER", arguments->folder, "Folder of a run, as losslab run prints it")
        ->type_name("");
    command->add_flag("--json", arguments->asJson, "run.json and the figures, as JSON");
    command->footer(
        "Examples:\n"
        "  losslab show runs/cnn\n"
        "  losslab show runs/cnn --json | jq '.figures[] | select(.figure == \"test-accuracy\")'");
    command->callback([arguments, &outcome] { outcome = show(*arguments); });
}

} // namespace losslab::app
