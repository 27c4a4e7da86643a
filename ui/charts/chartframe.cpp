#include "ui/charts/chartframe.h"

#include <QCategoryAxis>
#include <QChart>
#include <QFontMetricsF>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QLegend>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace losslab::ui {

namespace {

double shareOf(const AxisRange &range, double at)
{
    return (at - range.min) / range.length();
}

} // namespace

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
        axis->setGridLineVisible(false);
        axis->setLineVisible(false);
        axis->setTitleVisible(false);
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
    if (look == m_look)
        return false;
    m_look = look;
    m_x->setVisible(look.x.numbered);
    setAxis(m_x, look.x);
    setAxis(m_left, look.left);
    m_right->setVisible(look.right.has_value());
    if (look.right)
        setAxis(m_right, *look.right);
    m_chart->setMargins(marginsWithTitles());
    m_chart->resize(look.size);
    m_scene->setSceneRect(QRectF(QPointF(0, 0), look.size));
    m_chart->layout()->activate();
    return true;
}

/// Qt Charts is given places along the axis, 0 to 1: it takes ranges that are nearly alike for the same.
void ChartFrame::setAxis(QCategoryAxis *axis, const AxisLook &look)
{
    const ChartTheme &theme = m_look.theme;
    for (const QString &label : axis->categoriesLabels())
        axis->remove(label);
    axis->setStartValue(-1);
    for (std::size_t i = 0; i < look.ticks.at.size(); ++i)
        axis->append(look.ticks.labels[i], shareOf(look.range, look.ticks.at[i]));
    if (look.ticks.at.empty()) // an axis without any is not laid out
        axis->append(QStringLiteral(" "), 1);
    axis->setRange(0, 1);
    axis->setLabelsFont(m_look.metrics.label);
    axis->setLabelsBrush(theme.muted);
}

QRectF ChartFrame::plotArea() const
{
    return m_chart->plotArea();
}

bool ChartFrame::titlesFit() const
{
    const QFontMetricsF type(m_look.metrics.label);
    const auto fits = [&](const AxisLook &axis, double room) {
        return type.horizontalAdvance(axis.title) <= room;
    };
    return fits(m_look.x, m_look.size.width()) && fits(m_look.left, m_look.size.height())
           && (!m_look.right || fits(*m_look.right, m_look.size.height()));
}

QMargins ChartFrame::marginsWithTitles() const
{
    const int row = static_cast<int>(std::ceil(QFontMetricsF(m_look.metrics.label).height()));
    const auto room = [&](const AxisLook &axis) { return axis.title.isEmpty() || !axis.numbered ? 0 : row; };
    return m_look.margins
           + QMargins(room(m_look.left), 0, m_look.right ? room(*m_look.right) : 0, room(m_look.x));
}

void ChartFrame::paint(QPainter &painter, const QRectF &plot) const
{
    const QRectF whole(QPointF(0, 0), m_look.size);
    painter.save();
    paintLines(painter, plot);
    painter.restore();
    m_scene->render(&painter, whole, whole);
    painter.save();
    paintTitles(painter, plot);
    painter.restore();
}

/// A light line at each number of the left axis, and the x axis with its ticks.
void ChartFrame::paintLines(QPainter &painter, const QRectF &plot) const
{
    const bool print = m_look.metrics.print;
    const qreal hairline = print ? m_look.metrics.line * 0.6 : 1; // on a screen a pixel, and crisp
    painter.setRenderHint(QPainter::Antialiasing, print);
    painter.setPen(QPen(m_look.theme.grid, hairline, Qt::SolidLine, Qt::FlatCap));
    for (const double at : m_look.left.ticks.at) {
        const double y = plot.bottom() - shareOf(m_look.left.range, at) * plot.height();
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    }
    painter.setPen(QPen(m_look.theme.muted, hairline, Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    for (const double at : m_look.x.ticks.at) {
        const double x = plot.left() + shareOf(m_look.x.range, at) * plot.width();
        painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + m_look.metrics.gap / 2));
    }
}

void ChartFrame::paintTitles(QPainter &painter, const QRectF &plot) const
{
    const QFontMetricsF type(m_look.metrics.label);
    const double row = type.height();
    painter.setFont(m_look.metrics.label);
    painter.setPen(m_look.theme.text);
    if (m_look.x.numbered) {
        const double bottom = m_look.size.height() - m_look.margins.bottom();
        const QString title = type.elidedText(m_look.x.title, Qt::ElideRight, m_look.size.width());
        const double half = type.horizontalAdvance(title) / 2;
        const double centre = std::clamp(plot.center().x(), half, std::max(half, m_look.size.width() - half));
        painter.drawText(QRectF(centre - half, bottom - row, 2 * half, row),
                         Qt::AlignCenter | Qt::TextDontClip, title);
    }
    const double middle = plot.center().y();
    paintUpright(painter, m_look.left.title, {m_look.titleMargin + row / 2, middle});
    if (m_look.right) {
        paintUpright(painter, m_look.right->title,
                     {m_look.size.width() - m_look.titleMargin - row / 2, middle});
    }
}

/// Reads upwards, beside the middle of the plot where it has room there.
void ChartFrame::paintUpright(QPainter &painter, const QString &title, QPointF centre) const
{
    const QFontMetricsF type(m_look.metrics.label);
    const QString shown = type.elidedText(title, Qt::ElideRight, m_look.size.height());
    const double half = type.horizontalAdvance(shown) / 2;
    painter.save();
    painter.translate(centre.x(), std::clamp(centre.y(), half, std::max(half, m_look.size.height() - half)));
    painter.rotate(-90);
    painter.drawText(QRectF(-half, -type.height() / 2, 2 * half, type.height()),
                     Qt::AlignCenter | Qt::TextDontClip, shown);
    painter.restore();
}

} // namespace losslab::ui
