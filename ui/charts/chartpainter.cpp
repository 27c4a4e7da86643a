#include "ui/charts/chartpainter.h"

#include "ui/charts/plotlines.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

/// Far outside the picture, but not so far that the rasteriser loses its numbers.
constexpr double farAway = 1e5;

constexpr std::size_t fewPoints = 50; // stroked whatever their line does
constexpr std::size_t fewPrintedPoints = 4000;
constexpr std::size_t mostAvoided = 1000; // markers that labels keep off; looking at more would take too long
constexpr double rough = 4; // back and forth in a column: a stroke would be slow, and its dashes not seen

} // namespace

int PlotSpace::columns() const
{
    return std::max(1, static_cast<int>(std::lround(rect.width() / pixel)));
}

double PlotSpace::toX(double value) const
{
    const double x =
        rect.left() + (toPlotted(value, this->x.log) - this->x.min) / this->x.length() * rect.width();
    return std::isfinite(x) ? std::clamp(x, -farAway, farAway) : x;
}

double PlotSpace::toY(double value, bool onRight) const
{
    const AxisRange &axis = onRight ? right : left;
    const double y = rect.bottom() - (toPlotted(value, axis.log) - axis.min) / axis.length() * rect.height();
    return std::isfinite(y) ? std::clamp(y, -farAway, farAway) : y;
}

ChartPainter::ChartPainter(QPainter &painter, const PlotSpace &space, const ChartTheme &theme,
                           const ChartMetrics &metrics)
    : m_painter(painter), m_space(space), m_theme(theme), m_metrics(metrics)
{}

SeriesStyle ChartPainter::styleOf(const PlotSeries &series) const
{
    return series.info().mark == Mark::Target ? m_theme.target() : m_theme.series(series.styleIndex());
}

void ChartPainter::drawSeries(const PlotSeries &series)
{
    const Mark mark = series.info().mark;
    for (const Trace &trace : series.traces()) {
        if (mark != Mark::Points) {
            drawTrace(trace, series);
        }
        if (mark == Mark::Points || mark == Mark::LinePoints || trace.size() == 1) {
            drawMarkers(trace, series);
        }
    }
}

void ChartPainter::drawTrace(const Trace &trace, const PlotSeries &series)
{
    const bool right = series.info().rightAxis;
    const SeriesStyle style = styleOf(series);
    const double width = m_metrics.line;
    const QPen pen = style.pen(width);
    const std::size_t columns = trace.decimated().columns().size();
    const auto [first, last] =
        trace.rising() ? trace.visible(m_space.x) : std::pair(std::size_t{0}, trace.size());
    // A picture is drawn once: there every point may be stroked as long as they can be told apart.
    const bool few = last - first < (m_metrics.print ? fewPrintedPoints : fewPoints);
    if (!trace.rising() || few) {
        drawPieces(pointPieces(trace, first, last, m_space, right), pen, last - first < 4 * columns);
    } else if (roughness(trace, m_space, right) > rough) {
        drawColumns(trace, right, style.color);
    } else if (trace.decimated().inRange() <= columns) {
        drawPieces(pointPieces(trace, first, last, m_space, right), pen, true);
    } else {
        drawPieces(columnPieces(trace, m_space, right), pen, true);
    }
}

void ChartPainter::drawColumns(const Trace &trace, bool onRight, const QColor &color)
{
    const std::vector<Cover> covers = coverColumns(trace, m_space, onRight, m_metrics.line);
    m_painter.setRenderHint(QPainter::Antialiasing);
    if (m_metrics.print) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(color);
        for (const QPolygonF &piece : coverOutlines(covers, m_space)) {
            m_painter.drawPolygon(piece, Qt::WindingFill);
        }
        return;
    }
    const double width = m_space.rect.width() / static_cast<double>(covers.size());
    for (std::size_t i = 0; i < covers.size(); ++i) {
        if (covers[i].any) {
            m_painter.fillRect(QRectF(m_space.rect.left() + static_cast<double>(i) * width, covers[i].top,
                                      width, covers[i].bottom - covers[i].top),
                               color);
        }
    }
}

