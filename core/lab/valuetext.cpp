#include "lab/valuetext.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>

namespace losslab {

namespace {

constexpr std::string_view minusSign = "−";

std::string superscript(int number)
{
    constexpr std::array<std::string_view, 10> digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string text = number < 0 ? "⁻" : "";
    for (const char digit : std::to_string(std::abs(number)))
        text += digits[static_cast<std::size_t>(digit - '0')];
    return text;
}

std::string withoutZerosAtTheEnd(std::string number)
{
    const std::size_t point = number.find('.');
    if (point == std::string::npos)
        return number;
    const std::size_t end = std::min(number.find_first_not_of("0123456789", point + 1), number.size());
    const std::size_t kept = number.find_last_not_of('0', end - 1);
    const std::size_t from = kept == point ? point : kept + 1;
    return number.erase(from, end - from);
}

} // namespace

std::string groupedNumber(double value, int decimals)
{
    std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
    for (std::size_t at = std::min(text.find('.'), text.size()); at > 3; at -= 3)
        text.insert(at - 3, 1, ',');
    const bool isZero = text.find_first_of("123456789") == std::string::npos;
    return value < 0 && !isZero ? std::string(minusSign) + text : text;
}

std::string powerOfTen(int exponent)
{
    return "10" + superscript(exponent);
}

std::string scientificNumber(double value, int digits, int shift)
{
    const std::string text =
        fmt::format("{:.{}e}", std::abs(value), digits); // rounds before the exponent is known
    const std::size_t e = text.find('e');
    return fmt::format("{}{}×{}", value < 0 ? minusSign : "", text.substr(0, e),
                       powerOfTen(std::stoi(text.substr(e + 1)) + shift));
}

std::string figureText(double value, Format format)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? "not a number" : "infinite";
    if (format == Format::Percent)
        return groupedNumber(value * 100, 2) + " %";
    if (value == 0)
        return "0";
    const double size = std::abs(value);
    if (size >= 1e9 || size < 1e-4)
        return scientificNumber(value, 3);
    if (value == std::floor(value))
        return groupedNumber(value, 0);
    return groupedNumber(value, std::max(0, 3 - static_cast<int>(std::floor(std::log10(size)))));
}

std::string publishedText(const Published &published, Format format)
{
    std::string text = withoutZerosAtTheEnd(figureText(published.value, format));
    if (published.upTo)
        text += "–" + withoutZerosAtTheEnd(figureText(*published.upTo, format));
    return text;
}

std::string durationText(double seconds)
{
    const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
    if (whole < 60)
        return fmt::format("{} s", whole);
    if (whole < 3600)
        return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

} // namespace losslab
