#pragma once

#include "ui/charts/chartpainter.h"

#include <QPolygonF>

namespace losslab::ui {

/// A line as pieces between gaps.
using Pieces = std::vector<QPolygonF>;

/// Points [first, last) one by one.
Pieces pointPieces(const Trace &trace, std::size_t first, std::size_t last, const PlotSpace &space,
                   bool onRight);

/// One vertex a column where the column is flat, up to four (first, extremes, last) where it is not.
Pieces columnPieces(const Trace &trace, const PlotSpace &space, bool onRight);

/// Top and bottom of what a line covers in a column of pixels.
struct Cover
{
    double top = 0;
    double bottom = 0;
    bool any = false;

    void add(double y);
};

/// What a line of this width covers, column by column: exact however many points a column holds. Stroking
/// such lines costs a hundred times as much.
std::vector<Cover> coverColumns(const Trace &trace, const PlotSpace &space, bool onRight, qreal width);
/// The same as outlines, for pictures whose columns are not their device's.
Pieces coverOutlines(const std::vector<Cover> &covers, const PlotSpace &space);

/// How far a line goes back and forth in a column on average, in the painter's units: what it goes up and
/// down beyond the way from its first point to its last. 0 for one that only falls.
double roughness(const Trace &trace, const PlotSpace &space, bool onRight);

/// The area between two traces of the same x, in pieces: where either has no place on the axis, there is
/// none. (On a logarithmic axis a mean minus a deviation may be such.)
Pieces areaBetween(const Trace &low, const Trace &high, const PlotSpace &space, bool onRight);

} // namespace losslab::ui
