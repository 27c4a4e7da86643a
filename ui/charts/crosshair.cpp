#include "ui/charts/crosshair.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace losslab::ui {

namespace {

/// A point of a series and where it stands on the picture.
struct Found
{
    const PlotSeries *series = nullptr;
    const Trace *trace = nullptr;
    std::size_t index = 0;
    QPointF at;
    double reach = 0; ///< to its left and right it is as near: half a bar's width
};

/// A bar is read in its middle.
void takeBar(Found &found, const PlotSpace &space)
{
    const double edge = found.trace->x()[found.index];
    const double to = space.toX(edge + barWidth(found.trace->x(), found.index));
    const double from =
        std::isfinite(found.at.x()) ? found.at.x() : space.rect.left(); // below zero, on a log axis
    found.at.setX((from + to) / 2);
    found.reach = std::abs(to - from) / 2;
}

/// Curves are read at one x; where any series is a path through the plane, the nearest point is.
bool isPlane(const ChartDrawing &drawing)
{
    const auto isPath = [](const Trace &trace) { return !trace.rising(); };
    return std::any_of(drawing.series().begin(), drawing.series().end(), [&](const PlotSeries &series) {
        return !series.hidden && std::any_of(series.traces().begin(), series.traces().end(), isPath);
    });
}

double distance(const Found &found, QPointF pointer, bool plane)
{
    const QPointF between = found.at - pointer;
    const double distance =
        plane ? std::hypot(between.x(), between.y()) : std::max(0.0, std::abs(between.x()) - found.reach);
    return std::isfinite(distance) ? distance : std::numeric_limits<double>::infinity(); // it has no place
}

Found nearestPoint(const PlotSeries &series, const Trace &trace, const PlotSpace &space, QPointF pointer,
                   bool plane)
{
    const bool right = series.info().rightAxis;
    const auto at = [&](std::size_t i) { return space.toPoint(trace.x()[i], trace.y()[i], right); };
    Found found{&series, &trace, 0, at(0)};
    if (!plane) {
        const double share = (pointer.x() - space.rect.left()) / space.rect.width();
        const double x = fromPlotted(space.x.min + share * space.x.length(), space.x.scale);
        found.index = series.info().mark == Mark::Bars ? barAt(trace.x(), trace.bars(), x) : trace.nearest(x);
        found.at = at(found.index);
        if (series.info().mark == Mark::Bars)
            takeBar(found, space);
        return found;
    }
    for (std::size_t i = 1; i < trace.size(); ++i) {
        const Found here{&series, &trace, i, at(i)};
        if (distance(here, pointer, plane) < distance(found, pointer, plane))
            found = here;
    }
    return found;
}

std::vector<Found> nearestPoints(const ChartDrawing &drawing, QPointF pointer, bool plane)
{
    std::vector<Found> points;
    for (const PlotSeries &series : drawing.series()) {
        if (series.hidden || series.empty())
            continue;
        Found best;
        for (const Trace &trace : series.traces()) {
            if (trace.size() == 0)
                continue;
            const Found found = nearestPoint(series, trace, drawing.space(), pointer, plane);
            if (best.trace == nullptr || distance(found, pointer, plane) < distance(best, pointer, plane))
                best = found;
            if (series.summarised() > 0)
                break; // the seed being trained is not what is read
        }
        points.push_back(best);
    }
    return points;
}

/// Of ended seeds that are drawn one by one: the least and the greatest of their values there. Empty where
/// there are no two.
QString rangeText(const Found &found, const ChartDrawing &drawing, Format format)
{
    const std::vector<Trace> &traces = found.series->traces();
    const double x = found.trace->x()[found.index];
    double least = std::numeric_limits<double>::infinity();
    double greatest = -least;
    std::size_t seeds = 0;
    for (std::size_t i = 0; i < std::min(found.series->separate(), traces.size()); ++i) {
        const std::size_t index = traces[i].nearest(x);
        const double distance = drawing.space().toX(traces[i].x()[index]) - found.at.x();
        if (std::abs(distance) <= drawing.metrics().gap) {
            least = std::min(least, traces[i].y()[index]);
            greatest = std::max(greatest, traces[i].y()[index]);
            ++seeds;
        }
    }
    return seeds > 1 ? QStringLiteral("%1 – %2").arg(valueText(least, format), valueText(greatest, format))
                     : QString();
}

/// What the numbers in the rows are of several seeds; empty where rows differ.
QString meaningOf(const std::set<Spread> &shown)
{
    if (shown.size() != 1)
        return {};
    switch (*shown.begin()) {
    case Spread::Median:
        return QStringLiteral(" · median (quartiles)");
    case Spread::Mean:
        return QStringLiteral(" · mean ± sd");
    case Spread::Seeds:
        return QStringLiteral(" · range of the seeds");
    }
    return {};
}

/// "± 0.01", or the quartiles: "(0.011 – 0.014)".
QString spreadText(const Found &found, Spread spread, Format format)
{
    const PlotSeries::Band &band = found.series->bands().back();
    const double low = band.low.y()[found.index];
    const double high = band.high.y()[found.index];
    if (spread == Spread::Mean)
        return QStringLiteral(" ± ") + valueText((high - low) / 2, format);
    return QStringLiteral(" (%1 – %2)").arg(valueText(low, format), valueText(high, format));
}

QString headingOf(const ChartDrawing &drawing, const Found &found)
{
    const Axis &axis = drawing.info().x;
    const double x = found.trace->x()[found.index];
    for (const auto &[value, name] : axis.ticks)
        if (value == x)
            return QString::fromStdString(axis.title + " " + name).trimmed();
    QString value = valueText(x, axis.format);
    if (found.series->info().mark == Mark::Bars)
        value += QStringLiteral(" – ") + valueText(x + barWidth(found.trace->x(), found.index), axis.format);
    return QStringLiteral("%1 %2").arg(QString::fromStdString(axis.title), value).trimmed();
}

/// How the box is filled: as wide and as high as its rows, or as there is room.
struct BoxLayout
{
    double swatch = 0;
    double line = 0;   ///< height of a row
    double values = 0; ///< width of their column
    double inner = 0;  ///< width between the paddings
    std::size_t rows = 0;
    QSizeF size = {};
};

/// The height of the plot, and the width that it has with its axes.
QRectF boxRoom(const ChartDrawing &drawing)
{
    const ChartDrawing::Insets axes = drawing.neededInsets();
    return drawing.space().rect.adjusted(-axes.left, 0, axes.right, 0);
}

BoxLayout layOutBox(const CrosshairReading &reading, const ChartMetrics &metrics, const QSizeF &room)
{
    const QFontMetricsF type(metrics.label);
    BoxLayout layout{.swatch = metrics.gap * 1.25, .line = type.height() * 1.1};
    double names = 0;
    for (const CrosshairReading::Row &row : reading.rows) {
        names = std::max(names, type.horizontalAdvance(row.label));
        layout.values = std::max(layout.values, type.horizontalAdvance(row.value));
    }
    const double wanted = std::max(layout.swatch + names + 2 * metrics.gap + layout.values,
                                   type.horizontalAdvance(reading.heading));
    layout.inner = std::min(wanted, room.width() - 2 * metrics.gap);
    layout.values = std::min(layout.values, 0.7 * (layout.inner - layout.swatch));
    const double lines = std::floor((room.height() - metrics.gap) / layout.line);
    layout.rows = std::min(reading.rows.size(), static_cast<std::size_t>(std::max(2.0, lines) - 1));
    layout.size = {layout.inner + 2 * metrics.gap,
                   layout.line * static_cast<double>(layout.rows + 1) + metrics.gap};
    return layout;
}

/// Beside the line, within the plot, off the legend where that can be; whole in any case.
QRectF boxPlace(QRectF box, double x, const ChartDrawing &drawing)
{
    const QRectF plot = drawing.space().rect;
    const double gap = drawing.metrics().gap;
    const double right = x + 1.5 * gap;
    const double left = x - 1.5 * gap - box.width();
    const double top = plot.top() + gap;
    const double bottom = plot.bottom() - gap - box.height();
    const bool fitsRight = right + box.width() <= plot.right();
    const QPointF standard(fitsRight ? right : left, top);
    for (const QPointF &place :
         {standard, QPointF(fitsRight ? left : right, top), QPointF(standard.x(), bottom)}) {
        box.moveTopLeft(place);
        if (plot.contains(box) && !(drawing.legend().isShown() && box.intersects(drawing.legend().area())))
            return box;
    }
    const QRectF room = boxRoom(drawing);
    box.moveLeft(std::clamp(standard.x(), room.left(), std::max(room.left(), room.right() - box.width())));
    box.moveTop(std::clamp(top, room.top(), std::max(room.top(), room.bottom() - box.height())));
    return box;
}

void paintBox(QPainter &painter, const CrosshairReading &reading, const ChartDrawing &drawing)
{
    const ChartMetrics &metrics = drawing.metrics();
    const ChartTheme &theme = drawing.theme();
    const BoxLayout layout = layOutBox(reading, metrics, boxRoom(drawing).size());
    const QRectF box = boxPlace(QRectF(QPointF(), layout.size), reading.x, drawing);
    QColor ground = theme.background;
    ground.setAlphaF(0.94F);
    painter.setPen(QPen(theme.grid, 1));
    painter.setBrush(ground);
    painter.drawRoundedRect(box, 4, 4);

    const QFontMetricsF type(metrics.label);
    const auto write = [&](const QRectF &where, Qt::Alignment side, const QString &text) {
        painter.drawText(where, static_cast<int>(side | Qt::AlignVCenter),
                         type.elidedText(text, Qt::ElideRight, where.width() + 1));
    };
    painter.setFont(metrics.label);
    QRectF row(box.left() + metrics.gap, box.top() + metrics.gap / 2, layout.inner, layout.line);
    painter.setPen(theme.muted);
    write(row, Qt::AlignLeft, reading.heading);
    for (std::size_t i = 0; i < layout.rows; ++i) {
        row.translate(0, layout.line);
        const std::size_t left = reading.rows.size() - i;
        if (i + 1 == layout.rows && left > 1) {
            painter.setPen(theme.muted);
            write(row, Qt::AlignLeft, QStringLiteral("and %1 more").arg(left));
            break;
        }
        const CrosshairReading::Row &entry = reading.rows[i];
        painter.fillRect(QRectF(row.left(), row.center().y() - 1.5, layout.swatch - 4, 3), entry.style.color);
        painter.setPen(theme.text);
        write(row.adjusted(layout.swatch, 0, -layout.values - metrics.gap, 0), Qt::AlignLeft, entry.label);
        write(row.adjusted(layout.inner - layout.values, 0, 0, 0), Qt::AlignRight, entry.value);
    }
}

} // namespace

