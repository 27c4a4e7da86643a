#include "ui/charts/chartaxis.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace losslab::ui {

namespace {

constexpr double slack = 1e-9; // of a step: what rounding may cost

const QChar minusSign(0x2212);

QString superscript(int number)
{
    static const std::array<QChar, 10> digits = {QChar(0x2070), QChar(0x00B9), QChar(0x00B2), QChar(0x00B3),
                                                 QChar(0x2074), QChar(0x2075), QChar(0x2076), QChar(0x2077),
                                                 QChar(0x2078), QChar(0x2079)};
    QString text = number < 0 ? QString(QChar(0x207B)) : QString();
    for (const QChar digit : QString::number(std::abs(number))) {
        text += digits[static_cast<std::size_t>(digit.digitValue())];
    }
    return text;
}

QString powerOfTen(int exponent)
{
    return QStringLiteral("10") + superscript(exponent);
}

/// m × 10^e, with as many digits of m as are needed.
QString scientific(double value, int digits)
{
    const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + slack));
    QString mantissa = QString::number(value / std::pow(10.0, exponent), 'f', digits);
    mantissa.replace(QLatin1Char('-'), minusSign);
    return mantissa + QChar(0x00D7) + powerOfTen(exponent);
}

int decimalsOf(double step)
{
    return std::max(0, static_cast<int>(-std::floor(std::log10(step) + slack)));
}

QString percentSign()
{
    return QStringLiteral("\u00A0%");
}

QString linearLabel(double value, double step, Format format)
{
    if (format == Format::Percent) {
        return groupedNumber(value * 100, decimalsOf(step * 100)) + percentSign();
    }
    if (step >= 1e7 || step < 1e-4) {
        if (value == 0) {
            return QStringLiteral("0");
        }
        const int digits = static_cast<int>(std::floor(std::log10(std::abs(value)) + slack)
                                            - std::floor(std::log10(step) + slack));
        return scientific(value, std::clamp(digits, 0, 6));
    }
    return groupedNumber(value, decimalsOf(step));
}

Ticks linearTicks(const Axis &axis, const AxisRange &range, int atMost)
{
    Ticks ticks;
    double step = 0;
    double first = 0;
    double last = 0;
    for (int count = atMost; last - first < 1; count *= 2) { // one tick alone says nothing of the scale
        step = std::max(roundStep(range.length(), count), axis.whole ? 1.0 : 0.0);
        first = std::ceil(range.min / step - slack);
        last = std::floor(range.max / step + slack);
        if (axis.whole && step == 1) {
            break;
        }
    }
    for (double i = first; i <= last; ++i) {
        const double value = i == 0 ? 0 : i * step;
        ticks.at.push_back(value);
        ticks.labels.push_back(linearLabel(value, step, axis.format));
    }
    return ticks;
}

QString logLabel(int mantissa, int exponent, bool plain, Format format)
{
    const double value = mantissa * std::pow(10.0, exponent);
    if (format == Format::Percent) {
        return groupedNumber(value * 100, std::max(0, -exponent - 2)) + percentSign();
    }
    if (plain) {
        return groupedNumber(value, std::max(0, -exponent));
    }
    return mantissa == 1 ? powerOfTen(exponent)
                         : QString::number(mantissa) + QChar(0x00D7) + powerOfTen(exponent);
}

Ticks logTicksOf(const AxisRange &range, const std::vector<int> &mantissas, int everyDecade, Format format)
{
    const int low = static_cast<int>(std::floor(range.min));
    const int high = static_cast<int>(std::ceil(range.max));
    const bool plain = range.min >= -4 - slack && range.max <= 5 + slack;
    Ticks ticks;
    for (int exponent = low; exponent <= high; ++exponent) {
        if (exponent % everyDecade != 0) {
            continue;
        }
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

Ticks logTicks(const Axis &axis, const AxisRange &range, int atMost)
{
    const double decades = range.length();
    for (const std::vector<int> &mantissas : {std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 5}, {1}}) {
        if (mantissas.size() > 3 && decades > 0.75) {
            continue;
        }
        if (mantissas.size() == 3 && decades > 2.05) {
            continue;
        }
        Ticks ticks = logTicksOf(range, mantissas, 1, axis.format);
        if (ticks.at.size() >= 2 && static_cast<int>(ticks.at.size()) <= atMost + 1) {
            return ticks;
        }
    }
    if (decades < 1) { // zoomed far in: round numbers as on a linear axis, at their places
        const AxisRange linear{fromPlotted(range.min, true), fromPlotted(range.max, true), false};
        Ticks ticks = linearTicks(axis, linear, std::max(2, atMost));
        for (double &at : ticks.at) {
            at = std::log10(at);
        }
        return ticks;
    }
    const int every = std::max(1, static_cast<int>(std::ceil(decades / std::max(atMost, 1))));
    return logTicksOf(range, {1}, every, axis.format);
}

/// All names, with half a step of room at either end.
AxisRange namedRange(const std::vector<std::pair<double, std::string>> &names)
{
    const double step = names.size() > 1 ? names[1].first - names[0].first : 1;
    return {names.front().first - step / 2, names.back().first + step / 2, false};
}

} // namespace

