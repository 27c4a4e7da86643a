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

std::optional<Condition> missingCondition(const ParameterInfo &parameter, const RunSpec &spec,
                                          const Experiment &experiment)
{
    const std::optional<Condition> &when = parameter.when;
    if (!when)
        return std::nullopt;
    const Parameter *asked = experiment.findParameter(when->parameter);
    if (!asked)
        return when;
    if (auto behind = missingCondition(asked->info(), spec, experiment))
        return behind;
    return when->holds(toText(asked->valueIn(spec))) ? std::nullopt : when;
}

bool applies(const ParameterInfo &parameter, const RunSpec &spec, const Experiment &experiment)
{
    return !missingCondition(parameter, spec, experiment);
}

const Parameter *lengthParameter(const RunSpec &spec, const Experiment &experiment)
{
    const Parameter *first = nullptr; // a schedule may count epochs, too
    for (const Parameter *parameter : experiment.parameters()) {
        const ParameterInfo &info = parameter->info();
        if (info.unit != "epochs" || !applies(info, spec, experiment))
            continue;
        if (info.key == "epochs")
            return parameter;
        if (!first)
            first = parameter;
    }
    return first;
}

std::vector<std::string> changedParameters(const RunSpec &spec, const Experiment &experiment)
{
    std::vector<std::string> changed;
    for (const Parameter *parameter : experiment.parameters()) {
        const Value *value = spec.find(parameter->info().key);
        if (value && applies(parameter->info(), spec, experiment)
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
    if (experiment.needsImages(spec) && spec.data != RunSpec().data)
        settings += fmt::format(", {}", spec.data.substr(spec.data.rfind('/') + 1));
    const std::uint64_t last = spec.seed + static_cast<std::uint64_t>(spec.repeats) - 1;
    const std::string seeds =
        spec.repeats == 1 ? fmt::format("seed {}", spec.seed) : fmt::format("seeds {}–{}", spec.seed, last);
    return fmt::format("{} · {} · {}", experiment.info().title, settings, seeds);
}

namespace {

/// "optimizer is sgd or rmsprop", "table is empty", "fine-tune is not 0".
std::string wordsOf(const Condition &condition)
{
    const bool isEmpty = condition.values == std::vector<std::string>{""};
    return fmt::format("{} is {}{}", condition.parameter, condition.isExcept ? "not " : "",
                       isEmpty ? "empty" : fmt::format("{}", fmt::join(condition.values, " or ")));
}

/// "; here it is image-epochs.", the parameter that has its place with these values; "." where none has.
std::string inItsPlace(const ParameterInfo &info, const RunSpec &spec, const Experiment &experiment)
{
    for (const Parameter *parameter : experiment.parameters())
        if (const ParameterInfo &other = parameter->info();
            other.label == info.label && applies(other, spec, experiment))
            return fmt::format("; here it is {}.", other.key);
    return ".";
}

/// A value that was set, and that nothing asks for with the other values.
std::optional<Conflict> whatDoesNotApply(const RunSpec &spec, const Experiment &experiment)
{
    RunSpec whole = spec;
    takeParameters(experiment, whole);
    for (const Parameter *parameter : experiment.parameters()) {
        const ParameterInfo &info = parameter->info();
        const auto missing = missingCondition(info, whole, experiment);
        if (missing && parameter->value() != info.preset(spec.preset))
            return Conflict{info.key, fmt::format("It counts only where {}{}", wordsOf(*missing),
                                                  inItsPlace(info, whole, experiment))};
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

RunSpec settingsOf(const Experiment &experiment)
{
    RunSpec spec;
    takeParameters(experiment, spec);
    return spec;
}

} // namespace losslab
