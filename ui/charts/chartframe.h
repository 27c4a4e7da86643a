#pragma once

#include "ui/charts/chartaxis.h"
#include "ui/charts/charttheme.h"

#include <QMarginsF>
#include <QRectF>
#include <memory>
#include <optional>

class QCategoryAxis;
class QChart;
class QGraphicsScene;
class QPainter;

namespace losslab::ui {

/// What surrounds the data: axes, their titles, grid. Qt Charts lays it out and draws it; the data are ours.
class ChartFrame
{
public:
    struct AxisLook
    {
        QString title;
        AxisRange range;
        Ticks ticks;

        bool operator==(const AxisLook &) const = default;
    };
    struct Look
    {
        QSizeF size;
        QMargins margins;
        AxisLook x;
        AxisLook left;
        std::optional<AxisLook> right;
        ChartTheme theme;
        ChartMetrics metrics;

        bool operator==(const Look &) const = default;
    };

    ChartFrame();
    ~ChartFrame();
    ChartFrame(const ChartFrame &) = delete;
    ChartFrame &operator=(const ChartFrame &) = delete;

    /// Lays out anew where something differs; says whether it did.
    bool setLook(const Look &look);
    /// Where the data go.
    QRectF plotArea() const;
    void paint(QPainter &painter) const;

private:
    void setAxis(QCategoryAxis *axis, const AxisLook &look);

    std::unique_ptr<QGraphicsScene> m_scene;
    QChart *m_chart = nullptr; // the scene's, as the axes are the chart's
    QCategoryAxis *m_x = nullptr;
    QCategoryAxis *m_left = nullptr;
    QCategoryAxis *m_right = nullptr;
    Look m_look;
};

} // namespace losslab::ui
