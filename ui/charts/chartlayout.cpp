#include "ui/charts/chartdrawing.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

/// Ticks whose numbers stand side by side without touching on an axis of this width; 0: one above another.
Ticks apart(const Axis &axis, const AxisRange &range, int atMost, const QFontMetricsF &type, double width)
{
    const auto touch = [&](const Ticks &ticks) {
        for (std::size_t i = 1; i < ticks.at.size(); ++i) {
            const double between = (ticks.at[i] - ticks.at[i - 1]) / range.length() * width;
            const double needed =
                (type.horizontalAdvance(ticks.labels[i - 1]) + type.horizontalAdvance(ticks.labels[i])) / 2;
            if (between < needed + type.horizontalAdvance(QLatin1Char('0')))
                return true;
        }
        return false;
    };
    Ticks ticks = ticksFor(axis, range, atMost);
    for (int count = atMost - 1; width > 0 && count > 0 && touch(ticks); --count) {
        if (axis.ticks.empty()) {
            ticks = ticksFor(axis, range, count);
            continue;
        }
        Ticks fewer; // every other name
        for (std::size_t i = 0; i < ticks.at.size(); i += 2) {
            fewer.at.push_back(ticks.at[i]);
            fewer.labels.push_back(ticks.labels[i]);
        }
        ticks = std::move(fewer);
    }
    return ticks;
}

/// How far the last number of the x axis stands out beyond the plot.
double overhang(const ChartFrame::AxisLook &x, const QFontMetricsF &type, double plotWidth)
{
    if (x.ticks.at.empty() || !x.numbered)
        return 0;
    const double toEnd = (x.range.max - x.ticks.at.back()) / x.range.length() * plotWidth;
    return std::max(0.0, type.horizontalAdvance(x.ticks.labels.back()) / 2 - toEnd);
}

} // namespace

void ChartDrawing::layOut(QSizeF size, qreal pixel)
{
    m_size = size;
    m_space.pixel = pixel;
    followData();
    m_legend.setEntries(m_legendWanted ? legendEntries() : std::vector<ChartLegend::Entry>(), m_metrics,
                        size.width() * 0.7);
    layOutFrame(size);
    decimate();
    layOutLegend();
}

std::vector<ChartLegend::Entry> ChartDrawing::legendEntries() const
{
    std::vector<ChartLegend::Entry> entries;
    for (const PlotSeries &series : m_series) {
        if (!series.empty() && (m_legendShowsHidden || !series.hidden)) {
            entries.push_back({series.info().key, series.label(), series.style(m_theme), series.info().mark,
                               series.hidden});
        }
    }
    if (const QString seeds = seedsText(); !seeds.isEmpty()) {
        const auto isSummarised = [](const PlotSeries &series) { return series.summarised() > 0; };
        const bool any = std::any_of(m_series.begin(), m_series.end(), isSummarised);
        entries.push_back({{}, seeds, m_theme.target(), Mark::Line, false, any ? m_spread : Spread::Seeds});
    }
    return entries;
}

void ChartDrawing::decimate()
{
    for (PlotSeries &series : m_series) {
        for (Trace &trace : series.traces()) {
            const AxisRange &y = series.info().rightAxis ? m_space.right : m_space.left;
            trace.decimate(m_space.x, m_space.columns(), y.scale.log);
        }
        for (PlotSeries::Band &band : series.bands()) {
            band.low.decimate(m_space.x, m_space.columns());
            band.high.decimate(m_space.x, m_space.columns());
        }
    }
}

/// All but the margins.
ChartFrame::Look ChartDrawing::frameLook(QSizeF size) const
{
    const auto look = [this](const Axis &axis, const AxisRange &range, int ticks) {
        const bool numbered = !empty() || (axis.min && axis.max) || !axis.ticks.empty();
        const double width = &axis == &m_info.x ? plotWidth() : 0;
        return ChartFrame::AxisLook{
            QString::fromStdString(axis.title), range,
            numbered ? apart(axis, range, ticks, QFontMetricsF(m_metrics.label), width) : Ticks{}};
    };
    ChartFrame::Look frame;
    frame.size = size;
    frame.titleMargin = m_metrics.gap / 2;
    frame.x = look(m_info.x, m_space.x, xTicks());
    frame.x.numbered = m_xNumbered;
    frame.left = look(m_info.y, m_space.left, yTicks());
    if (m_info.right)
        frame.right = look(*m_info.right, m_space.right, yTicks());
    frame.theme = m_theme;
    frame.metrics = m_metrics;
    return frame;
}