double toPlotted(double value, bool log)
{
    return log ? std::log10(value) : value;
}

double fromPlotted(double plotted, bool log)
{
    return log ? std::pow(10.0, plotted) : plotted;
}

double roundStep(double length, int count)
{
    const double raw = length / std::max(count, 1);
    const double decade = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * decade >= raw * (1 - slack)) {
            return factor * decade;
        }
    }
    return 10 * decade;
}

Ticks ticksFor(const Axis &axis, const AxisRange &range, int atMost)
{
    if (axis.ticks.empty()) {
        return range.log ? logTicks(axis, range, atMost) : linearTicks(axis, range, atMost);
    }
    Ticks ticks;
    for (const auto &[value, name] : axis.ticks) {
        const double at = toPlotted(value, range.log);
        if (at >= range.min && at <= range.max) {
            ticks.at.push_back(at);
            ticks.labels.push_back(QString::fromStdString(name));
        }
    }
    return ticks;
}

AxisRange roundRange(const Axis &axis, double low, double high, bool log, double padding, int ticks)
{
    if (!axis.ticks.empty()) {
        return namedRange(axis.ticks);
    }
    double min = toPlotted(low, log);
    double max = toPlotted(high, log);
    if (max - min <= 1e-12 * std::max(std::abs(min), std::abs(max))) {
        const double room = log ? 0.5 : (min == 0 ? 1 : std::abs(min) * 0.5);
        min -= room;
        max += room;
    }
    const double room = (max - min) * padding;
    min -= room;
    max += room;
    const double step = roundStep(max - min, log ? 2 * ticks : ticks);
    min = std::floor(min / step + slack) * step;
    max = std::ceil(max / step - slack) * step;
    if (!log) {
        if (low >= 0) {
            min = std::max(min, 0.0);
        }
        if (axis.format == Format::Percent && high <= 1) {
            max = std::min(max, 1.0);
        }
    }
    if (axis.min && (!log || *axis.min > 0)) {
        min = toPlotted(*axis.min, log);
    }
    if (axis.max && (!log || *axis.max > 0)) {
        max = toPlotted(*axis.max, log);
    }
    if (!(max > min)) {
        max = min + 1;
    }
    return {min, max, log};
}

QString groupedNumber(double value, int decimals)
{
    QString text = QString::number(std::abs(value), 'f', decimals);
    const qsizetype point = decimals > 0 ? text.indexOf(QLatin1Char('.')) : text.size();
    for (qsizetype at = point - 3; at > 0; at -= 3) {
        text.insert(at, QLatin1Char(','));
    }
    const bool zero = std::none_of(text.begin(), text.end(), [](QChar c) { return c >= u'1' && c <= u'9'; });
    return value < 0 && !zero ? minusSign + text : text;
}

QString valueText(double value, Format format)
{
    if (!std::isfinite(value)) {
        return std::isnan(value) ? QStringLiteral("not a number") : QStringLiteral("infinite");
    }
    if (format == Format::Percent) {
        return groupedNumber(value * 100, 2) + percentSign();
    }
    if (value == 0) {
        return QStringLiteral("0");
    }
    const double size = std::abs(value);
    if (size >= 1e9 || size < 1e-4) {
        return scientific(value, 3);
    }
    if (value == std::floor(value)) {
        return groupedNumber(value, 0);
    }
    const int decimals = std::max(0, 3 - static_cast<int>(std::floor(std::log10(size))));
    return groupedNumber(value, decimals);
}

} // namespace losslab::ui
