#include "ui/charts/chartfigure.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

constexpr int endSteps = 10; // an axis that follows ends at a multiple of about a tenth of its length

/// A series looks the same whichever of the others have come: as its place among those declared, or after
/// them.
int styleOf(const ChartInfo &info, const std::string &key, int &undeclared)
{
    int place = 0;
    for (const SeriesInfo &series : info.series) {
        if (series.key == key) {
            return series.mark == Mark::Target ? 0 : place;
        }
        place += series.mark == Mark::Target ? 0 : 1;
    }
    return place + undeclared++;
}

} // namespace

ChartFigure::ChartFigure(const ChartInfo &info)
    : m_info(info),
      m_theme(ChartTheme::light()),
      m_wantLogX(info.x.scale == Scale::Log),
      m_wantLogY(info.y.scale == Scale::Log)
{}

void ChartFigure::setData(const ChartData *data)
{
    m_data = data;
    m_series.clear();
    m_followedBefore = false;
}

bool ChartFigure::updateAnnotations()
{
    std::vector<ReferenceLine> references = m_info.references;
    std::string remark;
    if (m_data != nullptr) {
        references.insert(references.end(), m_data->lines.begin(), m_data->lines.end());
        remark = m_data->remark;
    }
    const bool changed = references != m_references || remark != m_remark;
    m_references = std::move(references);
    m_remark = std::move(remark);
    return changed;
}

bool ChartFigure::update()
{
    const std::size_t count = m_data != nullptr ? m_data->series.size() : 0;
    bool changed = updateAnnotations();
    const auto sameKeys = [&] {
        return m_series.size() == count
               && std::equal(m_series.begin(), m_series.end(), m_data->series.begin(),
                             [](const PlotSeries &a, const SeriesData &b) { return a.info().key == b.key; });
    };
    if (m_data == nullptr || !sameKeys()) {
        changed = changed || !m_series.empty() || count > 0;
        m_series.clear();
        int undeclared = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const SeriesInfo info = m_info.seriesInfo(m_data->series[i].key);
            m_series.emplace_back(info, styleOf(m_info, info.key, undeclared));
            m_series.back().hidden = isHidden(info.key);
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        changed = m_series[i].update(m_data->series[i]) || changed;
    }
    return changed;
}

bool ChartFigure::empty() const
{
    return std::all_of(m_series.begin(), m_series.end(),
                       [](const PlotSeries &series) { return series.empty(); });
}

bool ChartFigure::canLogX() const
{
    return std::all_of(m_series.begin(), m_series.end(),
                       [](const PlotSeries &series) { return series.empty() || series.extent().minX > 0; });
}

bool ChartFigure::canLogY() const
{
    return std::all_of(m_series.begin(), m_series.end(), [](const PlotSeries &series) {
        const Extent extent = series.extent();
        const bool bars = series.info().mark == Mark::Bars; // empty bars have no height on any axis
        return series.empty() || series.info().rightAxis || extent.minY > 0
               || (bars && extent.minY >= 0 && extent.maxY > 0);
    });
}

void ChartFigure::setHidden(const std::string &key, bool hidden)
{
    std::erase(m_hidden, key);
    if (hidden) {
        m_hidden.push_back(key);
    }
    for (PlotSeries &series : m_series) {
        series.hidden = isHidden(series.info().key);
    }
}

bool ChartFigure::isHidden(const std::string &key) const
{
    return std::find(m_hidden.begin(), m_hidden.end(), key) != m_hidden.end();
}

int ChartFigure::xTicks() const
{
    const double each = QFontMetricsF(m_metrics.label).horizontalAdvance(QStringLiteral("10,000")) * 2;
    return std::clamp(static_cast<int>(m_size.width() * 0.85 / each), 2, 10);
}

int ChartFigure::yTicks() const
{
    const double each = QFontMetricsF(m_metrics.label).height() * 2.4;
    return std::clamp(static_cast<int>((m_size.height() - 3 * each / 2.4) / each), 2, 7);
}

/// The smallest bar that has a height; 0 where there is none.
double ChartFigure::smallestBar() const
{
    double smallest = std::numeric_limits<double>::infinity();
    for (const PlotSeries &series : m_series) {
        if (series.info().mark != Mark::Bars || series.hidden) {
            continue;
        }
        for (const Trace &trace : series.traces()) {
            for (const double height : trace.y()) {
                smallest = height > 0 ? std::min(smallest, height) : smallest;
            }
        }
    }
    return std::isfinite(smallest) ? smallest : 0;
}