void ChartPainter::drawPieces(const std::vector<QPolygonF> &pieces, const QPen &pen, bool antialias)
{
    m_painter.setRenderHint(QPainter::Antialiasing, antialias);
    m_painter.setBrush(Qt::NoBrush);
    for (const QPolygonF &piece : pieces) {
        if (piece.size() > 1) {
            m_painter.setPen(pen);
            m_painter.drawPolyline(piece);
        } else if (piece.size() == 1) {
            m_painter.setPen(QPen(pen.color(), pen.widthF() * 1.5, Qt::SolidLine, Qt::RoundCap));
            m_painter.drawPoint(piece.first());
        }
    }
}

void ChartPainter::drawMarkers(const Trace &trace, const PlotSeries &series)
{
    const bool right = series.info().rightAxis;
    const SeriesStyle style = styleOf(series);
    const double spacing = m_space.rect.width() / static_cast<double>(std::max<std::size_t>(trace.size(), 1));
    if (series.info().mark == Mark::LinePoints && trace.rising() && spacing < 3 * m_metrics.marker) {
        return;
    }
    const bool avoided = trace.hasLabels() && m_markers.size() + trace.size() <= mostAvoided;
    m_painter.save();
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setClipping(false); // a marker on the plot's edge is drawn whole
    const QRectF room = m_space.rect.adjusted(-1, -1, 1, 1);
    for (std::size_t i = 0; i < trace.size(); ++i) {
        const QPointF point = m_space.toPoint(trace.x()[i], trace.y()[i], right);
        if (std::isfinite(point.x()) && std::isfinite(point.y()) && room.contains(point)) {
            drawMarker(m_painter, point, style, m_metrics.marker);
            if (avoided) {
                m_markers.push_back(point);
            }
        }
    }
    m_painter.restore();
}

void ChartPainter::drawBand(const PlotSeries &series)
{
    QColor color = styleOf(series).color;
    color.setAlphaF(0.18F);
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(color);
    m_painter.drawPolygon(areaBetween(series.low(), series.high(), m_space, series.info().rightAxis));
}

void ChartPainter::drawBars(const PlotSeries &series, bool translucent)
{
    const bool right = series.info().rightAxis;
    const AxisRange &axis = right ? m_space.right : m_space.left;
    const double base = axis.log ? m_space.rect.bottom() : m_space.toY(0, right);
    QColor color = styleOf(series).color;
    color.setAlphaF(translucent ? 0.5F : 0.85F);
    m_painter.setRenderHint(QPainter::Antialiasing, false);
    for (const Trace &trace : series.traces()) {
        for (std::size_t i = 0; i < trace.size(); ++i) {
            const double width = barWidth(trace.x(), i);
            const double from = m_space.toX(trace.x()[i]);
            const double to = m_space.toX(trace.x()[i] + width);
            const double y = m_space.toY(trace.y()[i], right);
            if (!std::isfinite(y) || !std::isfinite(from) || !std::isfinite(to)) {
                continue;
            }
            const double space = to - from > 4 * m_space.pixel ? m_space.pixel : 0;
            m_painter.fillRect(
                QRectF(QPointF(from, std::min(y, base)), QPointF(to - space, std::max(y, base))), color);
        }
    }
}

void ChartPainter::drawLabels(const PlotSeries &series)
{
    const bool right = series.info().rightAxis;
    const QFontMetricsF type(m_metrics.caption);
    m_painter.setFont(m_metrics.caption);
    m_painter.setPen(m_theme.text);
    for (const Trace &trace : series.traces()) {
        for (std::size_t i = trace.hasLabels() ? trace.size() : 0; i-- > 0;) {
            const QString label = trace.label(i);
            const QPointF point = m_space.toPoint(trace.x()[i], trace.y()[i], right);
            if (label.isEmpty() || !std::isfinite(point.x()) || !std::isfinite(point.y())
                || !m_space.rect.contains(point))
            {
                continue;
            }
            const std::optional<QRectF> place =
                freePlace(trace, i, right, QSizeF(type.horizontalAdvance(label), type.ascent()));
            if (place) {
                m_painter.drawText(*place, Qt::AlignCenter | Qt::TextDontClip, label);
                m_labelled.push_back(*place);
            }
        }
    }
}

