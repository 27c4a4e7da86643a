#include "base/numbertext.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace losslab {

std::string numberText(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value < 0 ? "-Infinity" : "Infinity";
    if (value == 0 && std::signbit(value))
        return "-0.0"; // JSON readers take "-0" for the whole number 0
    return fmt::format("{}", value);
}

std::string groupedText(double number)
{
    if (std::abs(number) >= 1e15 || number != std::round(number))
        return fmt::format("{}", number);
    return fmt::format("{}{}", number < 0 ? "-" : "", countText(static_cast<std::int64_t>(std::abs(number))));
}

bool isGrouped(std::string_view typed)
{
    if (!typed.empty() && (typed[0] == '-' || typed[0] == '+'))
        typed.remove_prefix(1);
    const std::size_t first = typed.find(',');
    if (first == std::string_view::npos || first < 1 || first > 3 || (typed.size() - first) % 4 != 0
        || typed[0] == '0')
        return false;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        const bool comma = i >= first && (i - first) % 4 == 0;
        if (comma ? typed[i] != ',' : typed[i] < '0' || typed[i] > '9')
            return false;
    }
    return true;
}

std::optional<double> numberFromName(std::string_view name)
{
    if (name == "NaN")
        return std::numeric_limits<double>::quiet_NaN();
    if (name == "Infinity")
        return std::numeric_limits<double>::infinity();
    if (name == "-Infinity")
        return -std::numeric_limits<double>::infinity();
    return std::nullopt;
}

std::string countText(std::int64_t count)
{
    return count < 1000 ? fmt::format("{}", count)
                        : fmt::format("{},{:03}", countText(count / 1000), count % 1000);
}

} // namespace losslab
