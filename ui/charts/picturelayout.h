#pragma once

#include "ui/charts/chartexport.h"
#include "ui/charts/textblock.h"

#include <deque>

namespace losslab::ui {

/// A picture of charts one above another, in units of 1/96 inch: of each its title, remark and plot, and one
/// caption beneath them all. They share one x axis, whose numbers and title stand beneath the lowest; their
/// plots begin and end at the same places and are of one height. What is the same as above is said once.
class PictureLayout
{
public:
    PictureLayout(const DrawnCharts &charts, const ChartPicture &picture);

    /// Whether every plot can be read and no word is cut off but the end of a long remark or caption.
    bool hasRoom() const;
    void paint(QPainter &painter) const;
    /// In pixels: as high as its charts would be together.
    QSize size() const;

    const ChartDrawing &drawing(std::size_t row = 0) const { return m_rows.at(row).drawing; }
    /// Where a chart's data and legend are in the picture.
    QRectF plot(std::size_t row = 0) const;
    QRectF legend(std::size_t row = 0) const;

private:
    struct Row
    {
        explicit Row(const ChartInfo &info) : drawing(info) {}

        TextBlock title;
        TextBlock remark;
        QRectF chart;
        ChartDrawing drawing;
    };

    void addRow(const DrawnChart &chart);
    void shareX();
    void nameOnce();
    void layOut(int mostLines);
    void placeRows(double plotHeight);
    void layOutRows();
    /// Of one chart, in units.
    double height() const { return m_picture.size.height() / m_scale; }
    const ChartMetrics &metrics() const { return m_rows.front().drawing.metrics(); }

    ChartPicture m_picture;
    double m_scale;  ///< pixels a unit
    QRectF m_inside; ///< the picture without its margins
    TextBlock m_caption;
    std::deque<Row> m_rows; ///< from the uppermost down
};

} // namespace losslab::ui
