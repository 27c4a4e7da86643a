#pragma once

#include "lab/rundata.h"
#include "ui/charts/chartaxis.h"
#include "ui/charts/charttheme.h"
#include "ui/charts/decimate.h"

#include <QString>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace losslab::ui {

/// The ends of what was seen; values that are not finite are left out.
struct Extent
{
    double minX = std::numeric_limits<double>::infinity();
    double maxX = -std::numeric_limits<double>::infinity();
    double minY = std::numeric_limits<double>::infinity();
    double maxY = -std::numeric_limits<double>::infinity();
    double leastX = std::numeric_limits<double>::infinity(); ///< of the positive ones
    double leastY = std::numeric_limits<double>::infinity();

    bool empty() const { return maxX < minX; }
    void add(double x, double y);
    void unite(const Extent &other);
};

/// One line of points as it is drawn: the points as they were when it was given them, which it holds, and
/// what is left of them at pixel size.
class Trace
{
public:
    /// Looks at the points; those from before are looked at again only where they were replaced.
    void setPoints(SharedVector<double> x, SharedVector<double> y, bool replaced);
    void setLabels(SharedVector<std::string> labels) { m_labels = std::move(labels); }
    /// Brings the columns up to the points, from scratch where the range or their number has changed.
    /// `positive`: with positive values alone, as a logarithmic axis has them.
    void decimate(const AxisRange &range, int columns, bool positive = false);

    std::span<const double> x() const { return m_x; }
    std::span<const double> y() const { return m_y; }
    std::size_t size() const { return m_x.size(); }
    /// Empty where the point has none.
    QString label(std::size_t index) const;
    bool hasLabels() const { return !m_labels.empty(); }
    /// x never falls; else it is a path through the plane, drawn point by point.
    bool rising() const { return m_rising; }
    const Extent &extent() const { return m_extent; }
    /// Points that have no place where x or y is logarithmic, for they are not positive.
    std::size_t notPlaced(bool logX, bool logY) const;
    /// Points below zero.
    std::size_t negative() const { return m_negativeY; }
    const Decimator &decimated() const { return m_decimator; }
    /// Indices [first, last) of a rising trace whose x lies in the range, and one neighbour on either side.
    std::pair<std::size_t, std::size_t> visible(const AxisRange &range) const;
    /// The rising trace's point nearest to x; size() where it is empty.
    std::size_t nearest(double x) const;

private:
    SharedVector<double> m_heldX;
    SharedVector<double> m_heldY;
    std::span<const double> m_x; ///< what is held
    std::span<const double> m_y;
    SharedVector<std::string> m_labels;
    std::size_t m_seen = 0;
    bool m_rising = true;
    Extent m_extent;
    std::size_t m_notPositiveX = 0;
    std::size_t m_notPositiveY = 0;
    std::size_t m_notPositiveBoth = 0;
    std::size_t m_negativeY = 0;
    Digest m_digest;
    Decimator m_decimator;
    AxisRange m_range{0, 0, false};
    bool m_stale = true;
};

/// A series of the chart: its one repeat, or mean and band over several.
class PlotSeries
{
public:
    PlotSeries(SeriesInfo info, int styleIndex);

    const SeriesInfo &info() const { return m_info; }
    int styleIndex() const { return m_styleIndex; }
    bool hidden = false;
    std::optional<double> ramp = {}; ///< its place in an order, 0 to 1, where that gives the colour

    SeriesStyle style(const ChartTheme &theme) const;

    /// Takes what is new; false where nothing was.
    bool update(const SeriesData &data);

    /// One trace; where the repeats have no x in common, one a repeat.
    std::vector<Trace> &traces() { return m_traces; }
    const std::vector<Trace> &traces() const { return m_traces; }
    bool hasBand() const { return m_hasBand; }
    /// Mean − and + one standard deviation.
    Trace &low() { return m_low; }
    Trace &high() { return m_high; }
    const Trace &low() const { return m_low; }
    const Trace &high() const { return m_high; }

    bool empty() const;
    Extent extent() const;
    /// "deep", "deep (mean of 5, ±1 sd)".
    QString legendText() const;

private:
    void updateMean(SeriesBand band);
    void updateSeparate(const SeriesData &data, const std::vector<std::uint64_t> &replacedBefore);

    SeriesInfo m_info;
    int m_styleIndex = 0;
    std::size_t m_repeats = 0;
    std::vector<std::uint64_t> m_revisions;
    std::vector<std::uint64_t> m_replaced;
    std::vector<Trace> m_traces;
    bool m_hasBand = false;
    Trace m_low;
    Trace m_high;
};

/// The width of bar i: the distance to the next left edge; the last is as wide as the one before it.
double barWidth(std::span<const double> edges, std::size_t i);

} // namespace losslab::ui
