#include "ui/charts/crosshair.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

/// A point of a series and where it stands on the picture.
struct Found
{
    const PlotSeries *series = nullptr;
    const Trace *trace = nullptr;
    std::size_t index = 0;
    QPointF at;
};

/// Curves are read at one x; where any series is a path through the plane, the nearest point is.
bool isPlane(const ChartFigure &figure)
{
    const auto isPath = [](const Trace &trace) { return !trace.rising(); };
    return std::any_of(figure.series().begin(), figure.series().end(), [&](const PlotSeries &series) {
        return !series.hidden && std::any_of(series.traces().begin(), series.traces().end(), isPath);
    });
}

double distance(const Found &found, QPointF pointer, bool plane)
{
    const QPointF between = found.at - pointer;
    const double distance = plane ? std::hypot(between.x(), between.y()) : std::abs(between.x());
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
        double x = fromPlotted(space.x.min + share * space.x.length(), space.x.log);
        if (series.info().mark == Mark::Bars) {
            x -= barWidth(trace.x(), trace.nearest(x)) / 2;
        }
        found.index = trace.nearest(x);
        found.at = at(found.index);
        return found;
    }
    for (std::size_t i = 1; i < trace.size(); ++i) {
        const Found here{&series, &trace, i, at(i)};
        if (distance(here, pointer, plane) < distance(found, pointer, plane)) {
            found = here;
        }
    }
    return found;
}

std::vector<Found> nearestPoints(const ChartFigure &figure, QPointF pointer, bool plane)
{
    std::vector<Found> points;
    for (const PlotSeries &series : figure.series()) {
        if (series.hidden || series.empty()) {
            continue;
        }
        Found best;
        for (const Trace &trace : series.traces()) {
            if (trace.size() == 0) {
                continue;
            }
            const Found found = nearestPoint(series, trace, figure.space(), pointer, plane);
            if (best.trace == nullptr || distance(found, pointer, plane) < distance(best, pointer, plane)) {
                best = found;
            }
            if (series.summarised() > 0) {
                break; // the seed being trained is not what is read
            }
        }
        points.push_back(best);
    }
    return points;
}

/// "± 0.01", or the quartiles: "(0.011 – 0.014)".
QString spreadText(const Found &found, Spread spread, Format format)
{
    const PlotSeries::Band &band = found.series->bands().back();
    const double low = band.low.y()[found.index];
    const double high = band.high.y()[found.index];
    if (spread == Spread::Mean) {
        return QStringLiteral(" ± ") + valueText((high - low) / 2, format);
    }
    return QStringLiteral(" (%1 – %2)").arg(valueText(low, format), valueText(high, format));
}

QString headingOf(const ChartFigure &figure, double x)
{
    const Axis &axis = figure.info().x;
    for (const auto &[value, name] : axis.ticks) {
        if (value == x) {
            return QString::fromStdString(axis.title + " " + name).trimmed();
        }
    }
    return QStringLiteral("%1 %2")
        .arg(QString::fromStdString(axis.title), valueText(x, axis.format))
        .trimmed();
}

/// Beside the line, within the plot, off the legend where that can be.
QRectF boxPlace(QRectF box, double x, const ChartFigure &figure)
{
    const QRectF plot = figure.space().rect;
    const double gap = figure.metrics().gap;
    const double right = x + 1.5 * gap;
    const double left = x - 1.5 * gap - box.width();
    const double top = plot.top() + gap;
    const double bottom = plot.bottom() - gap - box.height();
    const bool fitsRight = right + box.width() <= plot.right();
    const QPointF standard(fitsRight ? right : left, top);
    for (const QPointF &place :
         {standard, QPointF(fitsRight ? left : right, top), QPointF(standard.x(), bottom)}) {
        box.moveTopLeft(place);
        const bool inside = box.left() >= plot.left() && box.right() <= plot.right();
        if (inside && !(figure.legend().isShown() && box.intersects(figure.legend().area()))) {
            return box;
        }
    }
    box.moveTopLeft(standard);
    return box;
}

} // namespace

