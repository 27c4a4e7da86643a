#include "lab/parameter.h"

#include "base/text.h"
#include "lab/experiment.h"
#include "lab/runspec.h"

#include <fmt/format.h>

namespace losslab {

namespace {

tl::unexpected<Error> refuse(const ParameterInfo &info, std::string_view typed)
{
    return usageError(fmt::format("{} (“{}”){}", info.key, info.label, info.kind->refusal(typed)));
}

template <class Options>
ParameterInfo numberInfo(std::string key, std::string label, const Options &options,
                         std::shared_ptr<const ValueKind> kind)
{
    ParameterInfo info = parameterInfo(std::move(key), std::move(label), options, std::move(kind));
    info.unit = options.unit;
    return info;
}

} // namespace

std::string_view presetName(Preset preset)
{
    return preset == Preset::Quick ? "quick" : preset == Preset::Slides ? "slides" : "report";
}

std::string_view presetTitle(Preset preset)
{
    return preset == Preset::Quick ? "Quick" : preset == Preset::Slides ? "Slides" : "Report";
}

Result<Preset> presetFromName(std::string_view name)
{
    for (const Preset preset : allPresets)
        if (name == presetName(preset))
            return preset;
    return usageError(fmt::format("There is no preset “{}”: use report, quick or slides.", name));
}

std::string ParameterInfo::phrase(const Value &value) const
{
    std::string name = label;
    const auto isLetter = [](char c, char from, char to) { return c >= from && c <= to; };
    if (name.size() > 1 && isLetter(name[0], 'A', 'Z') && isLetter(name[1], 'a', 'z'))
        name[0] = static_cast<char>(name[0] - 'A' + 'a');                    // not of an acronym
    const bool one = value == Value(std::int64_t(1)) && unit.ends_with('s'); // 1 epoch
    return fmt::format("{}{} {}{}{}", name, std::holds_alternative<bool>(value) ? ":" : "",
                       kind->words(value), unit.empty() ? "" : " ",
                       one ? unit.substr(0, unit.size() - 1) : unit);
}

bool ParameterInfo::setImages(const ImageSurvey &images)
{
    std::shared_ptr<const ValueKind> suited = kind->forImages(images);
    if (!suited)
        return false;
    kind = std::move(suited);
    return true;
}

Result<Value> ParameterInfo::check(const Value &value) const
{
    const std::optional<Value> taken = kind->take(value);
    return taken ? Result<Value>(*taken) : refuse(*this, toText(value));
}

Result<Value> ParameterInfo::parse(std::string_view text) const
{
    const std::optional<Value> value = kind->read(trimmed(text));
    return value ? Result<Value>(*value) : refuse(*this, trimmed(text));
}

std::string ParameterInfo::problem(std::string_view text) const
{
    return kind->read(trimmed(text)) ? std::string() : kind->advice(trimmed(text));
}

Parameter::Parameter(Experiment *owner, ParameterInfo info) : m_info(std::move(info)), m_value(m_info.report)
{
    owner->m_parameters.push_back(this);
}

Result<void> Parameter::set(const Value &value)
{
    return m_info.check(value).map([this](Value checked) { m_value = std::move(checked); });
}

const Value &Parameter::valueIn(const RunSpec &spec) const
{
    const Value *value = spec.find(m_info.key);
    return value ? *value : m_info.report;
}

Int::Int(Experiment *owner, std::string key, std::string label, const IntOptions &options)
    : Parameter(owner, numberInfo(std::move(key), std::move(label), options,
                                  std::make_shared<IntKind>(Limits{.min = static_cast<double>(options.min),
                                                                   .max = static_cast<double>(options.max)},
                                                            options.zero)))
{}

Real::Real(Experiment *owner, std::string key, std::string label, const RealOptions &options)
    : Parameter(owner,
                numberInfo(std::move(key), std::move(label), options,
                           std::make_shared<RealKind>(Limits{options.min, options.max, options.scale})))
{}

Flag::Flag(Experiment *owner, std::string key, std::string label, const FlagOptions &options)
    : Parameter(owner, parameterInfo(std::move(key), std::move(label), options, std::make_shared<FlagKind>()))
{}

Choice::Choice(Experiment *owner, std::string key, std::string label, const ChoiceOptions &options)
    : Parameter(owner, parameterInfo(std::move(key), std::move(label), options,
                                     std::make_shared<ChoiceKind>(options.options)))
{}

Text::Text(Experiment *owner, std::string key, std::string label, const TextOptions &options)
    : Parameter(owner,
                parameterInfo(std::move(key), std::move(label), options,
                              std::make_shared<TextKind>(options.options, options.takes, options.accepts)))
{}

} // namespace losslab
