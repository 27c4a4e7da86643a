#include "ui/charts/chartpainter.h"

#include "ui/charts/clip.h"
#include "ui/charts/plotlines.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

/// Far outside the picture, but not so far that what is cut off at its border loses digits.
constexpr double farAway = 1e9;

constexpr std::size_t fewPoints = 50; // stroked whatever their line does
constexpr std::size_t fewPrintedPoints = 4000;
constexpr std::size_t mostAvoided = 1000; // markers that labels keep off; looking at more would take too long
constexpr double thinLine = 0.5;          // of the others' width
constexpr double rough = 4; // back and forth in a column: a stroke would be slow, and its dashes not seen

} // namespace

int PlotSpace::columns() const
{
    return std::max(1, static_cast<int>(std::lround(rect.width() / pixel)));
}

double PlotSpace::toX(double value) const
{
    const double x =
        rect.left() + (toPlotted(value, this->x.scale) - this->x.min) / this->x.length() * rect.width();
    return std::isfinite(x) ? std::clamp(x, -farAway, farAway) : x;
}

double PlotSpace::toY(double value, bool onRight) const
{
    const AxisRange &axis = onRight ? right : left;
    const double y =
        rect.bottom() - (toPlotted(value, axis.scale) - axis.min) / axis.length() * rect.height();
    return std::isfinite(y) ? std::clamp(y, -farAway, farAway) : y;
}

ChartPainter::ChartPainter(QPainter &painter, const PlotSpace &space, const ChartTheme &theme,
                           const ChartMetrics &metrics)
    : m_painter(painter), m_space(space), m_theme(theme), m_metrics(metrics)
{}

void ChartPainter::drawSeries(const PlotSeries &series)
{
    const Mark mark = series.info().mark;
    for (const Trace &trace : series.traces()) {
        if (mark != Mark::Points)
            drawTrace(trace, series);
        const bool marked =
            mark == Mark::Points || (mark == Mark::LinePoints && !(trace.thin && trace.rising()));
        if (marked || trace.size() == 1)
            drawMarkers(trace, series);
    }
}

void ChartPainter::drawTrace(const Trace &trace, const PlotSeries &series)
{
    const bool right = series.info().rightAxis;
    const SeriesStyle style = series.style(m_theme);
    const QPen pen = style.pen(widthOf(trace));
    const std::size_t columns = trace.decimated().columns().size();
    const auto [first, last] =
        trace.rising() ? trace.visible(m_space.x) : std::pair(std::size_t{0}, trace.size());
    // A picture is drawn once: there every point may be stroked as long as they can be told apart.
    const bool few = last - first < (m_metrics.print ? fewPrintedPoints : fewPoints);
    if (!trace.rising() || few)
        drawPieces(pointPieces(trace, first, last, m_space, right), pen, last - first < 4 * columns);
    else if (roughness(trace, m_space, right) > rough)
        drawColumns(trace, right, style.color);
    else if (trace.decimated().inRange() <= columns)
        drawPieces(pointPieces(trace, first, last, m_space, right), pen, true);
    else
        drawPieces(columnPieces(trace, m_space, right), pen, true);
}

double ChartPainter::widthOf(const Trace &trace) const
{
    return m_metrics.line * (trace.thin ? thinLine : 1);
}

void ChartPainter::drawColumns(const Trace &trace, bool onRight, const QColor &color)
{
    const std::vector<Cover> covers = coverColumns(trace, m_space, onRight, widthOf(trace));
    m_painter.setRenderHint(QPainter::Antialiasing);
    if (m_metrics.print) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(color);
        for (const QPolygonF &piece : coverOutlines(covers, m_space))
            m_painter.drawPolygon(clippedArea(piece, m_space.rect), Qt::WindingFill);
        return;
    }
    const double width = m_space.rect.width() / static_cast<double>(covers.size());
    for (std::size_t i = 0; i < covers.size(); ++i) {
        if (covers[i].any) {
            fill(QRectF(m_space.rect.left() + static_cast<double>(i) * width, covers[i].top, width,
                        covers[i].bottom - covers[i].top),
                 color);
        }
    }
}

/// Its part within the plot.
void ChartPainter::fill(const QRectF &bar, const QColor &color)
{
    const QRectF inside = bar.intersected(m_space.rect);
    if (!inside.isEmpty())
        m_painter.fillRect(inside, color);
}