Extent ChartFigure::extentOf(bool rightAxis, bool log) const
{
    Extent extent;
    for (const PlotSeries &series : m_series) {
        if (series.info().rightAxis != rightAxis || series.hidden || series.empty()) {
            continue;
        }
        const Extent values = series.extent();
        extent.unite(values);
        if (series.hasBand() && !log) {
            extent.unite(series.low().extent());
            extent.unite(series.high().extent());
        }
        if (series.info().mark == Mark::Bars && !log) {
            extent.add(values.minX, 0);
        }
    }
    if (log && !extent.empty()) {
        extent.minY = std::max(extent.minY, smallestBar() / 2);
    }
    for (const ReferenceLine &line : m_references) {
        if (!rightAxis && !line.vertical && !extent.empty() && (!log || line.at > 0)) {
            extent.add(extent.minX, line.at);
        }
    }
    return extent;
}

/// The range before is kept while the data are inside it and fill most of it: an axis that follows must not
/// jitter.
AxisRange ChartFigure::followed(const Axis &axis, double low, double high, bool log, double padding,
                                const AxisRange &before) const
{
    const AxisRange fresh = roundRange(axis, low, high, log, padding, endSteps);
    const AxisRange bare{toPlotted(low, log), toPlotted(high, log), log};
    const bool keeps = m_followedBefore && before.log == log && before.contains(bare)
                       && fresh.length() > 0.6 * before.length();
    return keeps && fresh.contains(before) == false ? before : fresh;
}

void ChartFigure::followData()
{
    const Extent left = extentOf(false, logY());
    const Extent right = extentOf(true, m_space.right.log);
    Extent both = left;
    both.unite(right);
    const auto scattered = [](const PlotSeries &series) {
        return series.info().mark == Mark::Points
               || !std::all_of(series.traces().begin(), series.traces().end(),
                               [](const Trace &t) { return t.rising(); });
    };
    const bool padded = std::any_of(m_series.begin(), m_series.end(), scattered);
    if (both.empty()) {
        m_space.x = roundRange(m_info.x, m_info.x.min.value_or(logX() ? 1 : 0),
                               m_info.x.max.value_or(logX() ? 10 : 1), logX(), 0, 1);
        m_space.left = roundRange(m_info.y, logY() ? 1 : 0, logY() ? 10 : 1, logY(), 0, 1);
        m_space.right = {};
        m_followedBefore = false;
    } else {
        m_space.x = followed(m_info.x, both.minX, both.maxX, logX(), padded ? 0.03 : 0, m_space.x);
        if (!left.empty()) {
            m_space.left = followed(m_info.y, left.minY, left.maxY, logY(), 0.03, m_space.left);
        }
        if (m_info.right && !right.empty()) {
            const bool log = m_info.right->scale == Scale::Log && right.minY > 0;
            m_space.right = followed(*m_info.right, right.minY, right.maxY, log, 0.03, m_space.right);
        }
        m_followedBefore = true;
    }
    m_space.x = m_view.x.value_or(m_space.x);
    m_space.left = m_view.left.value_or(m_space.left);
    m_space.right = m_view.right.value_or(m_space.right);
}

void ChartFigure::layOut(QSizeF size, qreal pixel)
{
    m_size = size;
    m_space.pixel = pixel;
    followData();
    std::vector<ChartLegend::Entry> entries;
    for (const PlotSeries &series : m_series) {
        if (!series.empty() && (m_legendShowsHidden || !series.hidden)) {
            const bool target = series.info().mark == Mark::Target;
            entries.push_back({series.info().key, series.legendText(),
                               target ? m_theme.target() : m_theme.series(series.styleIndex()),
                               series.info().mark, series.hasBand(), series.hidden});
        }
    }
    m_legend.setEntries(std::move(entries), m_metrics);
    layOutFrame(size);
    for (PlotSeries &series : m_series) {
        for (Trace &trace : series.traces()) {
            trace.decimate(m_space.x, m_space.columns());
        }
        if (series.hasBand()) {
            series.low().decimate(m_space.x, m_space.columns());
            series.high().decimate(m_space.x, m_space.columns());
        }
    }
    layOutLegend();
}

/// All but the margins.
ChartFrame::Look ChartFigure::frameLook(QSizeF size) const
{
    const auto look = [this](const Axis &axis, const AxisRange &range, int ticks) {
        const bool numbered = !empty() || (axis.min && axis.max) || !axis.ticks.empty();
        return ChartFrame::AxisLook{QString::fromStdString(axis.title), range,
                                    numbered ? ticksFor(axis, range, ticks) : Ticks{}};
    };
    ChartFrame::Look frame;
    frame.size = size;
    frame.titleMargin = m_metrics.gap / 2;
    frame.x = look(m_info.x, m_space.x, xTicks());
    frame.left = look(m_info.y, m_space.left, yTicks());
    if (m_info.right) {
        frame.right = look(*m_info.right, m_space.right, yTicks());
    }
    frame.theme = m_theme;
    frame.metrics = m_metrics;
    return frame;
}

/// What is missing to the least insets.
QMargins ChartFigure::insetMargins() const
{
    return {static_cast<int>(std::max(0.0, m_least.left - m_needed.left)), 0,
            static_cast<int>(std::max(0.0, m_least.right - m_needed.right)), 0};
}

