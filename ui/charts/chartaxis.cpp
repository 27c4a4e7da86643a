#include "ui/charts/chartaxis.h"

#include "lab/valuetext.h"
#include "ui/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace losslab::ui {

namespace {

constexpr double slack = 1e-9;      // of a step: what rounding may cost
constexpr double fewPercent = 0.02; // shares that differ by less look alike, unless one zooms in

constexpr double largest = std::numeric_limits<double>::max();
constexpr double smallestDecade = -324; // of the smallest double there is
constexpr double largestDecade = 308.25;
constexpr double leastDecade = -290; // of which parts are still numbers with all their digits

QString scientific(double value, int digits, int shift = 0)
{
    return QString::fromStdString(scientificNumber(value, digits, shift));
}

int decimalsOf(double step)
{
    return std::max(0, static_cast<int>(-std::floor(std::log10(step) + slack)));
}

QString percentSign()
{
    return QStringLiteral("\u00A0%");
}

/// `most`: the axis's largest number.
QString linearLabel(double value, double step, double most, Format format)
{
    const bool percent = format == Format::Percent;
    const double scale = percent ? 100 : 1;
    const QString unit = percent ? percentSign() : QString();
    if (step * scale >= 1e7 || (step * scale < 1e-4 && most * scale < 1e-3)) {
        if (value == 0)
            return QStringLiteral("0") + unit;
        const int digits = static_cast<int>(std::floor(std::log10(std::abs(value)) + slack)
                                            - std::floor(std::log10(step) + slack));
        return scientific(value, std::clamp(digits, 0, 13), percent ? 2 : 0) + unit;
    }
    return groupedNumber(value * scale, decimalsOf(step * scale)) + unit;
}

/// Multiples of a step, from the first to the last.
struct Multiples
{
    double step = 1;
    double first = 0;
    std::int64_t count = 0;
};

Multiples multiplesWithin(const AxisRange &range, double step)
{
    const double first = std::ceil(range.min / step - slack);
    const double last = std::floor(range.max / step + slack);
    const double count = last - first + 1;
    return {step, first, count >= 1 && count <= 10000 ? static_cast<std::int64_t>(count) : 0};
}

Ticks linearTicks(const Axis &axis, const AxisRange &range, int atMost)
{
    Multiples multiples;
    for (int tries = 0; tries < 3; ++tries) { // one tick alone says nothing of the scale
        const double step = roundStep(range.length(), std::max(atMost, 1) << tries);
        multiples = multiplesWithin(range, std::max(step, axis.whole ? 1.0 : 0.0));
        if (multiples.count > 1 || (axis.whole && multiples.step == 1))
            break;
    }
    const double most = std::max(std::abs(range.min), std::abs(range.max));
    Ticks ticks;
    for (std::int64_t i = 0; i < multiples.count; ++i) {
        const double number = multiples.first + static_cast<double>(i);
        const double value = number == 0 ? 0 : number * multiples.step;
        if (std::isfinite(value)) {
            ticks.at.push_back(value);
            ticks.labels.push_back(linearLabel(value, multiples.step, most, axis.format));
        }
    }
    return ticks;
}

QString logLabel(int mantissa, int exponent, bool plain, Format format)
{
    const bool percent = format == Format::Percent;
    const int shown = percent ? exponent + 2 : exponent;
    const QString unit = percent ? percentSign() : QString();
    if (plain || (percent && std::abs(shown) <= 5))
        return groupedNumber(mantissa * std::pow(10.0, shown), std::max(0, -shown)) + unit;
    return (mantissa == 1 ? QString() : QString::number(mantissa) + QChar(0x00D7))
           + QString::fromStdString(powerOfTen(shown)) + unit;
}

Ticks logTicksOf(const Axis &axis, const AxisRange &range, const std::vector<int> &mantissas, int everyDecade)
{
    const Format format = axis.format;
    const int low = axis.whole ? std::max(0, static_cast<int>(std::floor(range.min)))
                               : static_cast<int>(std::floor(range.min));
    const int high = static_cast<int>(std::ceil(range.max));
    const bool plain = range.min >= -4 - slack && range.max <= 5 + slack;
    Ticks ticks;
    for (int exponent = low; exponent <= high; ++exponent) {
        if (exponent % everyDecade != 0)
            continue;
        for (const int mantissa : mantissas) {
            const double at = exponent + std::log10(mantissa);
            if (at >= range.min - slack && at <= range.max + slack) {
                ticks.at.push_back(at);
                ticks.labels.push_back(logLabel(mantissa, exponent, plain, format));
            }
        }
    }
    return ticks;
}

/// Whether they stand all over the axis, rather than at one end of it.
bool reachOver(const Ticks &ticks, const AxisRange &range)
{
    return ticks.at.size() >= 2 && ticks.at.back() - ticks.at.front() > range.length() / 2;
}

/// Zoomed far in: round numbers as on a linear axis, at their places. None where they cannot be told apart.
Ticks evenNumbers(const Axis &axis, const AxisRange &range, int atMost)
{
    const AxisRange linear{fromPlotted(range.min, range.scale), fromPlotted(range.max, range.scale)};
    Ticks ticks;
    if (!(drawable(linear) == linear))
        return ticks;
    for (const int count : {std::max(2, atMost), 2 * std::max(2, atMost)}) {
        ticks = linearTicks(axis, linear, count);
        for (double &at : ticks.at)
            at = toPlotted(at, range.scale);
        if (reachOver(ticks, range))
            break;
    }
    return ticks;
}

Ticks logTicks(const Axis &axis, const AxisRange &range, int atMost)
{
    const double decades = range.length();
    for (const std::vector<int> &mantissas : {std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 5}, {1}}) {
        if (mantissas.size() > 3 && decades > 0.75)
            continue;
        if (mantissas.size() == 3 && decades > 2.05)
            continue;
        Ticks ticks = logTicksOf(axis, range, mantissas, 1);
        if (reachOver(ticks, range) && static_cast<int>(ticks.at.size()) <= atMost + 1)
            return ticks;
    }
    if (decades < 1)
        if (Ticks ticks = evenNumbers(axis, range, atMost); !ticks.at.empty())
            return ticks;
    const int every = std::max(1, static_cast<int>(std::ceil(decades / std::max(atMost, 1))));
    return logTicksOf(axis, range, {1}, every);
}

