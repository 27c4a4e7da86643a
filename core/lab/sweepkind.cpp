#include "lab/sweepkind.h"

#include "base/numbertext.h"
#include "base/text.h"
#include "lab/experiment.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <memory>
#include <optional>

namespace losslab {

namespace {

constexpr std::size_t mostValues = 200;

std::optional<double> numberOf(std::string_view text)
{
    const auto number = readNumber<double>(trimmed(text));
    return number && std::isfinite(*number) ? number : std::nullopt;
}

tl::unexpected<Error> notUnderstood(std::string_view part)
{
    const bool isRange = part.find("..") != std::string_view::npos;
    return usageError(fmt::format("“{}” {}. Write numbers as 16, 64, 256, or as a range: 100..1000 "
                                  "step 100, 16..1024 double, 0.0001..0.01 times 10.",
                                  part, isRange ? "is no range with its step" : "is no number"));
}

/// Parts between commas or semicolons, trimmed; empty ones left out.
std::vector<std::string_view> partsOf(std::string_view text)
{
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find_first_of(",;"), text.size());
        if (const std::string_view part = trimmed(text.substr(0, comma)); !part.empty())
            parts.push_back(part);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

/// "16..1024 double": what goes from one number to the next.
struct Stride
{
    bool multiplies = false;
    double by = 1;
};

std::optional<Stride> strideOf(std::string_view text)
{
    if (text == "double")
        return Stride{true, 2};
    for (const auto &[word, multiplies] : {std::pair("step", false), std::pair("times", true)})
        if (text.starts_with(word))
            if (const auto by = numberOf(text.substr(std::string_view(word).size())))
                return Stride{multiplies, *by};
    return std::nullopt;
}

/// What comes after two dots: where it ends, and a stride.
Result<std::vector<double>> readRange(std::string_view part, std::size_t dots)
{
    const std::string_view rest = trimmed(part.substr(dots + 2));
    const std::size_t space = std::min(rest.find(' '), rest.size());
    const auto first = numberOf(part.substr(0, dots)), last = numberOf(rest.substr(0, space));
    const auto stride = strideOf(trimmed(rest.substr(space)));
    if (!first || !last || !stride)
        return notUnderstood(part);
    if (*last < *first || (stride->multiplies ? stride->by <= 1 || *first <= 0 : stride->by <= 0))
        return usageError(fmt::format("“{}” does not rise from its first number to its last.", part));
    std::vector<double> values;
    constexpr double rounding = 1e-9;
    for (double n = 0;; ++n) {
        const double value = stride->multiplies ? *first * std::pow(stride->by, n) : *first + n * stride->by;
        if (value > *last + rounding * (stride->multiplies ? *last : stride->by))
            return values;
        if (values.size() == mostValues)
            return usageError(fmt::format("“{}” has more than {} values.", part, mostValues));
        if (!stride->multiplies && std::abs(value) < rounding * stride->by)
            values.push_back(0); // not 5.6e-17
        else
            values.push_back(
                numberOf(fmt::format("{:.12g}", value)).value_or(value)); // 0.001, not 0.00100…02
    }
}

} // namespace

Result<std::vector<double>> readSweep(std::string_view text)
{
    std::vector<double> values;
    const std::vector<std::string_view> parts = partsOf(text);
    if (parts.size() > mostValues) // each may be as many values itself
        return usageError(fmt::format("There are more than {} values.", mostValues));
    for (const std::string_view part : parts) {
        const std::size_t dots = part.find("..");
        if (dots != std::string_view::npos) {
            const auto range = readRange(part, dots);
            if (!range)
                return range;
            values.insert(values.end(), range->begin(), range->end());
        } else if (const auto number = numberOf(part)) {
            values.push_back(*number);
        } else {
            return notUnderstood(part);
        }
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (values.size() > mostValues)
        return usageError(fmt::format("There are more than {} values.", mostValues));
    return values;
}

std::optional<double> writtenTwice(std::string_view text)
{
    std::vector<double> numbers;
    for (const std::string_view part : partsOf(text))
        if (const auto number = numberOf(part)) {
            if (std::find(numbers.begin(), numbers.end(), *number) != numbers.end())
                return number;
            numbers.push_back(*number);
        }
    return std::nullopt;
}

std::string SweepKind::range() const
{
    const char *example = !m_whole && m_limits.max <= 1    ? "0.1, 0.2, 0.5 or 0.1..0.9 step 0.2"
                          : !m_whole && m_limits.max <= 10 ? "0.001, 0.01 or 0.0001..0.1 times 10"
                          : m_limits.max < 1024            ? "10, 20, 50 or 10..50 step 10"
                                                           : "16, 64, 256 or 16..1024 double";
    const std::string numbers = fmt::format("numbers from {} to {}, such as {}", groupedText(m_limits.min),
                                            groupedText(m_limits.max), example);
    return m_whenEmpty.empty() ? numbers : fmt::format("{}; none: {}", numbers, m_whenEmpty);
}

Result<std::string> SweepKind::written(std::string_view text) const
{
    const auto values = readSweep(text);
    if (!values)
        return tl::unexpected(values.error());
    if (values->empty() && m_whenEmpty.empty())
        return usageError(fmt::format("Enter {}.", range()));
    for (const double value : *values) {
        if (m_whole && value != std::round(value))
            return usageError(fmt::format("{} is not a whole number.", value));
        if (value < m_limits.min || value > m_limits.max)
            return usageError(fmt::format("{} is not from {} to {}.", groupedText(value),
                                          groupedText(m_limits.min), groupedText(m_limits.max)));
    }
    return std::string(trimmed(text));
}

std::string SweepKind::words(const Value &value) const
{
    const std::string text = toText(value);
    return text.empty() ? m_whenEmpty : text;
}

std::string SweepKind::note(std::string_view text) const
{
    const auto values = readSweep(text);
    if (!values)
        return {};
    if (values->empty())
        return m_whenEmpty;
    if (values->size() == 1)
        return "1 value";
    return fmt::format("{} values from {} to {}", values->size(), groupedText(values->front()),
                       groupedText(values->back()));
}

Sweep::Sweep(Experiment *owner, std::string key, std::string label, const SweepOptions &options)
    : Parameter(owner,
                parameterInfo(std::move(key), std::move(label), options,
                              std::make_shared<SweepKind>(Limits{.min = options.min, .max = options.max},
                                                          options.whole, options.whenEmpty)))
{}

std::vector<double> Sweep::values() const
{
    return readSweep(toText(value())).value_or(std::vector<double>());
}

std::vector<double> Sweep::in(const RunSpec &spec) const
{
    return readSweep(toText(valueIn(spec))).value_or(std::vector<double>());
}

} // namespace losslab
