#include "ui/charts/clip.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace losslab::ui {

namespace {

bool isInside(QPointF point, const QRectF &rect)
{
    return point.x() >= rect.left() && point.x() <= rect.right() && point.y() >= rect.top()
           && point.y() <= rect.bottom();
}

bool isAllInside(const QPolygonF &points, const QRectF &rect)
{
    return std::all_of(points.begin(), points.end(), [&](QPointF point) { return isInside(point, rect); });
}

/// The part of a line that is inside (Liang and Barsky, 1984).
std::optional<std::pair<QPointF, QPointF>> insidePart(QPointF from, QPointF to, const QRectF &rect)
{
    const QPointF way = to - from;
    double enters = 0;
    double leaves = 1;
    const std::array<std::pair<double, double>, 4> borders = {{{-way.x(), from.x() - rect.left()},
                                                               {way.x(), rect.right() - from.x()},
                                                               {-way.y(), from.y() - rect.top()},
                                                               {way.y(), rect.bottom() - from.y()}}};
    for (const auto &[outwards, room] : borders) {
        if (outwards == 0 && room < 0)
            return std::nullopt;
        if (outwards < 0)
            enters = std::max(enters, room / outwards);
        else if (outwards > 0)
            leaves = std::min(leaves, room / outwards);
    }
    if (enters > leaves)
        return std::nullopt;
    return std::pair(enters > 0 ? from + enters * way : from, leaves < 1 ? from + leaves * way : to);
}

void clipLine(const QPolygonF &line, const QRectF &rect, std::vector<QPolygonF> &pieces)
{
    QPolygonF piece;
    const auto end = [&] {
        if (piece.size() > 1)
            pieces.push_back(std::exchange(piece, {}));
        piece.clear();
    };
    for (qsizetype i = 0; i + 1 < line.size(); ++i) {
        const auto part = insidePart(line[i], line[i + 1], rect);
        if (!part) {
            end();
            continue;
        }
        if (piece.isEmpty() || piece.last() != part->first) {
            end();
            piece << part->first;
        }
        piece << part->second;
    }
    end();
}

/// What of an area is on the inner side of one border. `depth` says how far inside a point is.
template <typename Depth>
QPolygonF onOneSide(const QPolygonF &area, Depth depth)
{
    QPolygonF result;
    for (qsizetype i = 0; i < area.size(); ++i) {
        const QPointF from = area[i];
        const QPointF to = area[(i + 1) % area.size()];
        const double begins = depth(from);
        const double ends = depth(to);
        if (begins >= 0)
            result << from;
        if ((begins < 0) != (ends < 0))
            result << from + begins / (begins - ends) * (to - from);
    }
    return result;
}

} // namespace

std::vector<QPolygonF> clippedLines(const std::vector<QPolygonF> &pieces, const QRectF &rect)
{
    std::vector<QPolygonF> inside;
    for (const QPolygonF &piece : pieces)
        if (isAllInside(piece, rect))
            inside.push_back(piece);
        else
            clipLine(piece, rect, inside);
    return inside;
}

QPolygonF clippedArea(const QPolygonF &area, const QRectF &rect)
{
    if (isAllInside(area, rect))
        return area;
    QPolygonF inside = onOneSide(area, [&](QPointF point) { return point.x() - rect.left(); });
    inside = onOneSide(inside, [&](QPointF point) { return rect.right() - point.x(); });
    inside = onOneSide(inside, [&](QPointF point) { return point.y() - rect.top(); });
    return onOneSide(inside, [&](QPointF point) { return rect.bottom() - point.y(); });
}

} // namespace losslab::ui