void ChartFigure::measureInsets(QSizeF size, const QMargins &added)
{
    const QRectF plot = m_frame.plotArea();
    m_needed = {std::round(plot.left() - added.left()),
                std::round(size.width() - plot.right() - added.right())};
}

void ChartFigure::layOutFrame(QSizeF size)
{
    ChartFrame::Look frame = frameLook(size);
    const int gap = static_cast<int>(m_metrics.gap);
    const bool above = m_legend.isShown() && m_legend.corner() == ChartLegend::Corner::Above;
    const auto margins = [&](double plotWidth) {
        const int legend = above ? static_cast<int>(std::ceil(m_legend.heightAbove(plotWidth))) : 0;
        return QMargins(gap / 2, gap + legend, m_info.right ? gap / 2 : 3 * gap, gap / 2) + insetMargins();
    };
    double width = m_space.rect.isEmpty() ? size.width() * 0.85 : m_space.rect.width();
    bool changed = false;
    for (int pass = 0; pass < 2; ++pass) { // how wide the plot is, is known only after the first
        const QMargins added = insetMargins();
        frame.margins = margins(width);
        changed = m_frame.setLook(frame) || changed;
        measureInsets(size, added);
        width = m_frame.plotArea().width();
    }
    m_frameRevision += changed ? 1 : 0;
    const QRectF plot = m_frame.plotArea();
    const auto onPixel = [this](double at) { return std::round(at / m_space.pixel) * m_space.pixel; };
    m_space.rect = // columns of the data are columns of the device
        QRectF(QPointF(onPixel(std::max(m_needed.left, m_least.left)), plot.top()),
               QPointF(onPixel(size.width() - std::max(m_needed.right, m_least.right)), plot.bottom()));
}

/// Where data stand, for what must find a place between them.
void ChartFigure::markOccupied()
{
    m_occupancy = Occupancy(m_space.rect);
    for (const PlotSeries &series : m_series) {
        if (!series.hidden && (m_legend.isShown() || !m_references.empty())) {
            m_occupancy.mark(series, m_space);
        }
    }
}

void ChartFigure::layOutLegend()
{
    markOccupied();
    if (!m_legend.isShown()) {
        return;
    }
    const ChartLegend::Corner before = m_legend.corner();
    m_legend.chooseCorner(m_space.rect, m_occupancy);
    const ChartLegend::Corner above = ChartLegend::Corner::Above;
    if ((before == above) != (m_legend.corner() == above)) {
        layOutFrame(m_size);
        for (PlotSeries &series : m_series) {
            for (Trace &trace : series.traces()) {
                trace.decimate(m_space.x, m_space.columns());
            }
        }
        markOccupied();
    }
    m_legend.place(m_space.rect);
}

void ChartFigure::paintData(QPainter &painter) const
{
    painter.save();
    const double edge = m_metrics.line;
    painter.setClipRect(m_space.rect.adjusted(-edge, -edge, edge, edge));
    ChartPainter chart(painter, m_space, m_theme, m_metrics);
    const QRectF legend = m_legend.isShown() ? m_legend.area() : QRectF();
    const auto taken = [&](const QRectF &place) {
        return m_occupancy.share(place) + (place.intersects(legend) ? 1 : 0);
    };
    if (!empty()) {
        for (const ReferenceLine &line : m_references) {
            chart.drawReference(line);
        }
    }
    const auto each = [this](auto &&wanted, auto &&draw) {
        for (const PlotSeries &series : m_series) {
            if (!series.hidden && wanted(series)) {
                draw(series);
            }
        }
    };
    const auto isBars = [](const PlotSeries &series) { return series.info().mark == Mark::Bars; };
    const auto isTarget = [](const PlotSeries &series) { return series.info().mark == Mark::Target; };
    const bool manyBars = std::count_if(m_series.begin(), m_series.end(), isBars) > 1;
    each(isBars, [&](const PlotSeries &series) { chart.drawBars(series, manyBars); });
    each(isTarget, [&](const PlotSeries &series) { chart.drawSeries(series); });
    each([](const PlotSeries &series) { return series.hasBand() && series.info().mark != Mark::Bars; },
         [&](const PlotSeries &series) { chart.drawBand(series); });
    each([&](const PlotSeries &series) { return !isBars(series) && !isTarget(series); },
         [&](const PlotSeries &series) { chart.drawSeries(series); });
    each([](const PlotSeries &) { return true; },
         [&](const PlotSeries &series) { chart.drawLabels(series); });
    for (const ReferenceLine &line : m_references) {
        if (!empty()) {
            chart.drawReferenceLabel(line, taken);
        }
    }
    painter.restore();
    if (m_legend.isShown()) {
        painter.save();
        m_legend.paint(painter, m_theme);
        painter.restore();
    }
}

} // namespace losslab::ui
