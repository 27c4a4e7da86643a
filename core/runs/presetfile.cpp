#include "runs/presetfile.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "base/text.h"
#include "data/dataset.h"
#include "data/datasetting.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/runsettings.h"
#include "runs/runjson.h"

#include <algorithm>
#include <fmt/ranges.h>

namespace losslab {

namespace fs = std::filesystem;

namespace {

constexpr int formatVersion = 1;
constexpr std::uint64_t largestFile = std::uint64_t{1} << 20; ///< bytes
constexpr std::size_t longestName = 100;                      ///< bytes
constexpr std::size_t longestProblem = 400;                   ///< characters; a value may have any number

/// Whether it is a set that goes by a name, or a whole folder of this machine. Usage error: there is none.
Result<void> checkDataset(const std::string &data)
{
    std::error_code ignored;
    if (isFolder(data) && (!fs::path(data).is_absolute() || !fs::is_directory(data, ignored)))
        return usageError(fmt::format("This machine has no folder “{}” with a data set: put it there, or "
                                      "choose the data set by hand.",
                                      data));
    if (isFolder(data))
        return dataSetting().check(data).map([](const Value &) {});
    const auto chosen = chooseDataset(data);
    if (!chosen)
        return tl::unexpected(chosen.error());
    return *chosen == data ? Result<void>() : usageError(fmt::format("There is no data set “{}”.", data));
}

/// What a preset may set beside its experiment's parameters.
std::vector<ParameterInfo> runSettings(const Experiment &experiment)
{
    return {seedSetting(), repeatsSetting(experiment.info().repeats)};
}

/// The parameters that count, as the experiment has them.
std::vector<std::pair<std::string, Value>> countingParameters(const Experiment &experiment, RunSpec spec)
{
    takeParameters(experiment, spec);
    std::vector<std::pair<std::string, Value>> counting;
    for (const Parameter *parameter : experiment.parameters())
        if (applies(parameter->info(), spec, experiment))
            counting.emplace_back(parameter->info().key, parameter->value());
    return counting;
}

/// Holds the preset's settings to this LossLab's experiment, and writes them as that has them.
Result<void> fit(OwnPreset &own)
{
    const auto experiment = makeExperiment(own.experiment);
    if (!experiment)
        return tl::unexpected(experiment.error());
    const RunSpec spec = makeSpec(**experiment, own.preset);
    setImagesOf(spec.data, **experiment);
    if (const auto applied = applyParameters(spec, **experiment); !applied)
        return applied;
    std::vector<std::pair<std::string, Value>> settings = countingParameters(**experiment, spec);
    for (const ParameterInfo &setting : runSettings(**experiment))
        if (const Value *value = own.preset.find(setting.key)) {
            const Result<Value> checked = setting.check(*value);
            if (!checked)
                return tl::unexpected(checked.error());
            settings.emplace_back(setting.key, *checked);
        }
    if (const Value *data = own.preset.find("data")) {
        if (!(*experiment)->needsImages())
            return usageError(fmt::format("{} takes no data set.", own.experiment));
        if (const auto known = checkDataset(toText(*data)); !known)
            return known;
        settings.emplace_back("data", *data);
    }
    own.preset.base = spec.preset;
    own.preset.settings = std::move(settings);
    return {};
}

OwnPreset readFields(JsonFields &fields)
{
    OwnPreset own;
    fields.allow({"format", "name", "experiment", "preset", "parameters", "seed", "repeats", "data"});
    fields.read("name", own.preset.name);
    fields.read("experiment", own.experiment);
    fields.readNamed("preset", presetFromName, own.preset.base);
    fields.readParameters("parameters", own.preset.settings);
    for (const auto &[key, value] : own.preset.settings)
        if (!isParameter(key))
            fields.refuse(fmt::format("“{}” stands among the parameters", key));
    for (const char *key : {"seed", "repeats"}) {
        std::int64_t number = 0;
        if (fields.has(key)) {
            fields.read(key, number);
            own.preset.settings.emplace_back(key, number);
        }
    }
    if (std::string data; fields.has("data")) {
        fields.read("data", data);
        own.preset.settings.emplace_back("data", data);
    }
    if (const std::string wrong = presetNameProblem(own.preset.name); !wrong.empty())
        fields.refuse(fmt::format("“name” cannot be “{}”", own.preset.name.substr(0, longestName)));
    return own;
}

} // namespace

std::string presetNameProblem(std::string_view name)
{
    if (name.empty())
        return "A preset needs a name.";
    if (name.size() > longestName)
        return fmt::format("The name is too long: it may have {} bytes, and has {}.", longestName,
                           name.size());
    if (!isPlain(name) || trimmed(name) != name)
        return "The name may have no control characters, and no spaces around it.";
    const auto isIts = [&](Preset preset) { return presetName(preset) == lowered(name); };
    if (std::any_of(allPresets.begin(), allPresets.end(), isIts))
        return fmt::format("“{}” is LossLab's own preset: choose another name.", name);
    return {};
}

fs::path presetFileName(std::string_view name)
{
    const std::string text = fileNameFor(name) + std::string(presetSuffix);
    return {std::u8string(text.begin(), text.end())};
}

Result<OwnPreset> makePreset(const std::string &name, const RunSpec &spec)
{
    if (std::string wrong = presetNameProblem(name); !wrong.empty())
        return usageError(std::move(wrong));
    const auto experiment = makeExperiment(spec.experiment);
    if (!experiment)
        return tl::unexpected(experiment.error());
    setImagesOf(spec.data, **experiment);
    if (const auto applied = applyParameters(spec, **experiment); !applied)
        return tl::unexpected(applied.error());
    OwnPreset own{spec.experiment, {name, spec.preset, countingParameters(**experiment, spec)}};
    auto &settings = own.preset.settings;
    if (spec.seed != RunSpec().seed)
        settings.emplace_back("seed", static_cast<std::int64_t>(spec.seed));
    if (spec.repeats != (*experiment)->info().repeats)
        settings.emplace_back("repeats", std::int64_t{spec.repeats});
    if ((*experiment)->needsImages())
        settings.emplace_back("data", spec.data);
    if (const auto fits = fit(own); !fits)
        return tl::unexpected(fits.error());
    return own;
}

Json presetJson(const OwnPreset &own)
{
    Json json{{"format", formatVersion},
              {"name", own.preset.name},
              {"experiment", own.experiment},
              {"preset", presetName(own.preset.base)}};
    std::vector<std::pair<std::string, Value>> parameters;
    for (const auto &setting : own.preset.settings)
        if (isParameter(setting.first))
            parameters.push_back(setting);
        else
            json[setting.first] = valueJson(setting.second);
    json["parameters"] = parametersJson(own.experiment, parameters);
    return json;
}

Result<void> writePreset(const fs::path &file, const OwnPreset &own)
{
    return platform::writeFileAtomically(
        file, presetJson(own).dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

Result<void> exportPreset(const fs::path &file, const OwnPreset &own)
{
    const auto experiment = makeExperiment(own.experiment);
    for (const auto &[key, value] : own.preset.settings)
        if (const Parameter *parameter = experiment ? (*experiment)->findParameter(key) : nullptr;
            parameter && parameter->info().kind->namesFile(value))
            return usageError(fmt::format("The preset names a file of this machine, {}. Save it without that "
                                          "file, and hand the file on beside it.",
                                          parameter->info().kind->words(value)));
    return writePreset(file, own);
}

Result<OwnPreset> readPreset(const fs::path &file)
{
    const auto text = platform::readFile(file, largestFile);
    if (!text)
        return tl::unexpected(text.error());
    const ParsedJson json = parseJson(*text);
    JsonFields fields(json);
    const auto format = readFormat(fields, file, formatVersion);
    if (!format)
        return tl::unexpected(format.error());
    if (*format < 1)
        fields.refuse(fmt::format("“format” cannot be {}", *format));
    OwnPreset own = fields.problem().empty() ? readFields(fields) : OwnPreset{};
    if (!fields.problem().empty())
        return dataError(fmt::format("{} is no preset that can be read: {} Get the file again.",
                                     platform::quoted(file), fields.ended()));
    own.file = file;
    if (const auto fits = fit(own); !fits)
        own.misfit = fmt::format("The preset “{}” cannot be used here: {}", own.preset.name,
                                 cutTo(plainText(fits.error().message, true), longestProblem));
    return own;
}

std::string settingsText(const OwnPreset &own)
{
    const auto experiment = makeExperiment(own.experiment);
    if (!own.misfit.empty() || !experiment)
        return own.misfit;
    std::vector<std::string> texts{fmt::format("{} preset", presetName(own.preset.base))};
    for (std::string &changed : changedParameters(makeSpec(**experiment, own.preset), **experiment))
        texts.push_back(std::move(changed));
    for (const char *key : {"seed", "repeats"})
        if (const Value *value = own.preset.find(key))
            texts.push_back(fmt::format("{} {}", key, toText(*value)));
    if (const Value *data = own.preset.find("data"); data && toText(*data) != RunSpec().data)
        texts.push_back(toText(*data));
    return fmt::format("{}", fmt::join(texts, ", "));
}

Result<NamedPreset> settingsOf(const OwnPreset &own)
{
    return own.misfit.empty() ? Result<NamedPreset>(own.preset) : dataError(own.misfit);
}

} // namespace losslab
