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
        nearestX = x != 0 ? std::min(nearestX, std::abs(x)) : nearestX;
        nearestY = y != 0 ? std::min(nearestY, std::abs(y)) : nearestY;
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
    nearestX = std::min(nearestX, other.nearestX);
    nearestY = std::min(nearestY, other.nearestY);
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
        if (m_seen > 0 && !(m_x[m_seen] >= m_x[m_seen - 1]))
            m_rising = false;
    }
    m_digest.append(m_x, m_y);
}

std::size_t Trace::notPlaced(bool logX, bool logY) const
{
    return (logX ? m_notPositiveX : 0) + (logY ? m_notPositiveY : 0) - (logX && logY ? m_notPositiveBoth : 0);
}

void Trace::decimate(const AxisRange &range, int columns, bool positive)
{
    if (!m_rising)
        return;
    if (m_digest.positive() != positive) {
        m_digest.clear(positive);
        m_digest.append(m_x, m_y);
        m_stale = true;
    }
    if (m_stale || !(range == m_range) || static_cast<int>(m_decimator.columns().size()) != columns) {
        m_decimator.reset(range.min, range.max, columns, range.scale);
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
    const auto below = std::lower_bound(m_x.begin(), m_x.end(), fromPlotted(range.min, range.scale));
    const auto above = std::upper_bound(below, m_x.end(), fromPlotted(range.max, range.scale));
    const auto first = static_cast<std::size_t>(below - m_x.begin());
    const auto last = static_cast<std::size_t>(above - m_x.begin());
    return {first > 0 ? first - 1 : 0, std::min(last + 1, m_x.size())};
}

std::size_t Trace::nearest(double x) const
{
    const auto above = static_cast<std::size_t>(std::lower_bound(m_x.begin(), m_x.end(), x) - m_x.begin());
    if (above == m_x.size())
        return m_x.empty() ? 0 : above - 1;
    return above > 0 && x - m_x[above - 1] < m_x[above] - x ? above - 1 : above;
}

namespace {

constexpr float quartilesOpacity = 0.18F;
constexpr float rangeOpacity = 0.09F;
/// Of the upper end: a mean less a deviation may come as near to zero as it likes, and opens no decades for
/// that.
constexpr double leastShare = 0.01;

/// What is live goes on from the last point there is.
std::pair<std::vector<double>, std::vector<double>> liveLine(const SeriesData &data)
{
    std::vector<double> x(data.live.x.begin(), data.live.x.end());
    std::vector<double> y(data.live.y.begin(), data.live.y.end());
    const SeriesPoints *last = data.repeats.empty() ? nullptr : &data.repeats.back();
    if (last != nullptr && !last->x.empty() && last->x.back() < x.front()) {
        x.insert(x.begin(), last->x.back());
        y.insert(y.begin(), last->y.back());
    }
    return {std::move(x), std::move(y)};
}

PlotSeries::Band bandBetween(const SharedVector<double> &x, std::vector<double> low, std::vector<double> high,
                             float opacity)
{
    PlotSeries::Band band;
    band.low.setPoints(x, std::move(low), true);
    band.high.setPoints(x, std::move(high), true);
    band.opacity = opacity;
    for (std::size_t i = 0; i < band.low.size(); ++i) {
        if (band.low.y()[i] > 0) {
            band.onLogAxis.add(band.low.x()[i], std::max(band.low.y()[i], band.high.y()[i] * leastShare));
            band.onLogAxis.add(band.high.x()[i], band.high.y()[i]);
        }
    }
    return band;
}

} // namespace

Extent PlotSeries::Band::extent(bool log) const
{
    if (log)
        return onLogAxis;
    Extent extent = high.extent();
    extent.unite(low.extent());
    return extent;
}

PlotSeries::PlotSeries(SeriesInfo info, int styleIndex) : m_info(std::move(info)), m_styleIndex(styleIndex) {}

PlotSeries::DataState PlotSeries::look(const SeriesData &data, std::optional<std::size_t> unfinished,
                                       Spread spread)
{
    const auto versionOf = [](const SeriesPoints &points) {
        return Version{points.revision, points.replaced};
    };
    DataState seen{{}, versionOf(data.live), data.repeats.size(), spread};
    std::transform(data.repeats.begin(), data.repeats.end(), std::back_inserter(seen.repeats), versionOf);
    if (unfinished && *unfinished < seen.ended)
        seen.ended = *unfinished;
    return seen;
}

bool PlotSeries::update(const SeriesData &data, std::optional<std::size_t> unfinished, Spread spread)
{
    DataState seen = look(data, unfinished, spread);
    if (seen == m_seen)
        return false;
    const auto endedOf = [](const DataState &of) { return std::span(of.repeats).first(of.ended); };
    if (!std::ranges::equal(endedOf(seen), endedOf(m_seen)) || seen.spread != m_seen.spread)
        summarise(std::span(data.repeats).first(seen.ended), spread);
    setTraces(data, choose(data, seen.ended), seen);
    m_seen = std::move(seen);
    return true;
}

/// Only when a seed has ended, or another summary is asked for: one that is being trained is drawn by itself.
void PlotSeries::summarise(std::span<const SeriesPoints> ended, Spread spread)
{
    m_bands.clear();
    m_centre.reset();
    m_summarised = 0;
    if (m_info.isTarget)
        return;
    std::optional<SeriesSpread> found = spreadOf(ended, spread);
    if (!found)
        return;
    m_summarised = found->seeds;
    const SharedVector<double> x = std::move(found->x);
    if (!found->least.empty())
        m_bands.push_back(bandBetween(x, std::move(found->least), std::move(found->greatest), rangeOpacity));
    m_bands.push_back(bandBetween(x, std::move(found->low), std::move(found->high), quartilesOpacity));
    m_centre.emplace();
    m_centre->setPoints(x, std::move(found->centre), true);
}

/// Which traces there are, and which of them are thin.
std::vector<PlotSeries::Shown> PlotSeries::choose(const SeriesData &data, std::size_t ended)
{
    const bool target = m_info.isTarget;
    const auto isKnown = [&data](std::size_t repeat) { // a target is the same for every seed
        const SeriesPoints &points = data.repeats[repeat];
        return std::any_of(
            data.repeats.begin(), data.repeats.begin() + static_cast<std::ptrdiff_t>(repeat),
            [&](const SeriesPoints &other) { return other.x == points.x && other.y == points.y; });
    };
    std::vector<Shown> shown;
    m_separate = 0;
    m_hasUnfinished = false;
    const bool summed = m_summarised > 0;
    if (summed)
        shown.push_back({centre, false});
    for (std::size_t repeat = 0; repeat < data.repeats.size(); ++repeat) {
        if (data.repeats[repeat].x.empty() || (summed && repeat < ended) || (target && isKnown(repeat)))
            continue;
        m_separate += repeat < ended && !target ? 1 : 0;
        m_hasUnfinished = m_hasUnfinished || (repeat >= ended && !shown.empty() && !target);
        shown.push_back({repeat, repeat >= ended && !shown.empty() && !target});
    }
    for (Shown &trace : shown)
        trace.thin = trace.thin || (m_separate > 1 && !target);
    if (!data.live.x.empty())
        shown.push_back({live, true});
    return shown;
}

void PlotSeries::setTraces(const SeriesData &data, const std::vector<Shown> &shown, const DataState &seen)
{
    std::vector<Trace> traces(shown.size());
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const std::size_t what = shown[i].what;
        const auto before = std::find_if(m_shown.begin(), m_shown.end(),
                                         [what](const Shown &other) { return other.what == what; });
        if (before != m_shown.end())
            traces[i] = std::move(m_traces[static_cast<std::size_t>(before - m_shown.begin())]);
        if (what == centre) {
            if (m_centre)
                traces[i] = std::move(*m_centre);
        } else if (what == live) {
            auto [x, y] = liveLine(data);
            traces[i].setPoints(std::move(x), std::move(y), true);
        } else {
            const SeriesPoints &points = data.repeats[what];
            const bool replaced =
                what >= m_seen.repeats.size() || m_seen.repeats[what].replaced != seen.repeats[what].replaced;
            traces[i].setPoints(points.x, points.y, replaced);
            traces[i].setLabels(points.labels);
        }
        traces[i].thin = shown[i].thin;
    }
    m_traces = std::move(traces);
    m_shown = shown;
    m_centre.reset();
}

SeriesStyle PlotSeries::style(const ChartTheme &theme) const
{
    if (m_info.isTarget)
        return theme.target();
    SeriesStyle style = ramp ? theme.ramp(*ramp) : theme.series(m_styleIndex);
    style.hollow = !m_info.like.empty();
    if (style.hollow)
        style.dash = {4, 2.5};
    else if (isBase)
        style.dash.clear();
    return style;
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
        if (m_info.mark == Mark::Bars && !trace.extent().empty() && trace.bars() == trace.size())
            extent.add(trace.x().back() + barWidth(trace.x(), trace.size() - 1), 0);
    }
    return extent;
}

double barWidth(std::span<const double> edges, std::size_t i)
{
    if (edges.size() < 2)
        return 1;
    return i + 1 < edges.size() ? edges[i + 1] - edges[i] : edges[i] - edges[i - 1];
}

std::size_t barAt(std::span<const double> edges, std::size_t bars, double x)
{
    edges = edges.first(bars);
    const auto above = std::upper_bound(edges.begin(), edges.end(), x);
    return above == edges.begin() ? 0 : static_cast<std::size_t>(above - edges.begin()) - 1;
}

} // namespace losslab::ui
