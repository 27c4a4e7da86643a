#include "ui/charts/plotseries.h"

#include <algorithm>
#include <cmath>

namespace losslab::ui {

void Extent::add(double x, double y)
{
    if (std::isfinite(x) && std::isfinite(y)) {
        minX = std::min(minX, x);
        maxX = std::max(maxX, x);
        minY = std::min(minY, y);
        maxY = std::max(maxY, y);
        leastX = x > 0 ? std::min(leastX, x) : leastX;
        leastY = y > 0 ? std::min(leastY, y) : leastY;
    }
}

void Extent::unite(const Extent &other)
{
    minX = std::min(minX, other.minX);
    maxX = std::max(maxX, other.maxX);
    minY = std::min(minY, other.minY);
    maxY = std::max(maxY, other.maxY);
    leastX = std::min(leastX, other.leastX);
    leastY = std::min(leastY, other.leastY);
}

void Trace::setPoints(SharedVector<double> x, SharedVector<double> y, bool replaced)
{
    if (replaced || x.size() < m_seen) {
        m_seen = 0;
        m_rising = true;
        m_extent = {};
        m_notPositiveX = m_notPositiveY = m_notPositiveBoth = m_negativeY = 0;
        m_digest.clear(m_digest.positive());
        m_stale = true;
    }
    m_heldX = std::move(x);
    m_heldY = std::move(y);
    m_x = m_heldX;
    m_y = m_heldY;
    for (; m_seen < m_x.size(); ++m_seen) {
        m_extent.add(m_x[m_seen], m_y[m_seen]);
        if (std::isfinite(m_x[m_seen]) && std::isfinite(m_y[m_seen])) {
            m_notPositiveX += m_x[m_seen] <= 0 ? 1 : 0;
            m_notPositiveY += m_y[m_seen] <= 0 ? 1 : 0;
            m_negativeY += m_y[m_seen] < 0 ? 1 : 0;
            m_notPositiveBoth += m_x[m_seen] <= 0 && m_y[m_seen] <= 0 ? 1 : 0;
        }
        if (m_seen > 0 && !(m_x[m_seen] >= m_x[m_seen - 1])) {
            m_rising = false;
        }
    }
    m_digest.append(m_x, m_y);
}

std::size_t Trace::notPlaced(bool logX, bool logY) const
{
    return (logX ? m_notPositiveX : 0) + (logY ? m_notPositiveY : 0) - (logX && logY ? m_notPositiveBoth : 0);
}

void Trace::decimate(const AxisRange &range, int columns, bool positive)
{
    if (!m_rising) {
        return;
    }
    if (m_digest.positive() != positive) {
        m_digest.clear(positive);
        m_digest.append(m_x, m_y);
        m_stale = true;
    }
    if (m_stale || !(range == m_range) || static_cast<int>(m_decimator.columns().size()) != columns) {
        m_decimator.reset(range.min, range.max, columns, range.log);
        m_range = range;
        m_stale = false;
    }
    m_decimator.append(m_x, m_y, m_digest);
}

QString Trace::label(std::size_t index) const
{
    return index < m_labels.size() ? QString::fromStdString(m_labels[index]) : QString();
}

std::pair<std::size_t, std::size_t> Trace::visible(const AxisRange &range) const
{
    const auto below = std::lower_bound(m_x.begin(), m_x.end(), fromPlotted(range.min, range.log));
    const auto above = std::upper_bound(below, m_x.end(), fromPlotted(range.max, range.log));
    const auto first = static_cast<std::size_t>(below - m_x.begin());
    const auto last = static_cast<std::size_t>(above - m_x.begin());
    return {first > 0 ? first - 1 : 0, std::min(last + 1, m_x.size())};
}

std::size_t Trace::nearest(double x) const
{
    const auto above = static_cast<std::size_t>(std::lower_bound(m_x.begin(), m_x.end(), x) - m_x.begin());
    if (above == m_x.size()) {
        return m_x.empty() ? 0 : above - 1;
    }
    return above > 0 && x - m_x[above - 1] < m_x[above] - x ? above - 1 : above;
}

PlotSeries::PlotSeries(SeriesInfo info, int styleIndex) : m_info(std::move(info)), m_styleIndex(styleIndex) {}

bool PlotSeries::update(const SeriesData &data)
{
    std::vector<std::uint64_t> revisions;
    std::vector<std::uint64_t> replaced;
    std::size_t repeats = 0;
    for (const SeriesPoints &points : data.repeats) {
        revisions.push_back(points.revision);
        replaced.push_back(points.replaced);
        repeats += points.x.empty() ? 0 : 1;
    }
    if (revisions == m_revisions && replaced == m_replaced) {
        return false;
    }
    m_repeats = repeats;
    std::optional<SeriesBand> band = bandOf(data);
    m_hasBand = band.has_value();
    if (band) {
        updateMean(std::move(*band));
    } else {
        updateSeparate(data, m_replaced);
    }
    m_revisions = std::move(revisions);
    m_replaced = std::move(replaced);
    return true;
}

void PlotSeries::updateMean(SeriesBand band)
{
    std::vector<double> low;
    std::vector<double> high;
    for (std::size_t i = 0; i < band.mean.size(); ++i) {
        low.push_back(band.mean[i] - band.deviation[i]);
        high.push_back(band.mean[i] + band.deviation[i]);
    }
    const SharedVector<double> x = std::move(band.x);
    m_traces.resize(1);
    m_traces[0].setPoints(x, std::move(band.mean), true);
    m_traces[0].setLabels({});
    m_low.setPoints(x, std::move(low), true);
    m_high.setPoints(x, std::move(high), true);
}

void PlotSeries::updateSeparate(const SeriesData &data, const std::vector<std::uint64_t> &replacedBefore)
{
    const bool sameTraces =
        m_traces.size() == data.repeats.size() && replacedBefore.size() == m_traces.size();
    m_traces.resize(data.repeats.size());
    for (std::size_t i = 0; i < data.repeats.size(); ++i) {
        const SeriesPoints &points = data.repeats[i];
        m_traces[i].setPoints(points.x, points.y, !sameTraces || replacedBefore[i] != points.replaced);
        m_traces[i].setLabels(points.labels);
    }
}

SeriesStyle PlotSeries::style(const ChartTheme &theme) const
{
    if (m_info.mark == Mark::Target) {
        return theme.target();
    }
    return ramp ? theme.ramp(*ramp) : theme.series(m_styleIndex);
}

bool PlotSeries::empty() const
{
    return std::all_of(m_traces.begin(), m_traces.end(),
                       [](const Trace &trace) { return trace.extent().empty(); });
}

Extent PlotSeries::extent() const
{
    Extent extent;
    for (const Trace &trace : m_traces) {
        extent.unite(trace.extent());
        if (m_info.mark == Mark::Bars && !trace.extent().empty()) {
            extent.add(trace.x().back() + barWidth(trace.x(), trace.size() - 1), 0);
        }
    }
    return extent;
}

QString PlotSeries::legendText() const
{
    const QString label = QString::fromStdString(m_info.label);
    if (m_info.mark == Mark::Target) {
        return label; // the same in every repeat
    }
    if (m_hasBand) {
        return QStringLiteral("%1 (mean of %2, ±1 sd)").arg(label).arg(m_repeats);
    }
    return m_repeats > 1 ? QStringLiteral("%1 (%2 repeats)").arg(label).arg(m_repeats) : label;
}

double barWidth(std::span<const double> edges, std::size_t i)
{
    if (edges.size() < 2) {
        return 1;
    }
    return i + 1 < edges.size() ? edges[i + 1] - edges[i] : edges[i] - edges[i - 1];
}

} // namespace losslab::ui