/// Beside the point, off its own line, all markers and all other labels; none where there is no room.
std::optional<QRectF> ChartPainter::freePlace(const Trace &trace, std::size_t index, bool onRight,
                                              QSizeF size) const
{
    const auto at = [&](std::size_t i) { return m_space.toPoint(trace.x()[i], trace.y()[i], onRight); };
    const QPointF point = at(index);
    const double away = m_metrics.marker * 1.3;
    const auto crossesLine = [&](const QRectF &place) {
        for (std::size_t i = index > 0 ? index - 1 : 0; i + 1 < std::min(index + 3, trace.size()); ++i) {
            for (double share = 0; share <= 1; share += 0.1) {
                if (place.contains(at(i) + share * (at(i + 1) - at(i)))) {
                    return true;
                }
            }
        }
        return false;
    };
    for (const QPointF &side :
         {QPointF(1, -0.5), QPointF(1, 0.5), QPointF(-1, -0.5), QPointF(-1, 0.5), QPointF(0, -1)})
    {
        QRectF place(QPointF(0, 0), size);
        place.moveCenter(point
                         + QPointF(side.x() * (size.width() / 2 + away), side.y() * (size.height() + away)));
        const auto touches = [&place](const QRectF &other) { return other.intersects(place); };
        const double room = m_metrics.marker / 2;
        const QRectF kept = place.adjusted(-room, -room, room, room);
        const auto covers = [&kept](QPointF marker) { return kept.contains(marker); };
        if (m_space.rect.contains(place) && !crossesLine(place)
            && std::none_of(m_labelled.begin(), m_labelled.end(), touches)
            && std::none_of(m_markers.begin(), m_markers.end(), covers))
        {
            return place;
        }
    }
    return std::nullopt;
}

QLineF ChartPainter::across(const ReferenceLine &line) const
{
    const QRectF &plot = m_space.rect;
    if (line.vertical) {
        const double x = m_space.toX(line.at);
        return {x, plot.bottom(), x, plot.top()};
    }
    const double y = m_space.toY(line.at, false);
    return {plot.left(), y, plot.right(), y};
}

bool ChartPainter::shows(const ReferenceLine &line) const
{
    const QPointF middle = across(line).center();
    return std::isfinite(middle.x()) && std::isfinite(middle.y())
           && m_space.rect.adjusted(0, 0, 1, 1).contains(middle);
}

void ChartPainter::drawReference(const ReferenceLine &line)
{
    if (shows(line)) {
        const bool print = m_metrics.print;
        m_painter.setRenderHint(QPainter::Antialiasing, print);
        m_painter.setPen(
            QPen(m_theme.target().color, print ? m_metrics.line * 0.6 : 1, Qt::DashLine, Qt::FlatCap));
        m_painter.drawLine(across(line));
    }
}

QRectF ChartPainter::referenceLabelPlace(const ReferenceLine &line, const Taken &taken) const
{
    const QFontMetricsF type(m_metrics.caption);
    const QRectF &plot = m_space.rect;
    const QLineF along = across(line);
    const double inset = m_metrics.gap * 0.75;
    const double off = m_metrics.gap * 0.25;
    QRectF place(0, 0, type.horizontalAdvance(QString::fromStdString(line.label)), type.height());
    std::optional<QRectF> best;
    const auto offer = [&](double left, double top) {
        place.moveTopLeft({left, top});
        if (plot.contains(place) && (!best || taken(place) < taken(*best))) {
            best = place;
        }
    };
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
        if (line.vertical) { // from the top down, at the left first
            const double top = plot.top() + inset + share * (plot.height() - 2 * inset - place.height());
            offer(along.x1() - inset - place.width(), top);
            offer(along.x1() + inset, top);
        } else { // from the right to the left, above first
            const double left =
                plot.right() - inset - place.width() - share * (plot.width() - 2 * inset - place.width());
            offer(left, along.y1() - off - place.height());
            offer(left, along.y1() + off);
        }
    }
    return best.value_or(place);
}

void ChartPainter::drawReferenceLabel(const ReferenceLine &line, const Taken &taken)
{
    if (!shows(line)) {
        return;
    }
    const QRectF place = referenceLabelPlace(line, taken);
    QColor ground = m_theme.background;
    ground.setAlphaF(0.5F);
    m_painter.fillRect(place, ground);
    m_painter.setFont(m_metrics.caption);
    m_painter.setPen(m_theme.muted);
    m_painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                       QString::fromStdString(line.label));
}

} // namespace losslab::ui