QRectF crosshairBox(const CrosshairReading &reading, const ChartDrawing &drawing)
{
    const QSizeF size = layOutBox(reading, drawing.metrics(), boxRoom(drawing).size()).size;
    return boxPlace(QRectF(QPointF(), size), reading.x, drawing);
}

CrosshairReading readChart(const ChartDrawing &drawing, QPointF pointer)
{
    const bool plane = isPlane(drawing);
    const std::vector<Found> points = nearestPoints(drawing, pointer, plane);
    CrosshairReading reading;
    const auto nearest = std::min_element(points.begin(), points.end(), [&](const Found &a, const Found &b) {
        return distance(a, pointer, plane) < distance(b, pointer, plane);
    });
    if (nearest == points.end())
        return reading;
    reading.heading = headingOf(drawing, *nearest);
    reading.x = nearest->at.x();
    std::set<Spread> shown;
    for (const Found &found : points) {
        const bool sameX = std::abs(found.at.x() - reading.x) <= drawing.metrics().gap;
        if (!sameX || (plane && &found != &*nearest))
            continue; // it ended before this x, or is another path
        const bool right = found.series->info().rightAxis;
        const Axis &axis = right && drawing.info().right ? *drawing.info().right : drawing.info().y;
        QString value = valueText(found.trace->y()[found.index], axis.format);
        if (found.series->summarised() > 0 && found.trace == &found.series->traces().front()) {
            value += spreadText(found, drawing.spread(), axis.format);
            shown.insert(drawing.spread());
        } else if (const QString range = plane ? QString() : rangeText(found, drawing, axis.format);
                   !range.isEmpty()) {
            value = range;
            shown.insert(Spread::Seeds);
        }
        const QString name = found.trace->label(found.index);
        if (!name.isEmpty())
            value += QStringLiteral(" · ") + name;
        reading.rows.push_back({QString::fromStdString(found.series->info().label), value,
                                found.series->style(drawing.theme()), found.at});
    }
    reading.heading += meaningOf(shown);
    return reading;
}

void paintCrosshair(QPainter &painter, const CrosshairReading &reading, const ChartDrawing &drawing)
{
    const QRectF plot = drawing.space().rect;
    const bool isInPlot = reading.x >= plot.left() - 1 && reading.x <= plot.right() + 1; // and has a place
    if (reading.rows.empty() || !isInPlot)
        return;
    const ChartMetrics &metrics = drawing.metrics();
    const ChartTheme &theme = drawing.theme();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.muted, 1));
    painter.drawLine(QPointF(reading.x, plot.top()), QPointF(reading.x, plot.bottom()));
    for (const CrosshairReading::Row &row : reading.rows) {
        if (std::isfinite(row.at.y()) && plot.contains(row.at)) { // zero has no place on a log axis
            painter.setPen(QPen(theme.background, 1.5));
            painter.setBrush(row.style.color);
            painter.drawEllipse(row.at, metrics.marker + 0.5, metrics.marker + 0.5);
        }
    }

    paintBox(painter, reading, drawing);
}

} // namespace losslab::ui
