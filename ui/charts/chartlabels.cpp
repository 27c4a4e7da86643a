#include "ui/charts/chartpainter.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

void ChartPainter::drawLabels(const PlotSeries &series)
{
    const QFontMetricsF type(m_metrics.caption);
    m_painter.setFont(m_metrics.caption);
    m_painter.setPen(m_theme.text);
    for (const Trace &trace : series.traces()) {
        for (std::size_t i = trace.hasLabels() ? trace.size() : 0; i-- > 0;) {
            const QString label = trace.label(i);
            const QPointF point = m_space.toPoint(series, trace.x()[i], trace.y()[i]);
            if (label.isEmpty() || !std::isfinite(point.x()) || !std::isfinite(point.y())
                || !m_space.rect.contains(point))
                continue;
            const std::optional<QRectF> place =
                freePlace(trace, i, series, QSizeF(type.horizontalAdvance(label), type.ascent()));
            if (place) {
                m_painter.drawText(*place, Qt::AlignCenter | Qt::TextDontClip, label);
                m_labelled.push_back(*place);
            }
        }
    }
}

/// Beside the point, off its own line, all markers and all other labels; none where there is no room.
std::optional<QRectF> ChartPainter::freePlace(const Trace &trace, std::size_t index, const PlotSeries &series,
                                              QSizeF size) const
{
    const auto at = [&](std::size_t i) { return m_space.toPoint(series, trace.x()[i], trace.y()[i]); };
    const QPointF point = at(index);
    const double away = m_metrics.marker * 1.3;
    const auto crossesLine = [&](const QRectF &place) {
        for (std::size_t i = index > 0 ? index - 1 : 0; i + 1 < std::min(index + 3, trace.size()); ++i) {
            for (int tenth = 0; tenth <= 10; ++tenth)
                if (place.contains(at(i) + tenth * 0.1 * (at(i + 1) - at(i))))
                    return true;
        }
        return false;
    };
    for (const QPointF &side :
         {QPointF(1, -0.5), QPointF(1, 0.5), QPointF(-1, -0.5), QPointF(-1, 0.5), QPointF(0, -1)})
    {
        QRectF place(QPointF(0, 0), size);
        place.moveCenter(point
                         + QPointF(side.x() * (size.width() / 2 + away), side.y() * (size.height() + away)));
        const double room = m_metrics.marker / 2;
        const QRectF kept = place.adjusted(-room, -room, room, room);
        const auto covers = [&kept](QPointF marker) { return kept.contains(marker); };
        if (m_space.rect.contains(place) && !crossesLine(place) && !isLabelled(place)
            && std::none_of(m_markers.begin(), m_markers.end(), covers))
            return place;
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
        m_references.push_back(line);
    }
}

QString ChartPainter::labelOf(const ReferenceLine &line) const
{
    return QFontMetricsF(m_metrics.caption)
        .elidedText(QString::fromStdString(line.label), Qt::ElideMiddle,
                    m_space.rect.width() - 2 * m_metrics.gap);
}

bool ChartPainter::isLabelled(const QRectF &place) const
{
    const double room = m_metrics.gap * 0.25;
    const QRectF kept = place.adjusted(-room, 0, room, 0);
    return std::any_of(m_labelled.begin(), m_labelled.end(),
                       [&kept](const QRectF &other) { return other.intersects(kept); });
}

/// How many of the other lines run through a place.
double ChartPainter::crossing(const ReferenceLine &line, const QRectF &place) const
{
    const auto runsThrough = [&](const ReferenceLine &other) {
        const QLineF way = across(other);
        return !(other == line)
               && (other.vertical ? way.x1() > place.left() && way.x1() < place.right()
                                  : way.y1() > place.top() && way.y1() < place.bottom());
    };
    return static_cast<double>(std::count_if(m_references.begin(), m_references.end(), runsThrough));
}

std::optional<QRectF> ChartPainter::referenceLabelPlace(const ReferenceLine &line, const Taken &taken) const
{
    const QFontMetricsF type(m_metrics.caption);
    const QRectF &plot = m_space.rect;
    const QLineF along = across(line);
    const double inset = m_metrics.gap * 0.75;
    const double off = m_metrics.gap * 0.25;
    QRectF place(0, 0, type.horizontalAdvance(labelOf(line)), type.height());
    std::optional<QRectF> best;
    double least = 0;
    const auto offer = [&](double left, double top) {
        place.moveTopLeft({left, top});
        if (!plot.contains(place) || isLabelled(place))
            return;
        const double cost = taken(place) + crossing(line, place);
        if (!best || cost < least) {
            best = place;
            least = cost;
        }
    };
    for (int eighth = 0; eighth <= 8; ++eighth) {
        const double share = eighth / 8.0;
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
    return best;
}

void ChartPainter::drawReferenceLabel(const ReferenceLine &line, const Taken &taken)
{
    const std::optional<QRectF> place = shows(line) ? referenceLabelPlace(line, taken) : std::nullopt;
    if (!place)
        return;
    QColor ground = m_theme.background;
    ground.setAlphaF(0.75F);
    m_painter.fillRect(*place, ground);
    m_painter.setFont(m_metrics.caption);
    m_painter.setPen(m_theme.muted);
    m_painter.drawText(*place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, labelOf(line));
    m_labelled.push_back(*place);
}

} // namespace losslab::ui
