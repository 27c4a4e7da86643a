#include "lab/parameter.h"

#include "base/numbertext.h"
#include "lab/experiment.h"
#include "lab/runspec.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/ranges.h>

namespace losslab {

namespace {

template <class Number>
std::optional<Number> readNumber(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// "10,000" for 10000; numbers with a fraction, and huge ones, as they are.
std::string grouped(double number)
{
    if (std::abs(number) >= 1e15 || number != std::round(number))
        return fmt::format("{}", number);
    return fmt::format("{}{}", number < 0 ? "-" : "", countText(static_cast<std::int64_t>(std::abs(number))));
}

/// Of a real number, one group may be decimals.
bool partsThousands(const ParameterInfo &info, std::string_view typed)
{
    return isGrouped(typed)
           && (info.kind == ParameterInfo::Kind::Int || std::count(typed.begin(), typed.end(), ',') > 1);
}

std::string withoutCommas(std::string_view typed)
{
    std::string plain(typed);
    std::erase(plain, ',');
    return plain;
}

/// What a person meant who wrote "0,5", or "1,000" for a whole number; empty where that is not it.
std::string meantNumber(const ParameterInfo &info, std::string_view typed)
{
    std::string meant;
    if (info.kind != ParameterInfo::Kind::Int && info.kind != ParameterInfo::Kind::Real)
        return {};
    if (partsThousands(info, typed))
        meant = withoutCommas(typed);
    else if (info.kind == ParameterInfo::Kind::Real && std::count(typed.begin(), typed.end(), ',') == 1)
        std::replace_copy(typed.begin(), typed.end(), std::back_inserter(meant), ',', '.');
    return !meant.empty() && info.parse(meant) ? meant : std::string();
}

/// A sentence that puts a number right, or empty.
std::string numberHint(const ParameterInfo &info, std::string_view typed)
{
    const std::string meant = meantNumber(info, typed);
    if (meant.empty())
        return {};
    if (partsThousands(info, typed))
        return fmt::format("Write {}, without commas.", meant);
    if (isGrouped(typed) && info.parse(withoutCommas(typed)))
        return fmt::format("Write {} or {}: the comma may mean either.", withoutCommas(typed), meant);
    return fmt::format("Write {}: decimals have a point.", meant);
}

std::vector<std::string> optionKeys(const ParameterInfo &info)
{
    std::vector<std::string> keys;
    for (const Option &option : info.options)
        keys.push_back(option.key);
    return keys;
}

bool isOption(const ParameterInfo &info, std::string_view text)
{
    return std::any_of(info.options.begin(), info.options.end(),
                       [&](const Option &option) { return option.key == text; });
}

/// Why a Text does not take this; empty where it does.
std::string problemOfText(const ParameterInfo &info, std::string_view text)
{
    if (isOption(info, text))
        return {};
    const Result<void> accepted = info.accepts(text);
    return accepted ? std::string() : accepted.error().message;
}

tl::unexpected<Error> refuse(const ParameterInfo &info, std::string_view typed)
{
    std::string message = fmt::format("{} (“{}”) takes {}", info.key, info.label, info.range());
    if (info.kind == ParameterInfo::Kind::Text)
        message += ". " + problemOfText(info, typed);
    else
        message += fmt::format(", not “{}”.", typed);
    if (const std::string hint = numberHint(info, typed); !hint.empty())
        message += ' ' + hint;
    const std::string near = nearestName(typed, optionKeys(info));
    if (!near.empty())
        message += fmt::format(" Did you mean {}?", near);
    return usageError(std::move(message));
}

Value parsed(const ParameterInfo &info, std::string_view text)
{
    switch (info.kind) {
    case ParameterInfo::Kind::Int:
        if (!info.zero.empty() && text == info.zero)
            return std::int64_t(0);
        if (const auto number = readNumber<std::int64_t>(text))
            return *number;
        break;
    case ParameterInfo::Kind::Real:
        if (const auto number = readNumber<double>(text))
            return *number;
        break;
    case ParameterInfo::Kind::Flag:
        if (text == "true" || text == "on" || text == "yes" || text == "1")
            return true;
        if (text == "false" || text == "off" || text == "no" || text == "0")
            return false;
        break;
    case ParameterInfo::Kind::Choice:
    case ParameterInfo::Kind::Text:
        break;
    }
    return std::string(text);
}

ParameterInfo::Kind kindOf(const IntOptions &)
{
    return ParameterInfo::Kind::Int;
}
ParameterInfo::Kind kindOf(const RealOptions &)
{
    return ParameterInfo::Kind::Real;
}
ParameterInfo::Kind kindOf(const FlagOptions &)
{
    return ParameterInfo::Kind::Flag;
}
ParameterInfo::Kind kindOf(const ChoiceOptions &)
{
    return ParameterInfo::Kind::Choice;
}
ParameterInfo::Kind kindOf(const TextOptions &)
{
    return ParameterInfo::Kind::Text;
}

/// What all kinds of options share.
template <class Options>
ParameterInfo commonInfo(std::string key, std::string label, const Options &options)
{
    ParameterInfo info;
    info.kind = kindOf(options);
    info.key = std::move(key);
    info.label = std::move(label);
    info.help = options.help;
    info.group = options.group;
    info.report = options.standard;
    info.quick = options.quick.value_or(options.standard);
    info.decides = options.decides;
    return info;
}

template <class Options>
ParameterInfo numberInfo(std::string key, std::string label, const Options &options)
{
    ParameterInfo info = commonInfo(std::move(key), std::move(label), options);
    info.unit = options.unit;
    info.min = static_cast<double>(options.min);
    info.max = static_cast<double>(options.max);
    return info;
}

ParameterInfo realInfo(std::string key, std::string label, const RealOptions &options)
{
    ParameterInfo info = numberInfo(std::move(key), std::move(label), options);
    info.scale = options.scale;
    return info;
}

ParameterInfo choiceInfo(std::string key, std::string label, const ChoiceOptions &options)
{
    ParameterInfo info = commonInfo(std::move(key), std::move(label), options);
    info.options = options.options;
    return info;
}

ParameterInfo textInfo(std::string key, std::string label, const TextOptions &options)
{
    ParameterInfo info = commonInfo(std::move(key), std::move(label), options);
    info.options = options.options;
    info.takes = options.takes;
    info.accepts = options.accepts;
    return info;
}

} // namespace

std::string_view presetName(Preset preset)
{
    return preset == Preset::Quick ? "quick" : "report";
}

Result<Preset> presetFromName(std::string_view name)
{
    for (const Preset preset : {Preset::Report, Preset::Quick})
        if (name == presetName(preset))
            return preset;
    return usageError(fmt::format("There is no preset “{}”: use report or quick.", name));
}

std::string toText(const Value &value)
{
    if (const auto *flag = std::get_if<bool>(&value))
        return *flag ? "true" : "false";
    if (const auto *text = std::get_if<std::string>(&value))
        return *text;
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        return fmt::format("{}", *integer);
    return fmt::format("{}", std::get<double>(value));
}

std::string ParameterInfo::range() const
{
    switch (kind) {
    case Kind::Flag:
        return "true or false";
    case Kind::Choice:
        return fmt::format("one of {}", fmt::join(optionKeys(*this), ", "));
    case Kind::Text:
        return options.empty() ? takes : fmt::format("{} or {}", fmt::join(optionKeys(*this), ", "), takes);
    case Kind::Int:
    case Kind::Real:
        break;
    }
    const std::string what = kind == Kind::Int ? "a whole number" : "a number";
    if (!zero.empty())
        return fmt::format("{}, or {} from 1 to {}", zero, what, grouped(max));
    const bool open = kind == Kind::Int ? max >= std::numeric_limits<std::int32_t>::max()
                                        : max >= std::numeric_limits<double>::max();
    return open ? fmt::format("{} of {} or more", what, grouped(min))
                : fmt::format("{} from {} to {}", what, grouped(min), grouped(max));
}

std::string ParameterInfo::text(const Value &value) const
{
    return !zero.empty() && value == Value(std::int64_t(0)) ? zero : toText(value);
}

std::string ParameterInfo::words(const Value &value) const
{
    if (kind == Kind::Choice)
        for (const Option &option : options)
            if (value == Value(option.key) && option.label != option.key)
                return fmt::format("“{}”", option.label);
    if (const auto *number = std::get_if<std::int64_t>(&value); number && text(value) == toText(value))
        return countText(*number);
    return text(value);
}

std::string ParameterInfo::phrase(const Value &value) const
{
    std::string name = label;
    const auto isLetter = [](char c, char from, char to) { return c >= from && c <= to; };
    if (name.size() > 1 && isLetter(name[0], 'A', 'Z') && isLetter(name[1], 'a', 'z'))
        name[0] = static_cast<char>(name[0] - 'A' + 'a');                    // not of an acronym
    const bool one = value == Value(std::int64_t(1)) && unit.ends_with('s'); // 1 epoch
    return fmt::format("{}{} {}{}{}", name, kind == Kind::Flag ? ":" : "", words(value),
                       unit.empty() ? "" : " ", one ? unit.substr(0, unit.size() - 1) : unit);
}

Result<Value> ParameterInfo::check(const Value &value) const
{
    Value typed = value;
    if (kind == Kind::Real && std::holds_alternative<std::int64_t>(value))
        typed = static_cast<double>(std::get<std::int64_t>(value));
    if (typed.index() != report.index())
        return refuse(*this, toText(value));

    if (const auto *text = std::get_if<std::string>(&typed)) {
        if (kind == Kind::Text ? !problemOfText(*this, *text).empty() : !isOption(*this, *text))
            return refuse(*this, *text);
    } else if (!std::holds_alternative<bool>(typed)) {
        const double number =
            kind == Kind::Int ? static_cast<double>(std::get<std::int64_t>(typed)) : std::get<double>(typed);
        if (!(number >= min && number <= max) || !std::isfinite(number))
            return refuse(*this, toText(value));
    }
    return typed;
}

Result<Value> ParameterInfo::parse(std::string_view text) const
{
    const std::string_view clean = trimmed(text);
    const Result<Value> value = check(parsed(*this, clean));
    return value ? value : refuse(*this, clean);
}

std::string ParameterInfo::problem(std::string_view text) const
{
    if (parse(text))
        return {};
    if (kind == Kind::Text)
        return problemOfText(*this, trimmed(text));
    if (std::string hint = numberHint(*this, trimmed(text)); !hint.empty())
        return hint;
    const char *verb = kind == Kind::Choice || kind == Kind::Flag ? "Choose" : "Enter";
    return fmt::format("{} {}.", verb, range());
}

std::string ParameterInfo::spelling(std::string_view text) const
{
    const std::string meant = meantNumber(*this, trimmed(text));
    if (meant.empty())
        return {};
    return fmt::format("Read as {}: {}.", meant,
                       partsThousands(*this, trimmed(text)) ? "commas are left out"
                                                            : "decimals have a point");
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
    : Parameter(owner, numberInfo(std::move(key), std::move(label), options))
{}

Real::Real(Experiment *owner, std::string key, std::string label, const RealOptions &options)
    : Parameter(owner, realInfo(std::move(key), std::move(label), options))
{}

Flag::Flag(Experiment *owner, std::string key, std::string label, const FlagOptions &options)
    : Parameter(owner, commonInfo(std::move(key), std::move(label), options))
{}

Choice::Choice(Experiment *owner, std::string key, std::string label, const ChoiceOptions &options)
    : Parameter(owner, choiceInfo(std::move(key), std::move(label), options))
{}

Text::Text(Experiment *owner, std::string key, std::string label, const TextOptions &options)
    : Parameter(owner, textInfo(std::move(key), std::move(label), options))
{}

} // namespace losslab
