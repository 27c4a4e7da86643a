#include "ui/charts/chartframe.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QLegend>
#include <QPainter>

namespace losslab::ui {

ChartFrame::ChartFrame() : m_scene(std::make_unique<QGraphicsScene>()), m_chart(new QChart)
{
    m_scene->setItemIndexMethod(QGraphicsScene::NoIndex);
    m_scene->addItem(m_chart);
    m_chart->setAnimationOptions(QChart::NoAnimation);
    m_chart->setBackgroundVisible(false);
    m_chart->legend()->hide();
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
}

ChartFrame::~ChartFrame() = default;

bool ChartFrame::setLook(const Look &look)
{
    if (look == m_look) {
        return false;
    }
    m_look = look;
    for (QAbstractAxis *axis : m_chart->axes()) {
        m_chart->removeAxis(axis);
        delete axis;
    }
    addAxis(look.x, Qt::AlignBottom, false);
    addAxis(look.left, Qt::AlignLeft, true);
    if (look.right) {
        addAxis(*look.right, Qt::AlignRight, false);
    }
    m_chart->setMargins(look.margins);
    m_chart->resize(look.size);
    m_scene->setSceneRect(QRectF(QPointF(0, 0), look.size));
    m_chart->layout()->activate();
    return true;
}

/// QCategoryAxis is the one axis of Qt Charts whose ticks and labels are free, which round numbers on log
/// axes need.
void ChartFrame::addAxis(const AxisLook &look, Qt::Alignment side, bool grid)
{
    const ChartTheme &theme = m_look.theme;
    auto *axis = new QCategoryAxis;
    axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    axis->setStartValue(look.range.min - look.range.length());
    for (std::size_t i = 0; i < look.ticks.at.size(); ++i) {
        axis->append(look.ticks.labels[i], look.ticks.at[i]);
    }
    axis->setRange(look.range.min, look.range.max);
    axis->setTitleText(look.title);
    axis->setTitleVisible(!look.title.isEmpty());
    axis->setTitleFont(m_look.metrics.label);
    axis->setTitleBrush(theme.text);
    axis->setLabelsFont(m_look.metrics.label);
    axis->setLabelsBrush(theme.muted);
    axis->setTruncateLabels(false);
    const qreal hairline = m_look.metrics.line * 0.6;
    axis->setGridLineVisible(grid);
    axis->setGridLinePen(QPen(theme.grid, hairline));
    axis->setLineVisible(side == Qt::AlignBottom);
    axis->setLinePen(QPen(theme.muted, hairline));
    m_chart->addAxis(axis, side);
}

QRectF ChartFrame::plotArea() const
{
    return m_chart->plotArea();
}

void ChartFrame::paint(QPainter &painter) const
{
    const QRectF whole(QPointF(0, 0), m_look.size);
    m_scene->render(&painter, whole, whole);
}

} // namespace losslab::ui