/// On one side of a symmetric logarithmic axis it has the numbers of a logarithmic one; about zero, zero and
/// every so many decades to either side.
Ticks symLogTicks(const Axis &axis, const AxisRange &range, int atMost)
{
    const double toDecades = std::log10(range.scale.linear) - 1;
    if (range.min >= 1 || range.max <= -1) {
        const bool negative = range.max <= -1;
        const double low = negative ? -range.max : range.min;
        Ticks ticks = logTicks(axis, {low + toDecades, low + range.length() + toDecades, true}, atMost);
        for (double &at : ticks.at)
            at = negative ? toDecades - at : at - toDecades;
        for (QString &label : ticks.labels)
            label = negative ? QChar(0x2212) + label : label;
        if (negative) {
            std::reverse(ticks.at.begin(), ticks.at.end());
            std::reverse(ticks.labels.begin(), ticks.labels.end());
        }
        return ticks;
    }
    const int every = std::max(1, static_cast<int>(std::ceil(range.length() / std::max(atMost - 1, 1))));
    const double ends = std::max(std::abs(range.min), std::abs(range.max));
    const Ticks decades = logTicksOf(axis, {1 + toDecades, ends + toDecades, true}, {1}, every);
    Ticks ticks;
    const auto add = [&](double at, const QString &label) {
        if (at >= range.min - slack && at <= range.max + slack) {
            ticks.at.push_back(at);
            ticks.labels.push_back(label);
        }
    };
    for (std::size_t i = decades.at.size(); i-- > 0;)
        add(toDecades - decades.at[i], QChar(0x2212) + decades.labels[i]);
    add(0, axis.format == Format::Percent ? QStringLiteral("0") + percentSign() : QStringLiteral("0"));
    for (std::size_t i = 0; i < decades.at.size(); ++i)
        add(decades.at[i] - toDecades, decades.labels[i]);
    return reachOver(ticks, range) ? ticks : evenNumbers(axis, range, atMost);
}

/// All names and all data, with half a step of room at either end.
AxisRange namedRange(const std::vector<std::pair<double, std::string>> &names, double low, double high)
{
    const double step = names.size() > 1 ? names[1].first - names[0].first : 1;
    return drawable(
        {std::fmin(names.front().first, low) - step / 2, std::fmax(names.back().first, high) + step / 2});
}

/// Names where there are some, numbers beyond.
Ticks namedTicks(const Axis &axis, const AxisRange &range, int atMost)
{
    std::vector<std::pair<double, QString>> all;
    for (const auto &[value, name] : axis.ticks)
        all.emplace_back(value, QString::fromStdString(name));
    const double first = all.front().first;
    const double last = all.back().first;
    const Ticks numbers =
        range.min < first - 1 || range.max > last + 1 ? linearTicks(axis, range, atMost) : Ticks();
    for (std::size_t i = 0; i < numbers.at.size(); ++i)
        if (numbers.at[i] < first || numbers.at[i] > last)
            all.emplace_back(numbers.at[i], numbers.labels[static_cast<qsizetype>(i)]);
    std::sort(all.begin(), all.end());
    Ticks ticks;
    for (const auto &[value, label] : all) {
        if (value >= range.min && value <= range.max) {
            ticks.at.push_back(value);
            ticks.labels.push_back(label);
        }
    }
    return ticks;
}

/// The values with some room on either side; more of it about values that cannot be told apart.
AxisRange withRoom(const AxisRange &data, double padding)
{
    double room = std::isfinite(data.length()) ? data.length() * padding : 0;
    if (data.length() < leastLength(data)) {
        const double most = std::max(std::abs(data.min), std::abs(data.max));
        room = !data.scale.isLinear() ? 0.5 : most > leastLength({0, 0, false}) ? most * 0.5 : 1;
    }
    return {data.min - room, data.max + room, data.scale};
}

} // namespace

