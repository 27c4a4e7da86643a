#include "ui/charts/plotlines.h"

#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

/// Differences far below a pixel would leave specks where the stroker joins the pieces.
QPointF settled(QPointF point, const PlotSpace &space)
{
    const double step = space.pixel / 16;
    return {point.x(), std::round(point.y() / step) * step};
}

double columnCentre(const PlotSpace &space, std::size_t column)
{
    return space.rect.left() + (static_cast<double>(column) + 0.5) * space.rect.width() / space.columns();
}

/// The line from one column's last point to the next one's first, in all columns it crosses.
void coverJoin(std::vector<Cover> &covers, const PlotSpace &space, QPointF from, QPointF to,
               std::size_t first, std::size_t last)
{
    const double width = space.rect.width() / static_cast<double>(covers.size());
    const double slope = to.x() > from.x() ? (to.y() - from.y()) / (to.x() - from.x()) : 0;
    for (std::size_t edge = first + 1; edge <= last; ++edge) {
        const double x = space.rect.left() + static_cast<double>(edge) * width;
        const double y = std::clamp(from.y() + slope * (x - from.x()), std::min(from.y(), to.y()),
                                    std::max(from.y(), to.y()));
        covers[edge - 1].add(y);
        covers[edge].add(y);
    }
}

/// A column's neighbours within the line's width are covered too, so that steep parts are as wide as flat
/// ones.
std::vector<Cover> widened(const std::vector<Cover> &covers, int left, int right)
{
    std::vector<Cover> wide = covers;
    const int count = static_cast<int>(covers.size());
    for (int i = 0; i < count; ++i) {
        for (int j = std::max(0, i - left); j <= std::min(count - 1, i + right); ++j) {
            const Cover &near = covers[static_cast<std::size_t>(j)];
            if (near.any && covers[static_cast<std::size_t>(i)].any) {
                wide[static_cast<std::size_t>(i)].add(near.top);
                wide[static_cast<std::size_t>(i)].add(near.bottom);
            }
        }
    }
    return wide;
}

} // namespace

Pieces pointPieces(const Trace &trace, std::size_t first, std::size_t last, const PlotSpace &space,
                   bool onRight)
{
    Pieces pieces(1);
    for (std::size_t i = first; i < last; ++i) {
        const QPointF point = space.toPoint(trace.x()[i], trace.y()[i], onRight);
        if (std::isfinite(point.x()) && std::isfinite(point.y()))
            pieces.back() << settled(point, space);
        else if (!pieces.back().isEmpty())
            pieces.emplace_back();
    }
    return pieces;
}

Pieces columnPieces(const Trace &trace, const PlotSpace &space, bool onRight)
{
    Pieces pieces(1);
    const std::vector<PixelColumn> &columns = trace.decimated().columns();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const PixelColumn &column = columns[i];
        if (column.count == 0)
            continue;
        if (column.gapBefore && !pieces.back().isEmpty())
            pieces.emplace_back();
        const double x = columnCentre(space, i);
        const double top = space.toY(column.max, onRight);
        const double bottom = space.toY(column.min, onRight);
        if (bottom - top <= space.pixel) {
            pieces.back() << settled(QPointF(x, (top + bottom) / 2), space);
            continue;
        }
        pieces.back() << QPointF(x, space.toY(column.firstY, onRight))
                      << QPointF(x, column.minBeforeMax ? bottom : top)
                      << QPointF(x, column.minBeforeMax ? top : bottom)
                      << QPointF(x, space.toY(column.lastY, onRight));
    }
    return pieces;
}

void Cover::add(double y)
{
    top = any ? std::min(top, y) : y;
    bottom = any ? std::max(bottom, y) : y;
    any = true;
}

