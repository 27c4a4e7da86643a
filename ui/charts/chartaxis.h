#pragma once

#include "lab/chart.h"

#include <QString>
#include <vector>

namespace losslab::ui {

/// How values are placed along an axis. Made from a bool: logarithmic, or linear.
struct AxisScale
{
    bool log = false;
    /// Symmetric logarithmic where positive: from −linear to it a value is as long as on a linear axis, and
    /// beyond a decade is as long as half of that.
    double linear = 0;

    AxisScale(bool isLog = false, double linearWithin = 0) : log(isLog), linear(linearWithin) {}
    bool symLog() const { return linear > 0; }
    bool isLinear() const { return !log && !symLog(); }
    bool operator==(const AxisScale &) const = default;
};

/// An axis's ends in plotted coordinates, in which everything is drawn: of a log axis powers of ten, of a
/// symmetric one ±1 where its linear part ends and ±2, ±3 … a decade further each.
struct AxisRange
{
    double min = 0;
    double max = 1;
    AxisScale scale = {};

    double length() const { return max - min; }
    bool contains(const AxisRange &other) const { return min <= other.min && other.max <= max; }
    bool operator==(const AxisRange &) const = default;
};

/// Where a value stands on the axis: itself, or its power of ten. Not finite where it has no place.
double toPlotted(double value, const AxisScale &scale);
double fromPlotted(double plotted, const AxisScale &scale);
/// Of a symmetric logarithmic axis for values of these magnitudes, above zero or not finite where there are
/// none.
AxisScale symLogScale(const Axis &axis, double least, double greatest);

/// The shortest piece of an axis about this place in which pixels and numbers can still be told apart.
double leastLength(const AxisRange &range);
/// The range where it can be drawn, else the nearest one that can: finite, of values that doubles hold, and
/// no shorter than leastLength(). Every range of a chart, chosen or computed, goes through here.
AxisRange drawable(const AxisRange &range);

struct Ticks
{
    std::vector<double> at; ///< plotted coordinates, rising
    std::vector<QString> labels;

    bool operator==(const Ticks &) const = default;
};

/// 1, 2 or 5 times a power of ten: the smallest such step that needs at most `count` steps for `length`.
double roundStep(double length, int count);

/// Round numbers within the range: on a log axis decades, with 2 and 5 between them where there is room.
/// About `atMost` of them, whatever the range: they are counted before they are made.
Ticks ticksFor(const Axis &axis, const AxisRange &range, int atMost);

/// The range that shows these values: round ends, fixed ends where the axis has them. `padding` is a share of
/// the length.
AxisRange roundRange(const Axis &axis, double low, double high, const AxisScale &scale, double padding,
                     int ticks);

/// A number for people: thousands separated, a true minus, `decimals` places.
QString groupedNumber(double value, int decimals);
/// Four significant digits, as the crosshair and descriptions give them: "1,240", "0.001234", "2.31×10⁻⁵",
/// "98.72 %".
QString valueText(double value, Format format);

} // namespace losslab::ui
