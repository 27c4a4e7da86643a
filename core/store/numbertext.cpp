#include "store/numbertext.h"

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
