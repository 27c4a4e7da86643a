#pragma once

#include "ui/charts/chartpainter.h"

#include <array>

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
        bool band = false;
        bool hidden = false;
    };
    enum class Corner {
        TopRight,
        TopLeft,
        BottomRight,
        BottomLeft,
        Above, ///< outside, over the plot
    };

    void setEntries(std::vector<Entry> entries, const ChartMetrics &metrics);
    const std::vector<Entry> &entries() const { return m_entries; }
    /// Legends of one plain entry say nothing the title does not.
    bool isShown() const;

    /// Chooses the corner; it stays where it is unless another is clearly better.
    void chooseCorner(const QRectF &plot, const Occupancy &occupancy);
    Corner corner() const { return m_corner; }
    /// Height of the rows over the plot, at this width.
    double heightAbove(double width) const;
    /// Takes its place in the plot, or above it.
    void place(const QRectF &plot);
    QRectF area() const { return m_area; }
    /// The entry at this point, or -1.
    int entryAt(QPointF point) const;

    void paint(QPainter &painter, const ChartTheme &theme) const;

private:
    double swatchWidth() const;
    double entryWidth(const Entry &entry) const;
    QSizeF insideSize() const;
    QRectF cornerRect(Corner corner, const QRectF &plot) const;
    void layOutRows(double width, bool apply, double &height);
    void paintSwatch(QPainter &painter, const Entry &entry, const QRectF &place) const;

    std::vector<Entry> m_entries;
    ChartMetrics m_metrics;
    Corner m_corner = Corner::TopRight;
    bool m_settled = false;
    QRectF m_area;
    std::vector<QRectF> m_places;
};

} // namespace losslab::ui
