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

/// What a line of this width covers, column by column: exact however many points a column holds.
Pieces envelopePieces(const Trace &trace, const PlotSpace &space, bool onRight, qreal width);

/// How tall a column's points stand on average, in the painter's units.
double roughness(const Trace &trace, const PlotSpace &space, bool onRight);

/// The area between two traces of the same x.
QPolygonF areaBetween(const Trace &low, const Trace &high, const PlotSpace &space, bool onRight);

} // namespace losslab::ui
