#include "lab/runspec.h"

#include "base/names.h"
#include "lab/counts.h"
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

bool counts(const ParameterInfo &parameter, const Experiment &experiment, const RunSpec &spec)
{
    if (!parameter.when)
        return true;
    const Parameter *asked = experiment.findParameter(parameter.when->parameter);
    return asked && parameter.when->holds(toText(asked->valueIn(spec)))
           && counts(asked->info(), experiment, spec);
}

std::vector<std::string> changedParameters(const RunSpec &spec, const Experiment &experiment)
{
    std::vector<std::string> changed;
    for (const Parameter *parameter : experiment.parameters()) {
        const Value *value = spec.find(parameter->info().key);
        if (value && counts(parameter->info(), experiment, spec)
            && *value != parameter->info().preset(spec.preset))
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
        if (counts(info, experiment, whole) || parameter->value() == info.preset(spec.preset))
            continue;
        const Condition *unmet = &*info.when;
        while (unmet->holds(toText(*whole.find(unmet->parameter)))) // what it hangs on does not count, then
            unmet = &*experiment.findParameter(unmet->parameter)->info().when;
        return Conflict{info.key, unmet->values == std::vector<std::string>{""}
                                      ? fmt::format("It counts only where {} is empty.", unmet->parameter)
                                      : fmt::format("It counts only where {} is {}.", unmet->parameter,
                                                    fmt::join(unmet->values, " or "))};
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
            return usageError(fmt::format("{} has no parameter “{}”{} It has: {}.", experiment.info().id, key,
                                          near.empty() ? "." : fmt::format("; did you mean {}?", near),
                                          fmt::join(keys, ", ")));
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