void ChartPainter::drawPieces(const std::vector<QPolygonF> &pieces, const QPen &pen, bool antialias)
{
    m_painter.setRenderHint(QPainter::Antialiasing, antialias);
    m_painter.setBrush(Qt::NoBrush);
    for (const QPolygonF &piece : clippedLines(pieces, m_space.rect)) {
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
    const SeriesStyle style = series.style(m_theme);
    const double spacing = m_space.rect.width() / static_cast<double>(std::max<std::size_t>(trace.size(), 1));
    if (series.info().mark == Mark::LinePoints && trace.rising() && spacing < 3 * m_metrics.marker)
        return;
    const bool avoided = trace.hasLabels() && m_markers.size() + trace.size() <= mostAvoided;
    m_painter.save();
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setClipping(false); // a marker on the plot's edge is drawn whole
    const QRectF room = m_space.rect.adjusted(-1, -1, 1, 1);
    for (std::size_t i = 0; i < trace.size(); ++i) {
        const QPointF point = m_space.toPoint(trace.x()[i], trace.y()[i], right);
        if (std::isfinite(point.x()) && std::isfinite(point.y()) && room.contains(point)) {
            drawMarker(m_painter, point, style, m_metrics.marker);
            if (avoided)
                m_markers.push_back(point);
        }
    }
    m_painter.restore();
}

void ChartPainter::drawBands(const PlotSeries &series)
{
    const bool right = series.info().rightAxis;
    m_painter.setRenderHint(QPainter::Antialiasing);
    for (const PlotSeries::Band &band : series.bands()) {
        QColor color = series.style(m_theme).color;
        if (series.info().mark == Mark::Points) {
            const bool isInner = &band == &series.bands().back();
            drawSpans(band, right, color, m_metrics.line * (isInner ? 1.5 : 0.5));
            continue;
        }
        color.setAlphaF(band.opacity);
        if (!m_metrics.print && band.low.decimated().inRange() > band.low.decimated().columns().size()) {
            drawBandColumns(band, right, color);
            continue;
        }
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(color);
        for (const QPolygonF &piece : areaBetween(band.low, band.high, m_space, right))
            m_painter.drawPolygon(clippedArea(piece, m_space.rect));
    }
}

/// On the screen, column by column in an image of the plot: filling a noisy outline costs a hundred times as
/// much, and filling each column by itself hands every one of them to Qt's threads.
void ChartPainter::drawBandColumns(const PlotSeries::Band &band, bool onRight, const QColor &color)
{
    const std::vector<PixelColumn> &lows = band.low.decimated().columns();
    const std::vector<PixelColumn> &highs = band.high.decimated().columns();
    const double pixel = m_space.pixel;
    const double first = std::floor(m_space.rect.top() / pixel);
    const int rows = static_cast<int>(std::ceil(m_space.rect.bottom() / pixel) - first);
    QImage image(static_cast<int>(lows.size()), rows, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    const QRgb ink = qPremultiply(color.rgba());
    const auto stride = image.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb));
    auto *pixels = reinterpret_cast<QRgb *>(image.bits());
    const auto rowOf = [&](double value) {
        const double y = std::round(m_space.toY(value, onRight) / pixel - first);
        return std::isfinite(y) ? static_cast<qsizetype>(std::clamp(y, 0.0, double(rows))) : -1;
    };
    for (std::size_t i = 0; i < lows.size(); ++i) {
        const bool hasBoth = lows[i].count > 0 && highs[i].count > 0;
        const qsizetype top = hasBoth ? rowOf(highs[i].max) : -1;
        const qsizetype bottom = hasBoth ? rowOf(lows[i].min) : -1;
        if (top < 0 || bottom < 0)
            continue;
        for (qsizetype row = top; row < bottom; ++row)
            pixels[row * stride + static_cast<qsizetype>(i)] = ink;
    }
    m_painter.drawImage(QRectF(m_space.rect.left(), first * pixel, image.width() * pixel, rows * pixel),
                        image);
}

void ChartPainter::drawSpans(const PlotSeries::Band &band, bool onRight, const QColor &color, double width)
{
    m_painter.setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap));
    for (std::size_t i = 0; i < band.low.size(); ++i) {
        const QPointF from = m_space.toPoint(band.low.x()[i], band.low.y()[i], onRight);
        const QPointF to = m_space.toPoint(band.high.x()[i], band.high.y()[i], onRight);
        if (std::isfinite(from.x()) && std::isfinite(from.y()) && std::isfinite(to.y()))
            m_painter.drawLine(from, to);
    }
}

