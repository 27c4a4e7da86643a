#include "ui/charts/chartlegend.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace losslab::ui {

namespace {

constexpr double crowded = 0.02;       // share of the legend's area with data beneath: better above the plot
constexpr double clearlyBetter = 0.02; // difference that makes a legend move
constexpr double covered = 0.15;       // more of the area than this hides what the chart shows
constexpr double noRoom = 2;           // worse than all of it on data

} // namespace

bool ChartLegend::isShown() const
{
    return m_all.size() > 1 || m_seeds;
}

void ChartLegend::setEntries(std::vector<Entry> entries, const ChartMetrics &metrics, double widest)
{
    m_metrics = metrics;
    const QFontMetricsF type(metrics.label);
    m_all.clear();
    m_seeds.reset();
    for (Entry &entry : entries) {
        entry.text = type.elidedText(entry.text, Qt::ElideMiddle, widest);
        if (entry.spread)
            m_seeds = std::move(entry);
        else
            m_all.push_back(std::move(entry));
    }
    name(m_naming);
}

void ChartLegend::name(const Naming &naming)
{
    m_naming = naming;
    m_entries = named(naming.most);
    if (naming.brief)
        shorten(m_entries);
    if (m_seeds)
        m_entries.push_back(*m_seeds);
}

/// Of an order too long to name: its ends and some places between.
std::vector<ChartLegend::Entry> ChartLegend::named(std::size_t most) const
{
    if (m_all.size() <= std::max(most, fewNamed))
        return m_all;
    const std::size_t count = std::min(most, fewNamed);
    std::vector<Entry> entries;
    std::size_t next = 0;
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        const bool isNamed = i == next * (m_all.size() - 1) / (count - 1);
        next += isNamed ? 1 : 0;
        if (isNamed || m_all[i].hidden)
            entries.push_back(m_all[i]);
    }
    entries.push_back({.key = {}, .text = QStringLiteral("%1 in all").arg(m_all.size()), .style = {}});
    return entries;
}

/// "deep (7 hidden)" becomes "deep", where all are still told apart. Whether anything became shorter.
bool ChartLegend::shorten(std::vector<Entry> &entries) const
{
    std::vector<Entry> brief = entries;
    std::set<QString> texts;
    for (Entry &entry : brief) {
        const auto end = entry.text.endsWith(QLatin1Char(')')) ? entry.text.indexOf(QLatin1String(" (")) : -1;
        entry.text.truncate(end > 0 ? end : entry.text.size());
        texts.insert(entry.text);
    }
    const auto sameText = [](const Entry &a, const Entry &b) { return a.text == b.text; };
    if (texts.size() < brief.size() || std::equal(brief.begin(), brief.end(), entries.begin(), sameText))
        return false;
    entries = std::move(brief);
    return true;
}

/// From the fullest to the briefest.
std::vector<ChartLegend::Naming> ChartLegend::namings() const
{
    std::vector<Naming> all{{.most = mostNamed}};
    std::vector<Entry> entries = named(mostNamed);
    if (shorten(entries))
        all.push_back({.most = mostNamed, .brief = true});
    if (m_all.size() > fewNamed)
        for (const std::size_t most : {fewNamed, std::size_t{3}, std::size_t{2}})
            all.push_back({.most = most, .brief = true});
    return all;
}

double ChartLegend::swatchWidth() const
{
    return m_metrics.gap * 3.25;
}

double ChartLegend::entryWidth(const Entry &entry) const
{
    const double text = QFontMetricsF(m_metrics.label).horizontalAdvance(entry.text);
    return entry.key.empty() && !entry.spread ? text : swatchWidth() + m_metrics.gap * 0.75 + text;
}

QSizeF ChartLegend::insideSize() const
{
    double width = 0;
    for (const Entry &entry : m_entries)
        width = std::max(width, entryWidth(entry));
    return {width + 1.5 * m_metrics.gap, rowHeight() * static_cast<double>(m_entries.size()) + m_metrics.gap};
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

double ChartLegend::cost(Corner corner, const QRectF &plot, const Occupancy &occupancy,
                         double roomAbove) const
{
    if (corner == Corner::Above)
        return heightAbove(plot) <= roomAbove ? crowded : 2 * noRoom; // it must not push the plot away
    const QSizeF size = insideSize();
    const double room = m_metrics.gap / 2;
    const bool fits = size.width() < plot.width() * 0.6 && size.height() < plot.height() * 0.6;
    const double share = occupancy.share(cornerRect(corner, plot).adjusted(-room, -room, room, room));
    return share + (fits && share <= covered ? 0 : noRoom);
}

void ChartLegend::chooseCorner(const QRectF &plot, const Occupancy &occupancy, double roomAbove)
{
    const auto costOf = [&](Corner corner) { return cost(corner, plot, occupancy, roomAbove); };
    const Corner before = m_corner;
    for (const Naming &naming : namings()) {
        name(naming);
        m_corner = before;
        for (const Corner corner :
             {Corner::TopRight, Corner::TopLeft, Corner::BottomRight, Corner::BottomLeft, Corner::Above})
        {
            const double needed = m_corner == before && m_settled ? clearlyBetter : 1e-6;
            if (costOf(corner) < costOf(m_corner) - needed)
                m_corner = corner;
        }
        m_hasRoom = costOf(m_corner) < noRoom;
        if (m_hasRoom)
            break;
    }
    m_settled = true;
}

ChartLegend::Rows ChartLegend::rows(double width) const
{
    const double between = m_metrics.gap * 1.5;
    Rows rows;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const double needed = entryWidth(m_entries[i]);
        if (rows.empty() || rows.back().width + between + needed > width)
            rows.push_back({i, i, 0});
        Row &row = rows.back();
        row.width += (i > row.first ? between : 0) + needed;
        row.end = i + 1;
    }
    return rows;
}

