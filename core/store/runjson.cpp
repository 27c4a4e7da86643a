#include "store/runjson.h"

#include "data/dataset.h"
#include "experiments/registry.h"
#include "store/platform.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <tuple>

namespace losslab {

namespace {

constexpr int formatVersion = 1;
constexpr std::uint64_t largestRunJson = std::uint64_t{1} << 20; ///< bytes

std::string pretty(const Json &json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json specJson(const RunSpec &spec)
{
    Json parameters = Json::object();
    for (const auto &[key, value] : spec.parameters)
        parameters[key] = valueJson(value);
    return {{"experiment", spec.experiment}, {"preset", presetName(spec.preset)},
            {"parameters", parameters},      {"seed", spec.seed},
            {"repeats", spec.repeats},       {"device", deviceName(spec.device)},
            {"threads", spec.threads},       {"data", spec.data}};
}

/// A field that holds one of a set of names.
template <class T>
void readNamed(JsonFields &fields, const char *key, Result<T> (*fromName)(std::string_view), T &to)
{
    std::string name;
    fields.read(key, name);
    const Result<T> named = fromName(name);
    if (named)
        to = *named;
    else
        fields.refuse(fmt::format("“{}” cannot be “{}”", key, name));
}

/// The spec's parameters as the experiment declares them: all of them, in order, checked.
void completeParameters(RunSpec &spec, JsonFields &fields)
{
    const auto experiment = makeExperiment(spec.experiment);
    if (!experiment)
        return fields.refuse(fmt::format("this LossLab has no experiment “{}”", spec.experiment));
    if (const auto applied = applyParameters(spec, **experiment); !applied)
        return fields.refuse(applied.error().message);
    spec.parameters.clear();
    for (const Parameter *parameter : (*experiment)->parameters())
        spec.parameters.emplace_back(parameter->info().key, parameter->value());
}

RunSpec readSpec(const Json &json, JsonFields &outer)
{
    RunSpec spec;
    JsonFields fields(json);
    fields.read("experiment", spec.experiment);
    readNamed(fields, "preset", presetFromName, spec.preset);
    fields.read("parameters", spec.parameters);
    fields.read("seed", spec.seed);
    fields.read("repeats", spec.repeats);
    readNamed(fields, "device", deviceFromName, spec.device);
    fields.read("threads", spec.threads);
    fields.read("data", spec.data);
    for (const auto &[key, number, least, most] : {std::tuple("repeats", spec.repeats, 1, mostRepeats),
                                                   std::tuple("threads", spec.threads, 0, mostThreads)})
        if (number < least || number > most)
            fields.refuse(fmt::format("“{}” cannot be {}", key, number));
    if (fields.problem().empty())
        completeParameters(spec, fields);
    outer.refuse(fields.problem());
    return spec;
}

} // namespace

std::string runJson(const RunSpec &spec, const RunFacts &facts, const RunStanding &standing)
{
    Json json{{"format", formatVersion},
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
    return pretty(json);
}

Result<RunRecord> readRunJson(const std::filesystem::path &path)
{
    const auto text = platform::readFile(path, largestRunJson);
    if (!text)
        return tl::unexpected(text.error());
    const ParsedJson json = parseJson(*text);
    JsonFields fields(json);
    int format = 0;
    fields.read("format", format);
    if (format > formatVersion)
        return dataError(
            fmt::format("{} was written by a newer LossLab (format {}, this one reads {}). Update LossLab.",
                        platform::quoted(path), format, formatVersion));
    RunRecord record;
    record.folder = path.parent_path();
    Json spec, versions;
    fields.read("spec", spec);
    fields.read("versions", versions);
    fields.read("device", record.facts.device);
    fields.read("dataChecksum", record.facts.dataChecksum);
    readNamed(fields, "state", stateFromName, record.state);
    fields.read("message", record.message);
    fields.read("started", record.facts.started);
    fields.read("ended", record.facts.ended);
    if (fields.has("seconds")) // older runs have none
        fields.read("seconds", record.facts.seconds);
    if (fields.problem().empty()) {
        JsonFields inVersions(versions);
        inVersions.read("losslab", record.facts.program);
        inVersions.read("libtorch", record.facts.libTorch);
        fields.refuse(inVersions.problem());
        record.spec = readSpec(spec, fields);
    }
    if (!fields.problem().empty())
        return dataError(
            fmt::format("{} cannot be read: {}. Take the run folder from where it was copied from.",
                        platform::quoted(path), fields.problem()));
    return record;
}

void putPublished(Json &object, const Published &published)
{
    object["published"] = numberJson(published.value);
    if (published.upTo)
        object["publishedUpTo"] = numberJson(*published.upTo);
}

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
        if (const Published *published = publishedValue(experiment, spec, figure.figure, figure.model))
            putPublished(entry, *published);
        figures.push_back(std::move(entry));
    }
    return figures;
}

std::string summaryJson(const Experiment &experiment, const RunSpec &spec, const RunData &data,
                        RunState state)
{
    return pretty({{"experiment", spec.experiment},
                   {"state", stateName(state)},
                   {"figures", figuresJson(experiment, spec, data)}});
}

const Published *publishedValue(const Experiment &experiment, const RunSpec &spec, const std::string &figure,
                                const std::string &model)
{
    // They are of MNIST; a folder may hold just that.
    const bool otherImages =
        experiment.info().needsImages && spec.data != RunSpec().data && !isFolder(spec.data);
    const FigureInfo *info = experiment.findFigure(figure);
    if (!info || otherImages)
        return nullptr;
    const auto holds = [&](const Published &published) {
        const Value *value = spec.find(published.parameter);
        return published.model == model
               && (published.parameter.empty() || (value && toText(*value) == published.equals));
    };
    const auto found = std::find_if(info->published.begin(), info->published.end(), holds);
    return found == info->published.end() ? nullptr : &*found;
}

std::string publishedNote(const Experiment &experiment, const RunSpec &spec, const RunData &data)
{
    const auto hasPublished = [&](const FigureData &figure) {
        return publishedValue(experiment, spec, figure.figure, figure.model) != nullptr;
    };
    if (std::none_of(data.figures().begin(), data.figures().end(), hasPublished))
        return {};
    std::set<std::string> toldApart; // parameters whose every value has published values of its own
    for (const Figure *figure : experiment.figures())
        for (const Published &published : figure->info().published)
            toldApart.insert(published.parameter);
    const auto asPublished = [&](const Parameter *parameter) {
        const ParameterInfo &info = parameter->info();
        const Value *value = spec.find(info.key);
        return !value || *value == info.report || toldApart.contains(info.key);
    };
    const std::vector<Parameter *> &parameters = experiment.parameters();
    if (std::all_of(parameters.begin(), parameters.end(), asPublished))
        return {};
    return "Published values hold for the report preset; this run has other settings.";
}

} // namespace losslab
