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
    void markBar(QPointF topLeft, double right);
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

        bool operator==(const Entry &) const = default;
    };
    enum class Corner {
        TopRight,
        TopLeft,
        BottomRight,
        BottomLeft,
        Above, ///< outside, over the plot
    };

    /// Texts are cut to `widest`. Of more than `mostNamed` entries, and of more than `fewNamed` that have no
    /// room, only the first, some between and the last are named; and those that are hidden, so that they
    /// can be brought back.
    void setEntries(std::vector<Entry> entries, const ChartMetrics &metrics, double widest);
    static constexpr std::size_t mostNamed = 12;
    static constexpr std::size_t fewNamed = 5;
    bool isLong() const { return m_all.size() > mostNamed; }
    /// The share of a picture's height that it leaves the plot at least: the fewer there are, the less their
    /// names can be done without.
    double shareLeft() const { return isLong() ? 1 / 2.0 : m_all.size() > fewNamed ? 1 / 3.0 : 0; }
    /// Those named. The last ones may be notes without key.
    const std::vector<Entry> &entries() const { return m_entries; }
    /// Legends of one plain entry say nothing the title does not.
    bool isShown() const;

    /// Chooses the corner, and how many are named, and how fully: as there is room. It stays where it is
    /// unless another is clearly better. `roomAbove`: the most it may take above the plot.
    void chooseCorner(const QRectF &plot, const Occupancy &occupancy, double roomAbove);
    Corner corner() const { return m_corner; }
    /// Else it stands on the data, where it covers least of them: a long one may, rather than take the plot's
    /// half.
    bool hasRoom() const { return !isShown() || isLong() || m_hasRoom; }
    /// Height of the rows over the plot, which end where it ends, and may begin beside it.
    double heightAbove(const QRectF &plot) const;
    /// Takes its place in the plot, or above it.
    void place(const QRectF &plot);
    QRectF area() const { return m_area; }
    /// The entry at this point, or -1.
    int entryAt(QPointF point) const;

    void paint(QPainter &painter, const ChartTheme &theme) const;

private:
    /// How much of its texts the legend gives.
    struct Naming
    {
        std::size_t most = mostNamed; ///< series by name
        bool brief = false;           ///< without what stands in brackets behind the names
    };
    void name(const Naming &naming);
    std::vector<Entry> named(std::size_t most) const;
    bool shorten(std::vector<Entry> &entries) const;
    std::vector<Naming> namings() const;
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
    Naming m_naming;
    ChartMetrics m_metrics;
    Corner m_corner = Corner::TopRight;
    bool m_settled = false;
    bool m_hasRoom = true;
    QRectF m_area;
    std::vector<QRectF> m_places;
};

} // namespace losslab::ui