/// What is missing to the least insets.
QMargins ChartDrawing::insetMargins() const
{
    return {static_cast<int>(std::max(0.0, m_least.left - m_needed.left)), 0,
            static_cast<int>(std::max(0.0, m_least.right - m_needed.right)), 0};
}

void ChartDrawing::measureInsets(QSizeF size, const QMargins &added)
{
    const QRectF plot = m_frame.plotArea();
    m_needed = {std::round(plot.left() - added.left()),
                std::round(size.width() - plot.right() - added.right())};
}

/// With equal scales the ranges follow from the plot's shape, which follows from the ranges' numbers.
void ChartDrawing::layOutFrame(QSizeF size)
{
    placeFrame(size);
    QRectF before;
    for (int pass = 0; pass < 4 && hasEqualScales() && m_space.rect != before; ++pass) {
        before = m_space.rect;
        equalizeScales();
        placeFrame(size);
    }
}

void ChartDrawing::placeFrame(QSizeF size)
{
    ChartFrame::Look frame = frameLook(size);
    const int gap = static_cast<int>(m_metrics.gap);
    const int halfRow = static_cast<int>(std::ceil(QFontMetricsF(m_metrics.label).height() / 2));
    const int beneath = m_xNumbered ? gap / 2 : std::max(gap / 2, halfRow); // the lowest number of y
    const bool above = m_legend.isShown() && m_legend.corner() == ChartLegend::Corner::Above;
    const auto margins = [&](const QRectF &plot) {
        const int legend = above ? static_cast<int>(std::ceil(m_legend.heightAbove(plot))) : 0;
        const int beyond =
            static_cast<int>(std::ceil(overhang(frame.x, QFontMetricsF(m_metrics.label), plot.width())));
        const int right = m_info.right ? gap / 2 : std::max(3 * gap, gap / 2 + beyond);
        return QMargins(gap / 2, gap + legend, right, beneath) + insetMargins();
    };
    QRectF plot(size.width() - plotWidth(), 0, plotWidth(), size.height());
    plot = m_space.rect.isEmpty() ? plot : m_space.rect;
    bool changed = false;
    for (int pass = 0; pass < 2; ++pass) { // how wide the plot is, is known only after the first
        const QMargins added = insetMargins();
        frame.margins = margins(plot);
        changed = m_frame.setLook(frame) || changed;
        measureInsets(size, added);
        plot = m_frame.plotArea();
    }
    m_frameRevision += changed ? 1 : 0;
    const auto onPixel = [this](double at) { return std::round(at / m_space.pixel) * m_space.pixel; };
    m_space.rect = // columns of the data are columns of the device
        QRectF(QPointF(onPixel(std::max(m_needed.left, m_least.left)), plot.top()),
               QPointF(onPixel(size.width() - std::max(m_needed.right, m_least.right)), plot.bottom()));
}

/// Where data stand, for what must find a place between them.
void ChartDrawing::markOccupied()
{
    m_occupancy = Occupancy(m_space.rect);
    for (const PlotSeries &series : m_series)
        if (!series.hidden && (m_legend.isShown() || !m_references.empty()))
            m_occupancy.mark(series, m_space);
}

void ChartDrawing::layOutLegend()
{
    markOccupied();
    if (!m_legend.isShown())
        return;
    const auto isAbove = [this] { return m_legend.corner() == ChartLegend::Corner::Above; };
    const auto heightAbove = [&] { return isAbove() ? m_legend.heightAbove(m_space.rect) : 0; };
    const double before = heightAbove();
    const double share = std::max(leastShare, m_legend.shareLeft());
    const double least = share * (m_whole > 0 ? m_whole : m_size.height());
    m_legend.chooseCorner(m_space.rect, m_occupancy, m_space.rect.height() + before - least);
    if (heightAbove() != before) {
        layOutFrame(m_size);
        decimate();
        markOccupied();
    }
    m_legend.place(m_space.rect);
}

} // namespace losslab::ui
