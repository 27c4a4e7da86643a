#pragma once

#include "ui/charts/chartdrawing.h"

namespace losslab::ui {

/// The values of all visible series at one x, as a small box beside a vertical line shows them.
struct CrosshairReading
{
    struct Row
    {
        QString label;
        QString value;
        SeriesStyle style;
        QPointF at; ///< on the picture
    };
    QString heading; ///< "epoch 1,240"
    double x = 0;    ///< on the picture
    std::vector<Row> rows;
};

/// What stands nearest to this point of the picture; no rows where there is nothing.
CrosshairReading readChart(const ChartDrawing &drawing, QPointF pointer);

/// Where the box with the values stands: whole within the widget, in which there may be room for fewer rows
/// than there are.
QRectF crosshairBox(const CrosshairReading &reading, const ChartDrawing &drawing);

void paintCrosshair(QPainter &painter, const CrosshairReading &reading, const ChartDrawing &drawing);

} // namespace losslab::ui