double ChartLegend::rowHeight() const
{
    return QFontMetricsF(m_metrics.label).height() + m_metrics.gap * 0.25;
}

double ChartLegend::heightAbove(const QRectF &plot) const
{
    const Rows all = rows(plot.right() - m_metrics.gap / 2);
    const auto isWide = [&](const Row &row) { return row.width > plot.width(); };
    // Beside the plot stand the axes' numbers, the uppermost of which reaches above it.
    const bool besides = std::any_of(all.begin(), all.end(), isWide);
    return rowHeight() * (static_cast<double>(all.size()) + (besides ? 0.5 : 0)) + m_metrics.gap * 0.5;
}

void ChartLegend::place(const QRectF &plot)
{
    m_places.clear();
    const double row = rowHeight();
    if (m_corner != Corner::Above) {
        m_area = cornerRect(m_corner, plot);
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            m_places.emplace_back(m_area.left() + m_metrics.gap * 0.75,
                                  m_area.top() + m_metrics.gap * 0.5 + row * static_cast<double>(i),
                                  m_area.width() - 1.5 * m_metrics.gap, row);
        }
        return;
    }
    const Rows all = rows(plot.right() - m_metrics.gap / 2);
    double widest = 0;
    double top = plot.top() - heightAbove(plot) - m_metrics.gap * 0.25;
    m_area = QRectF(0, top, 0, row * static_cast<double>(all.size()));
    for (const Row &line : all) {
        double x = plot.right() - line.width;
        for (std::size_t i = line.first; i < line.end; ++i) {
            const double needed = entryWidth(m_entries[i]);
            m_places.emplace_back(x, top, needed, row);
            x += needed + m_metrics.gap * 1.5;
        }
        top += row;
        widest = std::max(widest, line.width);
    }
    m_area.setLeft(plot.right() - widest);
    m_area.setRight(plot.right());
}

int ChartLegend::entryAt(QPointF point) const
{
    for (std::size_t i = 0; isShown() && i < m_places.size(); ++i)
        if (m_places[i].contains(point) && !m_entries[i].key.empty())
            return static_cast<int>(i);
    return -1;
}

/// In grey: a line in its bands, or some thin ones.
void ChartLegend::paintSpread(QPainter &painter, const Entry &entry, const QRectF &place) const
{
    const auto drawLine = [&](double shift, double width) {
        const double y = place.center().y() + shift * place.height();
        painter.setPen(QPen(entry.style.color, width));
        painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y));
    };
    if (entry.spread == Spread::Seeds) {
        for (const double shift : {-0.2, 0.0, 0.2})
            drawLine(shift, m_metrics.line * 0.5);
        return;
    }
    QColor color = entry.style.color;
    color.setAlphaF(0.18F);
    const auto fillBand = [&](double share) {
        QRectF band(place.left(), 0, place.width(), place.height() * share);
        band.moveCenter(place.center());
        painter.fillRect(band, color);
    };
    fillBand(0.4);
    if (entry.spread == Spread::Median)
        fillBand(0.7);
    drawLine(0, m_metrics.line);
}

void ChartLegend::paintSwatch(QPainter &painter, const Entry &entry, const QRectF &place) const
{
    const QPointF left(place.left(), place.center().y());
    const QPointF right(place.right(), place.center().y());
    if (entry.mark == Mark::Bars) {
        const double side = std::min(place.width(), place.height() * 0.6);
        painter.fillRect(QRectF(place.center().x() - side / 2, place.center().y() - side / 2, side, side),
                         entry.style.color);
        return;
    }
    if (entry.spread) {
        paintSpread(painter, entry, place);
        return;
    }
    if (!isPoints(entry.mark)) {
        painter.setPen(entry.style.pen(m_metrics.line));
        painter.drawLine(left, right);
    }
    if (isPoints(entry.mark) || entry.mark == Mark::LinePoints)
        drawMarker(painter, place.center(), entry.style, m_metrics.marker);
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
        if (entry.key.empty() && !entry.spread) {
            painter.setPen(theme.muted);
            painter.drawText(m_places[i], Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, entry.text);
            continue;
        }
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
