#include "runs/runjson.h"

#include "base/crc32c.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "lab/runsettings.h"
#include "runs/presetfile.h"
#include "runs/published.h"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

namespace losslab {

namespace {

constexpr std::uint64_t largestRunJson = std::uint64_t{1} << 20; ///< bytes

std::string pretty(const Json &json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

constexpr std::string_view sumBegin = ",\n  \"crc\": \"", sumEnd = "\"\n}\n", objectEnd = "\n}\n";

/// With the CRC-32C of all before it as the object's last member.
std::string summed(std::string text)
{
    text.resize(text.size() - objectEnd.size());
    const std::string sum = crc32cText(text);
    return fmt::format("{}{}{}{}", text, sumBegin, sum, sumEnd);
}

} // namespace

Json specJson(const RunSpec &spec)
{
    Json json{{"experiment", spec.experiment},
              {"preset", presetName(spec.preset)},
              {"parameters", parametersJson(spec.experiment, spec.parameters)},
              {"seed", spec.seed},
              {"repeats", spec.repeats},
              {"device", deviceName(spec.device)},
              {"threads", spec.threads},
              {"data", spec.data}};
    if (!spec.ownPreset.empty())
        json["ownPreset"] = spec.ownPreset;
    return json;
}

namespace {

/// With what models were trained, each once with the names of those that share it.
Json modelsJson(const std::map<std::string, ModelFacts> &models)
{
    std::map<ModelFacts, std::vector<std::string>> shared;
    for (const auto &[model, facts] : models)
        shared[facts].push_back(model);
    Json list = Json::array();
    for (const auto &[facts, names] : shared) {
        list.push_back(facts);
        list.back()["models"] = names;
    }
    return list;
}

/// What cannot be read of it is left out: it is for the record, and nothing depends on it.
std::map<std::string, ModelFacts> readModels(const Json &list)
{
    std::map<std::string, ModelFacts> models;
    for (const Json &entry : list) {
        JsonFields fields(entry);
        ModelFacts facts;
        for (const char *key : {"engine", "optimizer", "activation"})
            fields.read(key, facts[key]);
        std::vector<std::string> names;
        fields.read("models", names);
        for (const std::string &name : names)
            if (fields.problem().empty())
                models[name] = facts;
    }
    return models;
}

/// The spec's parameters as the experiment declares them: all of them, in order, each checked. Whether they
/// go together was for the program to judge that trained with them.
void completeParameters(RunSpec &spec, JsonFields &fields)
{
    const auto experiment = makeExperiment(spec.experiment);
    if (!experiment)
        return fields.refuse(fmt::format("this LossLab has no experiment “{}”", spec.experiment));
    (*experiment)->setImages(ImageSurvey()); // the run's may be gone, or another set by now
    for (const auto &[key, value] : spec.parameters)
        if (Parameter *parameter = (*experiment)->findParameter(key); !parameter || !parameter->set(value))
            return fields.refuse(applyParameters(spec, **experiment).error().message);
    (*experiment)->normalize();
    takeParameters(**experiment, spec);
}

} // namespace

RunSpec readSpec(const Json &json, JsonFields &outer)
{
    RunSpec spec;
    JsonFields fields(json);
    fields.read("experiment", spec.experiment);
    fields.readNamed("preset", presetFromName, spec.preset);
    fields.readParameters("parameters", spec.parameters);
    fields.read("seed", spec.seed);
    fields.read("repeats", spec.repeats);
    fields.readNamed("device", deviceFromName, spec.device);
    fields.read("threads", spec.threads);
    fields.read("data", spec.data);
    if (fields.has("ownPreset"))
        fields.read("ownPreset", spec.ownPreset);
    if (!spec.ownPreset.empty() && !presetNameProblem(spec.ownPreset).empty())
        fields.refuse("“ownPreset” is no name");
    for (const auto &[setting, number] : {std::pair(repeatsSetting(), std::int64_t{spec.repeats}),
                                          std::pair(threadsSetting(), std::int64_t{spec.threads})})
        if (!setting.check(number))
            fields.refuse(fmt::format("“{}” cannot be {}", setting.key, number));
    if (fields.problem().empty())
        completeParameters(spec, fields);
    outer.refuse(fields.problem());
    return spec;
}

namespace {

/// Every figure with its mean over the repeats, and the published value where one holds for the run.
Json figuresJson(const Experiment &experiment, const RunSpec &spec, const RunData &data)
{
    Json figures = Json::array();
    for (const FigureData &figure : data.figures()) {
        Json entry{{"model", figure.model}, {"figure", figure.figure}, {"value", numberJson(figure.mean())}};
        if (spec.repeats > 1) {
            entry["values"] = Json::array();
            for (const double value : figure.values)
                entry["values"].push_back(numberJson(value));
            entry["deviation"] = numberJson(figure.deviation());
        }
        const PublishedFor published = publishedFor(experiment, spec, figure.figure, figure.model);
        if (published.holds())
            putPublished(entry, *published.value);
        figures.push_back(std::move(entry));
    }
    return figures;
}

} // namespace

Json parametersJson(const std::string &experiment, const std::vector<std::pair<std::string, Value>> &values)
{
    const auto declared = makeExperiment(experiment);
    Json parameters = Json::object();
    for (const auto &[key, value] : values) {
        const Parameter *parameter = declared ? (*declared)->findParameter(key) : nullptr;
        parameters[key] = parameter ? valueJson(*parameter->info().kind, value) : valueJson(value);
    }
    return parameters;
}

std::string runJson(const RunSpec &spec, const RunFacts &facts, const RunStanding &standing)
{
    Json json{{"format", runFormat},
              {"spec", specJson(spec)},
              {"versions", {{"losslab", facts.program}, {"libtorch", facts.libTorch}}},
              {"device", facts.device},
              {"dataChecksum", facts.dataChecksum},
              {"state", stateName(standing.state)},
              {"message", standing.message},
              {"started", facts.started},
              {"ended", facts.ended}};
    if (facts.seconds >= 0)
        json["seconds"] = facts.seconds;
    if (facts.lines >= 0)
        json["lines"] = facts.lines;
    if (!facts.furtherData.empty())
        json["furtherData"] = facts.furtherData;
    if (!facts.models.empty())
        json["training"] = modelsJson(facts.models);
    if (!facts.resumed.empty())
        json["resumed"] = facts.resumed;
    return summed(pretty(json));
}

Result<RunRecord> readRunJson(const std::filesystem::path &path)
{
    const auto text = platform::readFile(path, largestRunJson);
    if (!text)
        return tl::unexpected(text.error());
    const ParsedJson json = parseJson(*text);
    JsonFields fields(json);
    const auto format = readFormat(fields, path, runFormat);
    if (!format)
        return tl::unexpected(format.error());
    RunRecord record;
    record.folder = path.parent_path();
    record.format = *format;
    Json spec, versions;
    fields.read("spec", spec);
    fields.read("versions", versions);
    fields.read("device", record.facts.device);
    fields.read("dataChecksum", record.facts.dataChecksum);
    fields.readNamed("state", stateFromName, record.state);
    fields.read("message", record.message);
    fields.read("started", record.facts.started);
    fields.read("ended", record.facts.ended);
    if (fields.has("seconds")) // older runs have none
        fields.read("seconds", record.facts.seconds);
    if (fields.has("lines"))
        fields.read("lines", record.facts.lines);
    if (fields.has("furtherData"))
        fields.read("furtherData", record.facts.furtherData);
    if (fields.has("resumed"))
        fields.read("resumed", record.facts.resumed);
    if (fields.has("training"))
        record.facts.models = readModels(json.json["training"]);
    if (fields.problem().empty()) {
        JsonFields inVersions(versions);
        inVersions.read("losslab", record.facts.program);
        inVersions.read("libtorch", record.facts.libTorch);
        fields.refuse(inVersions.problem());
        record.spec = readSpec(spec, fields);
    }
    if (std::string problem = fields.problem(); !problem.empty()) {
        while (problem.ends_with('.')) // a whole sentence
            problem.pop_back();
        return dataError(fmt::format("{} cannot be read: {}. Copy the run folder again.",
                                     platform::quoted(path), problem));
    }
    return record;
}

Result<void> checkIsRun(const std::filesystem::path &folder)
{
    const auto there = platform::look(folder / "run.json");
    if (!there)
        return tl::unexpected(there.error());
    if (!*there)
        return dataError(fmt::format("{} is no run folder: it has no run.json.", platform::quoted(folder)));
    return {};
}

bool isRunJsonWhole(std::string_view text)
{
    const std::size_t place = text.rfind(sumBegin);
    if (place == std::string_view::npos)
        return false;
    const std::string_view before = text.substr(0, place);
    return text.substr(place) == fmt::format("{}{}{}", sumBegin, crc32cText(before), sumEnd);
}

Result<RunHead> readRunHead(const std::filesystem::path &path)
{
    const auto text = platform::readFile(path, largestRunJson);
    if (!text)
        return tl::unexpected(text.error());
    const ParsedJson json = parseJson(*text);
    JsonFields fields(json);
    RunHead head;
    Json spec;
    fields.read("format", head.format);
    fields.read("spec", spec);
    fields.read("started", head.started);
    if (fields.problem().empty()) {
        JsonFields inSpec(spec);
        inSpec.read("experiment", head.experiment);
        fields.refuse(inSpec.problem());
    }
    if (!fields.problem().empty())
        return dataError(fmt::format("{} cannot be read: {}.", platform::quoted(path), fields.problem()));
    return head;
}

void putPublished(Json &object, const Published &published)
{
    object["published"] = numberJson(published.value);
    if (published.upTo)
        object["publishedUpTo"] = numberJson(*published.upTo);
    if (published.source)
        object["publishedBy"] = published.source->text;
}

void putFigures(Json &object, const Experiment &experiment, const RunSpec &spec, const RunData &data)
{
    object["figures"] = figuresJson(experiment, spec, data);
    const auto isTheirs = [](const Json &figure) {
        return figure.contains("published") && !figure.contains("publishedBy");
    };
    if (std::any_of(object["figures"].begin(), object["figures"].end(), isTheirs))
        object["publishedBy"] = experiment.info().source.text;
    if (const std::string note = publishedNote(experiment, spec, data); !note.empty())
        object["publishedNote"] = note;
}

std::string summaryJson(const Experiment &experiment, const RunSpec &spec, const RunData &data,
                        RunState state)
{
    Json summary{{"experiment", spec.experiment}, {"state", stateName(state)}};
    putFigures(summary, experiment, spec, data);
    return pretty(summary);
}

} // namespace losslab
