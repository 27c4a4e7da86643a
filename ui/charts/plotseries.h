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
    double nearestX = std::numeric_limits<double>::infinity(); ///< to zero, which it is not: its magnitude
    double nearestY = std::numeric_limits<double>::infinity();

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
    /// Of bars: without a last one of no height, which is the right edge of the one before it.
    std::size_t bars() const { return m_y.size() > 1 && m_y.back() == 0 ? m_y.size() - 1 : m_y.size(); }
    /// Points below zero.
    std::size_t negative() const { return m_negativeY; }
    const Decimator &decimated() const { return m_decimator; }
    /// One seed beside others, or what is on its way.
    bool thin = false;
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
    AxisRange m_range{0, 0};
    bool m_stale = true;
};

/// A series of the chart: its one seed, or several together as the chart is asked to show them.
class PlotSeries
{
public:
    /// An area around the first trace: quartiles, range, mean ± deviation.
    struct Band
    {
        Trace low;
        Trace high;
        float opacity = 0;
        Extent onLogAxis; ///< of those points whose lower end can stand there

        Extent extent(bool log) const;
    };

    PlotSeries(SeriesInfo info, int styleIndex);

    const SeriesInfo &info() const { return m_info; }
    int styleIndex() const { return m_styleIndex; }
    bool hidden = false;
    std::optional<double> ramp = {}; ///< its place in an order, 0 to 1, where that gives the colour

    SeriesStyle style(const ChartTheme &theme) const;

    /// Takes what is new; false where nothing was. `unfinished`: see ChartData.
    bool update(const SeriesData &data, std::optional<std::size_t> unfinished, Spread spread);

    /// First median or mean, where there is one, and then the seed that has not ended; else one a seed. Last
    /// what is on its way within an epoch.
    std::vector<Trace> &traces() { return m_traces; }
    const std::vector<Trace> &traces() const { return m_traces; }
    /// The widest first.
    std::vector<Band> &bands() { return m_bands; }
    const std::vector<Band> &bands() const { return m_bands; }
    /// The seeds that the first trace and the bands are of; 0 where it is one seed.
    std::size_t summarised() const { return m_summarised; }
    /// The seeds that have ended and are drawn by themselves; 0 of a target.
    std::size_t separate() const { return m_separate; }
    /// Whether a seed that has not ended is drawn beside others.
    bool hasUnfinished() const { return m_hasUnfinished; }

    bool empty() const;
    Extent extent() const;
    QString label() const { return QString::fromStdString(m_info.label); }

private:
    /// What a trace shows: a repeat, or one of the two below.
    struct Shown
    {
        std::size_t what = 0;
        bool thin = false;
    };
    static constexpr std::size_t centre = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t live = centre - 1;
    /// What changes where a repeat's points do.
    struct Version
    {
        std::uint64_t revision = 0;
        std::uint64_t replaced = 0;

        bool operator==(const Version &) const = default;
    };
    struct DataState
    {
        std::vector<Version> repeats;
        Version live;
        std::size_t ended = 0; ///< so many of the repeats, the first
        Spread spread = Spread::Seeds;

        bool operator==(const DataState &) const = default;
    };

    static DataState look(const SeriesData &data, std::optional<std::size_t> unfinished, Spread spread);
    void summarise(std::span<const SeriesPoints> ended, Spread spread);
    std::vector<Shown> choose(const SeriesData &data, std::size_t ended);
    void setTraces(const SeriesData &data, const std::vector<Shown> &shown, const DataState &seen);

    SeriesInfo m_info;
    int m_styleIndex = 0;
    std::size_t m_summarised = 0;
    std::size_t m_separate = 0;
    bool m_hasUnfinished = false;
    DataState m_seen;
    std::vector<Shown> m_shown;
    std::vector<Trace> m_traces;
    std::vector<Band> m_bands;
    std::optional<Trace> m_centre; ///< a new first trace, until it is among the others
};

/// The width of bar i: the distance to the next left edge; the last is as wide as the one before it.
double barWidth(std::span<const double> edges, std::size_t i);
/// The bar of so many that x is in, else the nearest one. There is one at least.
std::size_t barAt(std::span<const double> edges, std::size_t bars, double x);

} // namespace losslab::ui
