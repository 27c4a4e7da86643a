#pragma once

#include "lab/chart.h"

#include <QString>
#include <vector>

namespace losslab::ui {

/// An axis's ends. On a log axis they are powers of ten: everything is drawn in plotted coordinates.
struct AxisRange
{
    double min = 0;
    double max = 1;
    bool log = false;

    double length() const { return max - min; }
    bool contains(const AxisRange &other) const { return min <= other.min && other.max <= max; }
    bool operator==(const AxisRange &) const = default;
};

/// Where a value stands on the axis: itself, or its power of ten. Not finite where it has no place.
double toPlotted(double value, bool log);
double fromPlotted(double plotted, bool log);

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
AxisRange roundRange(const Axis &axis, double low, double high, bool log, double padding, int ticks);

/// A number for people: thousands separated, a true minus, `decimals` places.
QString groupedNumber(double value, int decimals);
/// Four significant digits, as the crosshair and descriptions give them: "1,240", "0.001234", "2.31×10⁻⁵",
/// "98.72 %".
QString valueText(double value, Format format);

} // namespace losslab::ui
