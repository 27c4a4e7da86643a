#include "lab/runspec.h"

#include "base/names.h"
#include "base/text.h"
#include "lab/experiment.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <numeric>

namespace losslab {

const Value *RunSpec::find(std::string_view key) const
{
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto &parameter) { return parameter.first == key; });
    return found == parameters.end() ? nullptr : &found->second;
}

Value *RunSpec::find(std::string_view key)
{
    return const_cast<Value *>(std::as_const(*this).find(key));
}

RunSpec makeSpec(const Experiment &experiment, Preset preset)
{
    RunSpec spec;
    spec.experiment = experiment.info().id;
    spec.preset = experiment.offers(preset) ? preset : Preset::Report;
    spec.repeats = experiment.info().repeats;
    for (const Parameter *parameter : experiment.parameters())
        spec.parameters.emplace_back(parameter->info().key, parameter->info().preset(spec.preset));
    return spec;
}

bool applies(const ParameterInfo &parameter, const RunSpec &spec)
{
    if (!parameter.when)
        return true;
    const Value *value = spec.find(parameter.when->parameter);
    return value && parameter.when->holds(toText(*value));
}

std::vector<std::string> changedParameters(const RunSpec &spec, const Experiment &experiment)
{
    std::vector<std::string> changed;
    for (const Parameter *parameter : experiment.parameters()) {
        const Value *value = spec.find(parameter->info().key);
        if (value && applies(parameter->info(), spec) && *value != parameter->info().preset(spec.preset))
            changed.push_back(parameter->info().phrase(*value));
    }
    return changed;
}

std::string caption(const RunSpec &spec, const Experiment &experiment)
{
    std::string settings = spec.ownPreset.empty() ? std::string() : fmt::format("“{}”: ", spec.ownPreset);
    settings += fmt::format("{} preset", presetName(spec.preset));
    for (const std::string &changed : changedParameters(spec, experiment))
        settings += ", " + changed;
    if (experiment.info().needsImages && spec.data != RunSpec().data)
        settings += fmt::format(", {}", spec.data.substr(spec.data.rfind('/') + 1));
    const std::uint64_t last = spec.seed + static_cast<std::uint64_t>(spec.repeats) - 1;
    const std::string seeds =
        spec.repeats == 1 ? fmt::format("seed {}", spec.seed) : fmt::format("seeds {}–{}", spec.seed, last);
    return fmt::format("{} · {} · {}", experiment.info().title, settings, seeds);
}

namespace {

/// A value that was set, and that nothing asks for with the other values.
std::optional<Conflict> whatDoesNotApply(const RunSpec &spec, const Experiment &experiment)
{
    RunSpec whole = spec;
    takeParameters(experiment, whole);
    for (const Parameter *parameter : experiment.parameters()) {
        const ParameterInfo &info = parameter->info();
        if (!applies(info, whole) && parameter->value() != info.preset(spec.preset))
            return Conflict{info.key,
                            info.when->values == std::vector<std::string>{""}
                                ? fmt::format("It counts only where {} is empty.", info.when->parameter)
                                : fmt::format("It counts only where {} is {}.", info.when->parameter,
                                              fmt::join(info.when->values, " or "))};
    }
    return std::nullopt;
}

} // namespace

Result<void> applyParameters(const RunSpec &spec, Experiment &experiment)
{
    for (const auto &[key, value] : spec.parameters) {
        Parameter *parameter = experiment.findParameter(key);
        if (!parameter) {
            std::vector<std::string> keys;
            for (const Parameter *known : experiment.parameters())
                keys.push_back(known->info().key);
            const std::string near = nearestName(key, keys);
            constexpr std::size_t mostToRead = 100;
            return usageError(fmt::format(
                "{} has no parameter “{}”{} It has: {}.", experiment.info().id, cutTo(key, mostToRead),
                near.empty() ? "." : fmt::format("; did you mean {}?", near), fmt::join(keys, ", ")));
        }
        if (const Result<void> set = parameter->set(value); !set)
            return set;
    }
    if (const auto unused = whatDoesNotApply(spec, experiment))
        return refusal(experiment, *unused);
    experiment.normalize();
    if (const auto conflict = experiment.conflict())
        return refusal(experiment, *conflict);
    return {};
}

tl::unexpected<Error> refusal(const Experiment &experiment, const Conflict &conflict)
{
    return usageError(fmt::format("{} (“{}”): {}", conflict.parameter,
                                  experiment.findParameter(conflict.parameter)->info().label,
                                  conflict.message));
}

void takeParameters(const Experiment &experiment, RunSpec &spec)
{
    spec.parameters.clear();
    for (const Parameter *parameter : experiment.parameters())
        spec.parameters.emplace_back(parameter->info().key, parameter->value());
}

} // namespace losslab
