#include "ui/charts/chartlegend.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

constexpr double crowded = 0.02;       // share of the legend's area with data beneath: better above the plot
constexpr double clearlyBetter = 0.02; // difference that makes a legend move

} // namespace

bool ChartLegend::isShown() const
{
    const auto hasBand = [](const Entry &entry) { return entry.band; };
    return m_entries.size() > 1 || std::any_of(m_entries.begin(), m_entries.end(), hasBand);
}

void ChartLegend::setEntries(std::vector<Entry> entries, const ChartMetrics &metrics)
{
    m_entries = std::move(entries);
    m_metrics = metrics;
}

double ChartLegend::swatchWidth() const
{
    return m_metrics.gap * 3.25;
}

double ChartLegend::entryWidth(const Entry &entry) const
{
    return swatchWidth() + m_metrics.gap * 0.75
           + QFontMetricsF(m_metrics.label).horizontalAdvance(entry.text);
}

QSizeF ChartLegend::insideSize() const
{
    double width = 0;
    for (const Entry &entry : m_entries) {
        width = std::max(width, entryWidth(entry));
    }
    const double row = QFontMetricsF(m_metrics.label).height() + m_metrics.gap * 0.25;
    return {width + 1.5 * m_metrics.gap, row * static_cast<double>(m_entries.size()) + m_metrics.gap};
}

QRectF ChartLegend::cornerRect(Corner corner, const QRectF &plot) const
{
    QRectF area(QPointF(0, 0), insideSize());
    const double inset = m_metrics.gap;
    const bool left = corner == Corner::TopLeft || corner == Corner::BottomLeft;
    const bool top = corner == Corner::TopLeft || corner == Corner::TopRight;
    area.moveLeft(left ? plot.left() + inset : plot.right() - inset - area.width());
    area.moveTop(top ? plot.top() + inset * 0.75 : plot.bottom() - inset * 0.75 - area.height());
    return area;
}

void ChartLegend::chooseCorner(const QRectF &plot, const Occupancy &occupancy)
{
    const QSizeF size = insideSize();
    const bool fits = size.width() < plot.width() * 0.6 && size.height() < plot.height() * 0.6;
    const auto cost = [&](Corner corner) {
        if (corner == Corner::Above) {
            return crowded;
        }
        const double room = m_metrics.gap / 2;
        return fits ? occupancy.share(cornerRect(corner, plot).adjusted(-room, -room, room, room)) : 1.0;
    };
    Corner best = m_corner;
    for (const Corner corner :
         {Corner::TopRight, Corner::TopLeft, Corner::BottomRight, Corner::BottomLeft, Corner::Above})
    {
        const double needed = best == m_corner && m_settled ? clearlyBetter : 1e-6;
        if (cost(corner) < cost(best) - needed) {
            best = corner;
        }
    }
    m_corner = best;
    m_settled = true;
}

void ChartLegend::layOutRows(double width, bool apply, double &height)
{
    const double row = QFontMetricsF(m_metrics.label).height() + m_metrics.gap * 0.25;
    const double between = m_metrics.gap * 2;
    std::vector<std::pair<std::size_t, double>> rows = {{0, 0}}; // first entry, width
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const double needed = entryWidth(m_entries[i]);
        if (i > rows.back().first && rows.back().second + needed > width) {
            rows.emplace_back(i, 0);
        }
        rows.back().second += needed + between;
    }
    height = row * static_cast<double>(rows.size());
    if (!apply) {
        return;
    }
    for (std::size_t line = 0; line < rows.size(); ++line) {
        const std::size_t end = line + 1 < rows.size() ? rows[line + 1].first : m_entries.size();
        double x = m_area.right() - (rows[line].second - between);
        for (std::size_t i = rows[line].first; i < end; ++i) {
            const double needed = entryWidth(m_entries[i]);
            m_places.emplace_back(x, m_area.top() + row * static_cast<double>(line), needed, row);
            x += needed + between;
        }
    }
}

double ChartLegend::heightAbove(double width) const
{
    double height = 0;
    ChartLegend copy = *this;
    copy.layOutRows(width, false, height);
    return height + m_metrics.gap * 0.5;
}

void ChartLegend::place(const QRectF &plot)
{
    m_places.clear();
    if (m_corner == Corner::Above) {
        const double above = heightAbove(plot.width());
        m_area = QRectF(plot.left(), plot.top() - above - m_metrics.gap * 0.25, plot.width(), above);
        double height = 0;
        layOutRows(plot.width(), true, height);
        return;
    }
    m_area = cornerRect(m_corner, plot);
    const double row = QFontMetricsF(m_metrics.label).height() + m_metrics.gap * 0.25;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        m_places.emplace_back(m_area.left() + m_metrics.gap * 0.75,
                              m_area.top() + m_metrics.gap * 0.5 + row * static_cast<double>(i),
                              m_area.width() - 1.5 * m_metrics.gap, row);
    }
}

int ChartLegend::entryAt(QPointF point) const
{
    for (std::size_t i = 0; isShown() && i < m_places.size(); ++i) {
        if (m_places[i].contains(point)) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

void ChartLegend::paintSwatch(QPainter &painter, const Entry &entry, const QRectF &place) const
{
    const QPointF left(place.left(), place.center().y());
    const QPointF right(place.right(), place.center().y());
    if (entry.mark == Mark::Bars) {
        QColor color = entry.style.color;
        color.setAlphaF(0.7F);
        const double side = std::min(place.width(), place.height() * 0.6);
        painter.fillRect(QRectF(place.center().x() - side / 2, place.center().y() - side / 2, side, side),
                         color);
        return;
    }
    if (entry.band) {
        QColor color = entry.style.color;
        color.setAlphaF(0.18F);
        painter.fillRect(place.adjusted(0, place.height() * 0.15, 0, -place.height() * 0.15), color);
    }
    if (entry.mark != Mark::Points) {
        painter.setPen(entry.style.pen(m_metrics.line));
        painter.drawLine(left, right);
    }
    if (entry.mark == Mark::Points || entry.mark == Mark::LinePoints) {
        drawMarker(painter, place.center(), entry.style, m_metrics.marker);
    }
}

void ChartLegend::paint(QPainter &painter, const ChartTheme &theme) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_corner != Corner::Above) {
        QColor ground = theme.background;
        ground.setAlphaF(0.85F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(ground);
        painter.drawRoundedRect(m_area, m_metrics.gap * 0.5, m_metrics.gap * 0.5);
    }
    painter.setFont(m_metrics.label);
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        const Entry &entry = m_entries[i];
        painter.setOpacity(entry.hidden ? 0.35 : 1);
        QRectF place = m_places[i];
        place.setWidth(swatchWidth());
        paintSwatch(painter, entry, place);
        painter.setPen(theme.text);
        painter.drawText(m_places[i].adjusted(swatchWidth() + m_metrics.gap * 0.75, 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, entry.text);
    }
    painter.setOpacity(1);
}

} // namespace losslab::ui