CrosshairReading readChart(const ChartFigure &figure, QPointF pointer)
{
    const bool plane = isPlane(figure);
    const std::vector<Found> points = nearestPoints(figure, pointer, plane);
    CrosshairReading reading;
    const auto nearest = std::min_element(points.begin(), points.end(), [&](const Found &a, const Found &b) {
        return distance(a, pointer, plane) < distance(b, pointer, plane);
    });
    if (nearest == points.end()) {
        return reading;
    }
    const double x = nearest->trace->x()[nearest->index];
    reading.heading = headingOf(figure, x);
    reading.x = nearest->at.x();
    for (const Found &found : points) {
        const bool sameX = std::abs(found.at.x() - reading.x) <= figure.metrics().gap;
        if (!sameX || (plane && &found != &*nearest)) {
            continue; // it ended before this x, or is another path
        }
        const bool right = found.series->info().rightAxis;
        const Axis &axis = right && figure.info().right ? *figure.info().right : figure.info().y;
        QString value = valueText(found.trace->y()[found.index], axis.format);
        if (found.series->summarised() > 0 && found.trace == &found.series->traces().front()) {
            value += spreadText(found, figure.spread(), axis.format);
        }
        const QString name = found.trace->label(found.index);
        if (!name.isEmpty()) {
            value += QStringLiteral(" · ") + name;
        }
        reading.rows.push_back({QString::fromStdString(found.series->info().label), value,
                                found.series->style(figure.theme()), found.at});
    }
    return reading;
}

void paintCrosshair(QPainter &painter, const CrosshairReading &reading, const ChartFigure &figure)
{
    const QRectF plot = figure.space().rect;
    if (reading.rows.empty() || reading.x < plot.left() - 1 || reading.x > plot.right() + 1) {
        return;
    }
    const ChartMetrics &metrics = figure.metrics();
    const ChartTheme &theme = figure.theme();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.muted, 1));
    painter.drawLine(QPointF(reading.x, plot.top()), QPointF(reading.x, plot.bottom()));
    for (const CrosshairReading::Row &row : reading.rows) {
        if (plot.contains(row.at)) {
            painter.setPen(QPen(theme.background, 1.5));
            painter.setBrush(row.style.color);
            painter.drawEllipse(row.at, metrics.marker + 0.5, metrics.marker + 0.5);
        }
    }

    const QFontMetricsF type(metrics.label);
    const double swatch = metrics.gap * 1.25;
    double names = 0;
    double values = 0;
    for (const CrosshairReading::Row &row : reading.rows) {
        names = std::max(names, type.horizontalAdvance(row.label));
        values = std::max(values, type.horizontalAdvance(row.value));
    }
    const double line = type.height() * 1.1;
    const double width =
        std::max(swatch + names + 2 * metrics.gap + values, type.horizontalAdvance(reading.heading));
    QRectF box(0, 0, width + 2 * metrics.gap,
               line * static_cast<double>(reading.rows.size() + 1) + metrics.gap);
    box = boxPlace(box, reading.x, figure);
    QColor ground = theme.background;
    ground.setAlphaF(0.94F);
    painter.setPen(QPen(theme.grid, 1));
    painter.setBrush(ground);
    painter.drawRoundedRect(box, 4, 4);

    painter.setFont(metrics.label);
    QRectF row(box.left() + metrics.gap, box.top() + metrics.gap / 2, width, line);
    painter.setPen(theme.muted);
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, reading.heading);
    for (const CrosshairReading::Row &entry : reading.rows) {
        row.translate(0, line);
        painter.fillRect(QRectF(row.left(), row.center().y() - 1.5, swatch - 4, 3), entry.style.color);
        painter.setPen(theme.text);
        painter.drawText(row.adjusted(swatch, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, entry.label);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, entry.value);
    }
}

} // namespace losslab::ui
