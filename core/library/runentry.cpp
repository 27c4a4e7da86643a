#include "library/runentry.h"

#include "base/numbertext.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/rundata.h"
#include "lab/runspec.h"
#include "lab/spread.h"
#include "lab/valuetext.h"
#include "runs/runjson.h"
#include "runs/runrecord.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largestSummary = std::uint64_t{16} << 20; ///< bytes
constexpr int formatVersion = 1;

/// One of a summary, with its words; nothing where the experiment has no such figure.
std::optional<RunResult> resultOf(const Json &json, const Experiment &experiment, const RunSpec &spec)
{
    JsonFields fields(json);
    FigureData figure;
    double value = 0;
    fields.read("model", figure.model);
    fields.read("figure", figure.figure);
    fields.read("value", value);
    if (fields.has("values"))
        fields.read("values", figure.values);
    else
        figure.values = {value};
    const FigureInfo *info = experiment.findFigure(figure.figure);
    if (!fields.problem().empty() || !info)
        return std::nullopt;
    const auto text = [info](double number) { return figureText(number, info->format); };
    return RunResult{figure.model, figure.figure, info->label,
                     summaryText(figure.summary(), experiment.spread(spec), text), value};
}

/// Of a run that has ended; none where they cannot be read, which `losslab verify` tells.
std::vector<RunResult> resultsOf(const fs::path &folder, const Experiment &experiment, const RunSpec &spec)
{
    const auto text = platform::readFile(folder / "summary.json", largestSummary);
    const ParsedJson summary = parseJson(text ? *text : std::string());
    JsonFields fields(summary);
    std::vector<Json> figures;
    fields.read("figures", figures);
    std::vector<RunResult> results;
    if (fields.problem().empty())
        for (const Json &figure : figures)
            if (auto result = resultOf(figure, experiment, spec))
                results.push_back(std::move(*result));
    std::stable_partition(results.begin(), results.end(), [&](const RunResult &result) {
        return !experiment.findFigure(result.figure)->decidedBy;
    });
    return results;
}

std::vector<std::pair<std::string, std::string>> settingsOf(const RunSpec &spec)
{
    std::vector<std::pair<std::string, std::string>> settings;
    for (const auto &[key, value] : spec.parameters)
        settings.emplace_back(key, toText(value));
    settings.emplace_back("preset", spec.ownPreset.empty() ? presetName(spec.preset) : spec.ownPreset);
    settings.emplace_back("seed", fmt::format("{}", spec.seed));
    settings.emplace_back("repeats", fmt::format("{}", spec.repeats));
    settings.emplace_back("device", deviceName(spec.device));
    settings.emplace_back("data", spec.data);
    return settings;
}

void takeRecord(RunEntry &entry, const RunRecord &record)
{
    entry.experiment = record.spec.experiment;
    entry.started = record.facts.started;
    entry.state = record.state;
    entry.seconds = record.facts.seconds;
    const auto experiment = makeExperiment(record.spec.experiment);
    if (!experiment) {
        entry.problem = experiment.error().message;
        return;
    }
    entry.title = (*experiment)->info().title;
    entry.caption = caption(record.spec, **experiment);
    entry.changed = fmt::format("{}", fmt::join(changedParameters(record.spec, **experiment), ", "));
    entry.settings = settingsOf(record.spec);
    if (isEnded(record.state))
        entry.results = resultsOf(entry.folder, **experiment, record.spec);
}

} // namespace

std::string RunEntry::name() const
{
    return notes.name.empty() ? folder.filename().string() : notes.name;
}

std::string RunEntry::standing() const
{
    if (!problem.empty())
        return "cannot be read";
    if (isTraining)
        return "training now";
    return isEnded(state) ? std::string(stateName(state)) : "interrupted";
}

std::vector<std::string> RunEntry::resultTexts() const
{
    std::vector<std::string> texts;
    texts.reserve(results.size());
    for (const RunResult &result : results)
        texts.push_back(fmt::format("{}: {} {}", result.label, result.model, result.text));
    return texts;
}

const std::string *RunEntry::setting(std::string_view key) const
{
    const auto found =
        std::find_if(settings.begin(), settings.end(), [&](const auto &one) { return one.first == key; });
    return found == settings.end() ? nullptr : &found->second;
}

RunEntry readRunEntry(const fs::path &folder)
{
    RunEntry entry;
    entry.folder = folder;
    const auto record = readRunJson(folder / "run.json");
    if (record)
        takeRecord(entry, *record);
    else
        entry.problem = record.error().message;
    auto notes = readRunNotes(folder);
    if (notes)
        entry.notes = std::move(*notes);
    else if (entry.problem.empty())
        entry.problem = notes.error().message;
    lookWhetherItTrains(entry);
    return entry;
}

void lookWhetherItTrains(RunEntry &entry)
{
    entry.isTraining =
        entry.state == RunState::Running && platform::isBeingAppended(entry.folder / "metrics.jsonl");
}

std::string entryText(const RunEntry &entry)
{
    Json json{
        {"format", formatVersion},    {"problem", entry.problem},        {"experiment", entry.experiment},
        {"title", entry.title},       {"caption", entry.caption},        {"changed", entry.changed},
        {"started", entry.started},   {"state", stateName(entry.state)}, {"seconds", entry.seconds},
        {"settings", entry.settings}, {"name", entry.notes.name},        {"note", entry.notes.note},
        {"tags", entry.notes.tags},   {"starred", entry.notes.starred},  {"results", Json::array()}};
    for (const RunResult &result : entry.results)
        json["results"].push_back(
            {result.model, result.figure, result.label, result.text, numberJson(result.value)});
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<RunEntry> readEntryText(std::string_view text)
try {
    const auto json = nlohmann::json::parse(text);
    RunEntry entry;
    const auto state = stateFromName(json.at("state").get<std::string>());
    if (json.at("format") != formatVersion || !state)
        return std::nullopt;
    entry.state = *state;
    for (const auto &[key, to] : {std::pair("problem", &entry.problem),
                                  {"experiment", &entry.experiment},
                                  {"title", &entry.title},
                                  {"caption", &entry.caption},
                                  {"changed", &entry.changed},
                                  {"started", &entry.started},
                                  {"name", &entry.notes.name},
                                  {"note", &entry.notes.note}})
        json.at(key).get_to(*to);
    json.at("tags").get_to(entry.notes.tags);
    json.at("starred").get_to(entry.notes.starred);
    json.at("seconds").get_to(entry.seconds);
    json.at("settings").get_to(entry.settings);
    for (const auto &result : json.at("results"))
        entry.results.push_back({result.at(0), result.at(1), result.at(2), result.at(3),
                                 result.at(4).is_number() ? result.at(4).get<double>() : std::nan("")});
    return entry;
} catch (const nlohmann::json::exception &) { // of an earlier version, or damaged: it is read anew
    return std::nullopt;
}

} // namespace losslab
