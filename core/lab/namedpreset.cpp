#include "lab/namedpreset.h"

#include "lab/experiment.h"

#include <algorithm>

namespace losslab {

namespace {

/// Puts what the preset says of a setting that is no parameter.
template <class T>
void take(const NamedPreset &preset, std::string_view key, T &to)
{
    if (const Value *value = preset.find(key))
        if (const auto *number = std::get_if<std::int64_t>(value))
            to = static_cast<T>(*number);
}

} // namespace

std::string NamedPreset::title() const
{
    if (!declaredTitle.empty())
        return declaredTitle;
    return isOwn() ? name : std::string(presetTitle(base));
}

const Value *NamedPreset::find(std::string_view key) const
{
    const auto found = std::find_if(settings.begin(), settings.end(),
                                    [&](const auto &setting) { return setting.first == key; });
    return found == settings.end() ? nullptr : &found->second;
}

bool isParameter(std::string_view key)
{
    return key != "seed" && key != "repeats" && key != "data";
}

NamedPreset builtIn(const Experiment &experiment, Preset preset)
{
    const Preset offered = experiment.offers(preset) ? preset : Preset::Report;
    return {std::string(presetName(offered)), offered};
}

std::vector<NamedPreset> builtInPresets(const Experiment &experiment)
{
    std::vector<NamedPreset> presets;
    for (const Preset preset : allPresets)
        if (experiment.offers(preset))
            presets.push_back(builtIn(experiment, preset));
    for (const DeclaredPreset &declared : experiment.info().presets)
        presets.push_back({declared.name, Preset::Report, declared.settings, declared.title});
    return presets;
}

RunSpec makeSpec(const Experiment &experiment, const NamedPreset &preset)
{
    RunSpec spec = makeSpec(experiment, preset.base);
    for (const auto &[key, value] : preset.settings)
        if (Value *known = spec.find(key))
            *known = value;
        else if (isParameter(key))
            spec.parameters.emplace_back(key, value);
    take(preset, "seed", spec.seed);
    take(preset, "repeats", spec.repeats);
    if (const Value *data = preset.find("data"))
        spec.data = toText(*data);
    if (preset.isNamed())
        spec.ownPreset = preset.name;
    return spec;
}

void dropUnused(RunSpec &spec, const Experiment &experiment, const NamedPreset &preset)
{
    for (const Parameter *parameter : experiment.parameters()) {
        const ParameterInfo &info = parameter->info();
        const Value *set = preset.find(info.key);
        Value *value = spec.find(info.key);
        if (set && value && *value == *set && !applies(info, spec, experiment))
            *value = info.preset(spec.preset);
    }
}

bool isOf(const RunSpec &spec, const Experiment &experiment, const NamedPreset &preset)
{
    const RunSpec asSaved = makeSpec(experiment, preset);
    return spec.parameters == asSaved.parameters && (!preset.find("seed") || spec.seed == asSaved.seed)
           && (!preset.find("repeats") || spec.repeats == asSaved.repeats)
           && (!preset.find("data") || spec.data == asSaved.data);
}

} // namespace losslab
