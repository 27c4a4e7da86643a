#pragma once

#include <QPolygonF>
#include <QRectF>
#include <vector>

namespace losslab::ui {

/// What is drawn beyond the plot is cut off by geometry: an SVG file has no other way, and a rasteriser loses
/// its numbers far outside of the picture.

/// A line as pieces between gaps; what is inside the rectangle, in as many pieces as it takes. A lone point
/// stays one.
std::vector<QPolygonF> clippedLines(const std::vector<QPolygonF> &pieces, const QRectF &rect);

/// The part of an area that is inside (Sutherland and Hodgman, 1974): where it falls apart, its parts are
/// joined along the rectangle's border.
QPolygonF clippedArea(const QPolygonF &area, const QRectF &rect);

} // namespace losslab::ui