std::vector<Cover> coverColumns(const Trace &trace, const PlotSpace &space, bool onRight, qreal width)
{
    const std::vector<PixelColumn> &columns = trace.decimated().columns();
    std::vector<Cover> covers(columns.size());
    std::size_t before = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const PixelColumn &column = columns[i];
        if (column.count == 0)
            continue;
        covers[i].add(space.toY(column.min, onRight));
        covers[i].add(space.toY(column.max, onRight));
        if (before < i && !column.gapBefore) {
            coverJoin(covers, space, space.toPoint(columns[before].lastX, columns[before].lastY, onRight),
                      space.toPoint(column.firstX, column.firstY, onRight), before, i);
        }
        before = i;
    }
    const int widen = static_cast<int>(std::lround(width / space.pixel)) - 1;
    covers = widened(covers, widen / 2, widen - widen / 2);
    for (Cover &cover : covers) {
        cover.top -= width / 2;
        cover.bottom += width / 2;
    }
    return covers;
}

Pieces coverOutlines(const std::vector<Cover> &covers, const PlotSpace &space)
{
    Pieces pieces;
    const double width = space.rect.width() / static_cast<double>(covers.size());
    const auto edge = [&](std::size_t column) {
        return space.rect.left() + static_cast<double>(column) * width;
    };
    for (std::size_t i = 0; i < covers.size();) {
        std::size_t end = i;
        while (end < covers.size() && covers[end].any)
            ++end;
        QPolygonF piece;
        for (std::size_t j = i; j < end; ++j)
            piece << QPointF(edge(j), covers[j].top) << QPointF(edge(j + 1), covers[j].top);
        for (std::size_t j = end; j-- > i;)
            piece << QPointF(edge(j + 1), covers[j].bottom) << QPointF(edge(j), covers[j].bottom);
        if (!piece.isEmpty())
            pieces.push_back(std::move(piece));
        i = std::max(end, i + 1);
    }
    return pieces;
}

double roughness(const Trace &trace, const PlotSpace &space, bool onRight)
{
    const std::vector<PixelColumn> &columns = trace.decimated().columns();
    double sum = 0;
    const PixelColumn *first = nullptr;
    const PixelColumn *last = nullptr;
    for (const PixelColumn &column : columns) {
        if (column.count == 0)
            continue;
        sum += space.toY(column.min, onRight) - space.toY(column.max, onRight);
        if (last != nullptr)
            sum += std::abs(space.toY(column.firstY, onRight) - space.toY(last->lastY, onRight));
        first = first == nullptr ? &column : first;
        last = &column;
    }
    if (first == last)
        return 0;
    const double way = std::abs(space.toY(last->lastY, onRight) - space.toY(first->firstY, onRight));
    return (sum - way) / static_cast<double>(last - first);
}

Pieces areaBetween(const Trace &low, const Trace &high, const PlotSpace &space, bool onRight)
{
    Pieces pieces;
    std::vector<QPointF> upper;
    std::vector<QPointF> lower;
    const auto close = [&] {
        if (upper.size() > 1) {
            QPolygonF &piece = pieces.emplace_back(QList<QPointF>(upper.begin(), upper.end()));
            piece.append(QList<QPointF>(lower.rbegin(), lower.rend()));
        }
        upper.clear();
        lower.clear();
    };
    const auto add = [&](double x, double bottom, double top) {
        const double from = space.toY(bottom, onRight);
        const double to = space.toY(top, onRight);
        if (std::isfinite(from) && std::isfinite(to)) {
            upper.emplace_back(x, to);
            lower.emplace_back(x, from);
        } else {
            close();
        }
    };
    if (low.decimated().inRange() > low.decimated().columns().size()) {
        const auto &lows = low.decimated().columns();
        const auto &highs = high.decimated().columns();
        for (std::size_t i = 0; i < lows.size(); ++i)
            if (lows[i].count > 0 && highs[i].count > 0)
                add(columnCentre(space, i), lows[i].min, highs[i].max);
    } else {
        const auto [first, last] = low.visible(space.x);
        for (std::size_t i = first; i < last; ++i)
            add(space.toX(low.x()[i]), low.y()[i], high.y()[i]);
    }
    close();
    return pieces;
}

} // namespace losslab::ui
