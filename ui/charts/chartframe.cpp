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
    // QCategoryAxis is the one axis of Qt Charts whose ticks and labels are free, which round numbers on log
    // axes need.
    const auto add = [this](Qt::Alignment side) {
        auto *axis = new QCategoryAxis;
        axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
        axis->setTruncateLabels(false);
        axis->setGridLineVisible(side == Qt::AlignLeft);
        axis->setLineVisible(side == Qt::AlignBottom);
        m_chart->addAxis(axis, side);
        return axis;
    };
    m_x = add(Qt::AlignBottom);
    m_left = add(Qt::AlignLeft);
    m_right = add(Qt::AlignRight);
}

ChartFrame::~ChartFrame() = default;

bool ChartFrame::setLook(const Look &look)
{
    if (look == m_look) {
        return false;
    }
    m_look = look;
    setAxis(m_x, look.x);
    setAxis(m_left, look.left);
    m_right->setVisible(look.right.has_value());
    if (look.right) {
        setAxis(m_right, *look.right);
    }
    m_chart->setMargins(look.margins);
    m_chart->resize(look.size);
    m_scene->setSceneRect(QRectF(QPointF(0, 0), look.size));
    m_chart->layout()->activate();
    return true;
}

void ChartFrame::setAxis(QCategoryAxis *axis, const AxisLook &look)
{
    const ChartTheme &theme = m_look.theme;
    for (const QString &label : axis->categoriesLabels()) {
        axis->remove(label);
    }
    axis->setStartValue(look.range.min - look.range.length());
    for (std::size_t i = 0; i < look.ticks.at.size(); ++i) {
        axis->append(look.ticks.labels[i], look.ticks.at[i]);
    }
    if (look.ticks.at.empty()) { // an axis without any is not laid out
        axis->append(QStringLiteral(" "), look.range.max);
    }
    axis->setRange(look.range.min, look.range.max);
    axis->setTitleText(look.title);
    axis->setTitleVisible(!look.title.isEmpty());
    axis->setTitleFont(m_look.metrics.label);
    axis->setTitleBrush(theme.text);
    axis->setLabelsFont(m_look.metrics.label);
    axis->setLabelsBrush(theme.muted);
    const qreal hairline = m_look.metrics.line * 0.6;
    axis->setGridLinePen(QPen(theme.grid, hairline));
    axis->setLinePen(QPen(theme.muted, hairline));
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
