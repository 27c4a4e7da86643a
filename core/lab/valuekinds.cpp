#include "lab/valuekinds.h"

#include "base/names.h"
#include "base/numbertext.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/ranges.h>
#include <limits>

namespace losslab {

namespace {

std::string withoutCommas(std::string_view typed)
{
    std::string plain(typed);
    std::erase(plain, ',');
    return plain;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    std::string result;
    for (std::size_t next = text.find(from); next != std::string_view::npos; next = text.find(from)) {
        result.append(text.substr(0, next)).append(to);
        text.remove_prefix(next + from.size());
    }
    return result.append(text);
}

std::vector<std::string> keysOf(const std::vector<Option> &options)
{
    std::vector<std::string> keys;
    keys.reserve(options.size());
    for (const Option &option : options)
        keys.push_back(option.key);
    return keys;
}

bool isOption(const std::vector<Option> &options, std::string_view text)
{
    return std::any_of(options.begin(), options.end(),
                       [&](const Option &option) { return option.key == text; });
}

/// A sentence after a name that was not one of these, or nothing.
std::string nearest(std::string_view typed, const std::vector<Option> &options)
{
    const std::string near = nearestName(typed, keysOf(options));
    return near.empty() ? near : fmt::format(" Did you mean {}?", near);
}

} // namespace

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

// --- All kinds

std::string ValueKind::advice(std::string_view) const
{
    return fmt::format("Enter {}.", range());
}

std::string ValueKind::refusal(std::string_view text) const
{
    return fmt::format(" takes {}, not “{}”.", range(), text);
}

const std::vector<Option> &ValueKind::options() const
{
    static const std::vector<Option> none;
    return none;
}

// --- Numbers

std::string NumberKind::range() const
{
    const char *what = m_whole ? "a whole number" : "a number";
    const double most =
        m_whole ? std::numeric_limits<std::int32_t>::max() : std::numeric_limits<double>::max();
    return m_limits.max >= most
               ? fmt::format("{} of {} or more", what, groupedText(m_limits.min))
               : fmt::format("{} from {} to {}", what, groupedText(m_limits.min), groupedText(m_limits.max));
}

std::string NumberKind::advice(std::string_view text) const
{
    const std::string hint = this->hint(text);
    return hint.empty() ? ValueKind::advice(text) : hint;
}

std::string NumberKind::refusal(std::string_view text) const
{
    const std::string hint = this->hint(text);
    return fmt::format("{}{}{}", ValueKind::refusal(text), hint.empty() ? "" : " ", hint);
}

/// "1,000" stays as it is where it may be either.
std::string NumberKind::plain(std::string_view typed) const
{
    constexpr std::array spaces{" ", "\t", "'", "’", "_", "\u00a0", "\u2007", "\u2008", "\u2009", "\u202f"};
    std::string plain(typed);
    for (const char *space : spaces)
        plain = replaced(plain, space, "");
    plain = replaced(plain, "\u2212", "-");
    if (partsThousands(plain))
        return withoutCommas(plain);
    if (!m_whole && !isGrouped(plain) && std::count(plain.begin(), plain.end(), ',') == 1
        && plain.find('.') == std::string::npos)
        std::replace(plain.begin(), plain.end(), ',', '.');
    return plain;
}

std::string NumberKind::reading(std::string_view typed) const
{
    const std::string number = meant(typed);
    if (number.empty())
        return {};
    return fmt::format("Read as {}: {}.", number,
                       partsThousands(typed) ? "commas are left out" : "decimals have a point");
}

bool NumberKind::allows(double number) const
{
    return std::isfinite(number) && number >= m_limits.min && number <= m_limits.max;
}

/// Of a real number, one group may be decimals.
bool NumberKind::partsThousands(std::string_view typed) const
{
    return isGrouped(typed) && (m_whole || std::count(typed.begin(), typed.end(), ',') > 1);
}

/// What a person meant who wrote "0,5", or "1,000" for a whole number; empty where that is not it.
std::string NumberKind::meant(std::string_view typed) const
{
    std::string number;
    if (partsThousands(typed))
        number = withoutCommas(typed);
    else if (!m_whole && std::count(typed.begin(), typed.end(), ',') == 1)
        std::replace_copy(typed.begin(), typed.end(), std::back_inserter(number), ',', '.');
    return !number.empty() && read(number) ? number : std::string();
}

/// A sentence that puts a number right, or empty.
std::string NumberKind::hint(std::string_view typed) const
{
    const std::string number = meant(typed);
    if (number.empty())
        return {};
    if (partsThousands(typed))
        return fmt::format("Write {}, without commas.", number);
    if (isGrouped(typed) && read(withoutCommas(typed)))
        return fmt::format("Write {} or {}: the comma may mean either.", withoutCommas(typed), number);
    return fmt::format("Write {}: decimals have a point.", number);
}

std::string IntKind::range() const
{
    if (m_zero.empty())
        return NumberKind::range();
    return fmt::format("{}, or a whole number from 1 to {}", m_zero, groupedText(limits()->max));
}

std::optional<Value> IntKind::read(std::string_view text) const
{
    if (!m_zero.empty() && text == m_zero)
        return std::int64_t(0);
    const auto number = readNumber<std::int64_t>(text);
    return number ? take(*number) : std::nullopt;
}

std::optional<Value> IntKind::take(const Value &value) const
{
    const auto *number = std::get_if<std::int64_t>(&value);
    return number && allows(static_cast<double>(*number)) ? std::optional(value) : std::nullopt;
}

std::string IntKind::text(const Value &value) const
{
    return !m_zero.empty() && value == Value(std::int64_t(0)) ? m_zero : toText(value);
}

std::string IntKind::words(const Value &value) const
{
    const auto *number = std::get_if<std::int64_t>(&value);
    return number && text(value) == toText(value) ? groupedText(static_cast<double>(*number)) : text(value);
}

std::optional<Value> RealKind::read(std::string_view text) const
{
    const auto number = readNumber<double>(text);
    return number ? take(*number) : std::nullopt;
}

std::optional<Value> RealKind::take(const Value &value) const
{
    if (const auto *whole = std::get_if<std::int64_t>(&value))
        return take(static_cast<double>(*whole));
    const auto *number = std::get_if<double>(&value);
    return number && allows(*number) ? std::optional(value) : std::nullopt;
}

// --- Words

std::optional<Value> FlagKind::read(std::string_view text) const
{
    if (text == "true" || text == "on" || text == "yes" || text == "1")
        return true;
    if (text == "false" || text == "off" || text == "no" || text == "0")
        return false;
    return std::nullopt;
}

std::optional<Value> FlagKind::take(const Value &value) const
{
    return std::holds_alternative<bool>(value) ? std::optional(value) : std::nullopt;
}

std::string FlagKind::advice(std::string_view) const
{
    return fmt::format("Choose {}.", range());
}

std::string ChoiceKind::range() const
{
    return fmt::format("one of {}", fmt::join(keysOf(m_options), ", "));
}

/// Also as the window calls it, and in any letters: SGD, ReLU.
std::optional<Value> ChoiceKind::read(std::string_view text) const
{
    for (const Option &option : m_options)
        if (lowered(text) == lowered(option.key) || lowered(text) == lowered(option.label))
            return option.key;
    return std::nullopt;
}

std::optional<Value> ChoiceKind::take(const Value &value) const
{
    const auto *text = std::get_if<std::string>(&value);
    return text && isOption(m_options, *text) ? std::optional(value) : std::nullopt;
}

std::string ChoiceKind::advice(std::string_view) const
{
    return fmt::format("Choose {}.", range());
}

std::string ChoiceKind::refusal(std::string_view text) const
{
    return ValueKind::refusal(text) + nearest(text, m_options);
}

std::string ChoiceKind::words(const Value &value) const
{
    for (const Option &option : m_options)
        if (value == Value(option.key) && option.label != option.key)
            return fmt::format("“{}”", option.label);
    return text(value);
}

std::optional<Value> WrittenKind::read(std::string_view text) const
{
    const Result<std::string> best = written(text);
    return best ? std::optional<Value>(*best) : std::nullopt;
}

std::optional<Value> WrittenKind::take(const Value &value) const
{
    const auto *text = std::get_if<std::string>(&value);
    return text ? read(*text) : std::nullopt;
}

std::string WrittenKind::advice(std::string_view text) const
{
    const Result<std::string> best = written(text);
    return best ? std::string() : best.error().message;
}

std::string WrittenKind::refusal(std::string_view text) const
{
    return ": " + advice(text);
}

std::string TextKind::range() const
{
    return m_options.empty() ? m_takes : fmt::format("{} or {}", fmt::join(keysOf(m_options), ", "), m_takes);
}

std::string TextKind::refusal(std::string_view text) const
{
    return WrittenKind::refusal(text) + nearest(text, m_options);
}

Result<std::string> TextKind::written(std::string_view text) const
{
    const Result<void> checked = isOption(m_options, text) ? Result<void>() : m_check(text);
    return checked.map([&] { return std::string(text); });
}

} // namespace losslab
