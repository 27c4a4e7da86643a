#pragma once

#include "ui/charts/chartpainter.h"

#include <array>
#include <optional>

namespace losslab::ui {

/// Which cells of a coarse grid over the plot have data in them; the legend goes where there is least.
class Occupancy
{
public:
    explicit Occupancy(const QRectF &plot);
    void mark(const PlotSeries &series, const PlotSpace &space);
    void markSpan(double x, double top, double bottom);
    /// Share of the cells beneath this rectangle that have data in them.
    double share(const QRectF &area) const;

private:
    static constexpr int across = 64;
    static constexpr int down = 32;
    int columnAt(double x) const;
    int rowAt(double y) const;

    QRectF m_plot;
    std::array<std::array<bool, across>, down> m_cells{};
};

/// The legend: where it stands, what it looks like, which entry is under the pointer.
class ChartLegend
{
public:
    struct Entry
    {
        std::string key;
        QString text;
        SeriesStyle style;
        Mark mark = Mark::Line;
        bool hidden = false;
        std::optional<Spread> spread = {}; ///< says how the seeds of all series are shown; else one series
    };
    enum class Corner {
        TopRight,
        TopLeft,
        BottomRight,
        BottomLeft,
        Above, ///< outside, over the plot
    };

    /// Texts are cut to `widest`. Of more than `mostNamed` entries, as of those that have no room, only the
    /// first, some between and the last are named; and those that are hidden, so that they can be brought
    /// back.
    void setEntries(std::vector<Entry> entries, const ChartMetrics &metrics, double widest);
    static constexpr std::size_t mostNamed = 12;
    bool isLong() const { return m_all.size() > mostNamed; }
    /// Those named. The last ones may be notes without key.
    const std::vector<Entry> &entries() const { return m_entries; }
    /// Legends of one plain entry say nothing the title does not.
    bool isShown() const;

    /// Chooses the corner, and how many are named: as many as have room. It stays where it is unless another
    /// is clearly better. `roomAbove`: the most it may take above the plot.
    void chooseCorner(const QRectF &plot, const Occupancy &occupancy, double roomAbove);
    Corner corner() const { return m_corner; }
    /// Height of the rows over the plot, which end where it ends, and may begin beside it.
    double heightAbove(const QRectF &plot) const;
    /// Takes its place in the plot, or above it.
    void place(const QRectF &plot);
    QRectF area() const { return m_area; }
    /// The entry at this point, or -1.
    int entryAt(QPointF point) const;

    void paint(QPainter &painter, const ChartTheme &theme) const;

private:
    void name(std::size_t most);
    void nameSeries(std::size_t most);
    double cost(Corner corner, const QRectF &plot, const Occupancy &occupancy, double roomAbove) const;
    double swatchWidth() const;
    double entryWidth(const Entry &entry) const;
    QSizeF insideSize() const;
    QRectF cornerRect(Corner corner, const QRectF &plot) const;
    struct Row
    {
        std::size_t first = 0;
        std::size_t end = 0;
        double width = 0;
    };
    using Rows = std::vector<Row>;
    Rows rows(double width) const;
    double rowHeight() const;
    void paintSwatch(QPainter &painter, const Entry &entry, const QRectF &place) const;
    void paintSpread(QPainter &painter, const Entry &entry, const QRectF &place) const;

    std::vector<Entry> m_all; ///< of series
    std::optional<Entry> m_seeds;
    std::vector<Entry> m_entries;
    std::size_t m_named = mostNamed; ///< so many of them at most
    ChartMetrics m_metrics;
    Corner m_corner = Corner::TopRight;
    bool m_settled = false;
    QRectF m_area;
    std::vector<QRectF> m_places;
};

} // namespace losslab::ui