double toPlotted(double value, const AxisScale &scale)
{
    if (!scale.symLog())
        return scale.log ? std::log10(value) : value;
    const double place = value / scale.linear;
    return std::abs(value) <= scale.linear
               ? place
               : std::copysign(1 + std::log10(std::abs(value)) - std::log10(scale.linear), value);
}

double fromPlotted(double plotted, const AxisScale &scale)
{
    if (!scale.symLog())
        return scale.log ? std::pow(10.0, plotted) : plotted;
    return std::abs(plotted) <= 1
               ? plotted * scale.linear
               : std::copysign(std::pow(10.0, std::abs(plotted) - 1 + std::log10(scale.linear)), plotted);
}

AxisScale symLogScale(const Axis &axis, double least, double greatest)
{
    constexpr double mostDecades = 8;
    if (axis.linearWithin && *axis.linearWithin > 0)
        return {false, *axis.linearWithin};
    if (!std::isfinite(least) || !(greatest > 0))
        return {false, 1};
    const double decade = std::max(std::floor(std::log10(least) + slack),
                                   std::ceil(std::log10(greatest) - slack) - mostDecades);
    return {false, std::pow(10.0, std::max(decade, leastDecade))};
}

double leastLength(const AxisRange &range)
{
    if (!range.scale.isLinear())
        return 1e-8; // decades: where they are fewer, the numbers differ in their tenth digit alone
    constexpr double tellsApart = 1e-11; // of the numbers: as if each of a thousand pixels had 50 doubles
    constexpr double normal = 1e-290;    // a step of it is still a number with all its digits
    return std::max({tellsApart * std::abs(range.min), tellsApart * std::abs(range.max), normal});
}

AxisRange drawable(const AxisRange &range)
{
    const double lowest = range.scale.log ? smallestDecade : toPlotted(-largest, range.scale);
    const double highest = range.scale.log ? largestDecade : toPlotted(largest, range.scale);
    if (std::isnan(range.min) || std::isnan(range.max))
        return {0, 1, range.scale};
    AxisRange result{std::clamp(range.min, lowest, highest), std::clamp(range.max, lowest, highest),
                     range.scale};
    if (!std::isfinite(result.length())) {
        result.min = std::max(result.min, -largest / 2);
        result.max = std::min(result.max, largest / 2);
    }
    const double least = leastLength(result);
    if (!(result.length() >= least)) { // about its middle, as far as there are numbers
        const double middle = result.min / 2 + result.max / 2;
        result.min = std::clamp(middle - least, lowest, highest - 2 * least);
        result.max = result.min + 2 * least;
    }
    return result;
}

double roundStep(double length, int count)
{
    const double raw = length / std::max(count, 1);
    const double decade = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * decade >= raw * (1 - slack))
            return factor * decade;
    return 10 * decade;
}

Ticks ticksFor(const Axis &axis, const AxisRange &wanted, int atMost)
{
    const AxisRange range = drawable(wanted);
    if (axis.ticks.empty())
        return range.scale.symLog() ? symLogTicks(axis, range, atMost)
               : range.scale.log    ? logTicks(axis, range, atMost)
                                    : linearTicks(axis, range, atMost);
    return namedTicks(axis, range, atMost);
}

AxisRange roundRange(const Axis &axis, double low, double high, const AxisScale &scale, double padding,
                     int ticks)
{
    if (!axis.ticks.empty())
        return namedRange(axis.ticks, low, high);
    AxisRange data{toPlotted(low, scale), toPlotted(high, scale), scale};
    if (axis.format == Format::Percent && scale.isLinear() && data.length() < fewPercent) {
        const double middle = low + data.length() / 2;
        data = {middle - fewPercent / 2, middle + fewPercent / 2, scale};
    }
    AxisRange range = drawable(withRoom(data, padding));
    const double step = roundStep(range.length(), scale.isLinear() ? ticks : 2 * ticks);
    range.min = std::floor(range.min / step + slack) * step;
    range.max = std::ceil(range.max / step - slack) * step;
    if (!scale.log) {
        if (low >= 0)
            range.min = std::max(range.min, 0.0);
        if (axis.format == Format::Percent && high <= 1)
            range.max = std::min(range.max, toPlotted(1, scale));
    }
    if (axis.min && (!scale.log || *axis.min > 0))
        range.min = toPlotted(*axis.min, scale);
    if (axis.max && (!scale.log || *axis.max > 0))
        range.max = toPlotted(*axis.max, scale);
    return drawable(range);
}

QString groupedNumber(double value, int decimals)
{
    return QString::fromStdString(losslab::groupedNumber(value, decimals));
}

QString valueText(double value, Format format)
{
    return fromNumbers(figureText(value, format));
}

} // namespace losslab::ui
