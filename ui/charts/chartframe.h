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

/// What surrounds the data: axes, their titles, grid. Qt Charts places the numbers and so the plot between
/// them; lines and titles are drawn here, where a grid line stands at each number and nowhere else, and a
/// title may be longer than its axis.
class ChartFrame
{
public:
    struct AxisLook
    {
        QString title;
        AxisRange range;
        Ticks ticks;
        bool numbered = true; ///< else it has ticks without numbers, and no title

        bool operator==(const AxisLook &) const = default;
    };
    struct Look
    {
        QSizeF size;
        QMargins margins;
        double titleMargin = 0; ///< from the left and right borders to the titles of the y axes
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
    /// Whether every axis has its whole title.
    bool titlesFit() const;
    /// `plot`: where the data go, which is plotArea() on the device's pixels.
    void paint(QPainter &painter, const QRectF &plot) const;

private:
    void setAxis(QCategoryAxis *axis, const AxisLook &look);
    QMargins marginsWithTitles() const;
    void paintLines(QPainter &painter, const QRectF &plot) const;
    void paintTitles(QPainter &painter, const QRectF &plot) const;
    void paintUpright(QPainter &painter, const QString &title, QPointF centre) const;

    std::unique_ptr<QGraphicsScene> m_scene;
    QChart *m_chart = nullptr; // the scene's, as the axes are the chart's
    QCategoryAxis *m_x = nullptr;
    QCategoryAxis *m_left = nullptr;
    QCategoryAxis *m_right = nullptr;
    Look m_look;
};

} // namespace losslab::ui