void ChartPainter::drawBars(const PlotSeries &series, bool translucent)
{
    const bool right = series.info().rightAxis;
    const AxisRange &axis = right ? m_space.right : m_space.left;
    const double base = axis.scale.log ? m_space.rect.bottom() : m_space.toY(0, right);
    QColor color = series.style(m_theme).color;
    if (translucent)
        color.setAlphaF(0.6F);
    m_painter.setRenderHint(QPainter::Antialiasing, false);
    for (const Trace &trace : series.traces()) {
        for (std::size_t i = 0; i < trace.size(); ++i) {
            const double width = barWidth(trace.x(), i);
            const double x = m_space.toX(trace.x()[i]);
            const double from = std::isfinite(x) ? x : m_space.rect.left(); // from below zero, on a log axis
            const double to = m_space.toX(trace.x()[i] + width);
            const double y = m_space.toY(trace.y()[i], right);
            if (!std::isfinite(y) || !std::isfinite(to))
                continue;
            const double space = to - from > 4 * m_space.pixel ? m_space.pixel : 0;
            const QRectF bar(QPointF(from, std::min(y, base)), QPointF(to - space, std::max(y, base)));
            fill(bar, color);
            if (translucent && bar.intersects(m_space.rect))
            { // its outline can be told from the background whatever stands behind it
                m_painter.setPen(QPen(series.style(m_theme).color, m_space.pixel));
                m_painter.setBrush(Qt::NoBrush);
                m_painter.drawRect(bar.intersected(m_space.rect));
            }
        }
    }
}

/// Small triangles that point out of the plot, beneath it or at its left; one stands for those it would
/// touch.
void ChartPainter::drawMissing(std::vector<double> places, bool beneath, const QColor &color)
{
    const QRectF &plot = m_space.rect;
    const double side = m_metrics.marker * 1.6;
    const double depth = side * 0.8;
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(color);
    std::sort(places.begin(), places.end());
    double last = -std::numeric_limits<double>::infinity();
    for (const double at : places) {
        const bool inside =
            beneath ? at >= plot.left() && at <= plot.right() : at >= plot.top() && at <= plot.bottom();
        if (!inside || at - last < side)
            continue;
        last = at;
        const QPointF tip = beneath ? QPointF(at, plot.bottom()) : QPointF(plot.left(), at);
        const QPointF in = beneath ? QPointF(0, -depth) : QPointF(depth, 0);
        const QPointF along = beneath ? QPointF(side / 2, 0) : QPointF(0, side / 2);
        m_painter.drawPolygon(QPolygonF{tip, tip + in - along, tip + in + along});
    }
}

void ChartPainter::markLeftOut(const PlotSeries &series)
{
    const bool right = series.info().rightAxis;
    const bool logY = (right ? m_space.right : m_space.left).scale.log;
    for (const Trace &trace : series.traces()) {
        std::vector<double> beneath;
        std::vector<double> beside;
        if (series.info().mark == Mark::Bars) {
            for (std::size_t i = 0; logY && i < trace.size(); ++i)
                if (trace.y()[i] < 0)
                    beneath.push_back(m_space.toX(trace.x()[i] + barWidth(trace.x(), i) / 2));
            drawMissing(std::move(beneath), true, series.style(m_theme).color);
            continue;
        }
        if (trace.notPlaced(m_space.x.scale.log, logY) == 0)
            continue;
        const std::vector<PixelColumn> &columns = trace.decimated().columns();
        for (std::size_t i = 0; logY && trace.rising() && i < columns.size(); ++i) {
            if (columns[i].leftOut > 0) {
                beneath.push_back(m_space.rect.left()
                                  + (static_cast<double>(i) + 0.5) * m_space.rect.width()
                                        / m_space.columns());
            }
        }
        for (std::size_t i = 0; i < trace.size(); ++i) {
            const QPointF point = m_space.toPoint(trace.x()[i], trace.y()[i], right);
            if (logY && !trace.rising() && trace.y()[i] <= 0 && std::isfinite(point.x()))
                beneath.push_back(point.x());
            if (m_space.x.scale.log && trace.x()[i] <= 0 && std::isfinite(point.y()))
                beside.push_back(point.y());
            if (trace.rising() && (!m_space.x.scale.log || trace.x()[i] > 0))
                break; // all the others have a place
        }
        drawMissing(std::move(beneath), true, series.style(m_theme).color);
        drawMissing(std::move(beside), false, series.style(m_theme).color);
    }
}

} // namespace losslab::ui
