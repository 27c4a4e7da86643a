#pragma once

#include "ui/charts/chartexport.h"
#include "ui/charts/textblock.h"

namespace losslab::ui {

/// A picture of a chart in units of 1/96 inch: title, remark, plot, caption.
class PictureLayout
{
public:
    PictureLayout(const ChartInfo &info, const ChartData &data, const ChartPicture &picture);

    /// Whether the plot can be read and no word is cut off but the end of a long remark or caption.
    bool hasRoom() const;
    void paint(QPainter &painter) const;
    const ChartDrawing &drawing() const { return m_drawing; }
    /// Where data and legend are in the picture.
    QRectF plot() const { return m_drawing.space().rect.translated(m_chart.topLeft()); }
    QRectF legend() const { return m_drawing.legend().area().translated(m_chart.topLeft()); }

private:
    void layOut(int mostLines);
    double height() const { return m_picture.size.height() / m_scale; }

    ChartPicture m_picture;
    double m_scale;  ///< pixels a unit
    QRectF m_inside; ///< the picture without its margins
    TextBlock m_title;
    TextBlock m_remark;
    TextBlock m_caption;
    QRectF m_chart;
    ChartDrawing m_drawing;
};

} // namespace losslab::ui
