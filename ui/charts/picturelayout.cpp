#include "ui/charts/picturelayout.h"

#include <QPainter>

namespace losslab::ui {

namespace {

constexpr int fewLines =
    2; // of remark and caption; more are given up where the plot would have less than half

} // namespace

PictureLayout::PictureLayout(const ChartInfo &info, const ChartData &data, const ChartPicture &picture)
    : m_picture(picture), m_scale(picture.dpi / ChartMetrics::unitsPerInch), m_drawing(info)
{
    m_drawing.setTheme(picture.dark ? ChartTheme::darkTheme() : ChartTheme::light());
    m_drawing.setMetrics(ChartMetrics::forPrint());
    m_drawing.setLegendShowsHidden(false);
    m_drawing.setSpread(picture.spread.value_or(info.spread));
    m_drawing.setData(&data);
    m_drawing.update();
    if (picture.choices)
        m_drawing.setChoices(*picture.choices);
    const ChartMetrics &metrics = m_drawing.metrics();
    const double margin = metrics.gap * 1.5;
    m_inside =
        QRectF(QPointF(0, 0), QSizeF(picture.size) / m_scale).adjusted(margin, margin, -margin, -margin);
    m_title = wrapped(QString::fromStdString(info.title), metrics.title, m_inside.width());
    layOut(0);
    if (2 * m_drawing.space().rect.height() < height())
        layOut(fewLines);
}

void PictureLayout::layOut(int mostLines)
{
    const ChartMetrics &metrics = m_drawing.metrics();
    const QString remark = QString::fromStdString(m_drawing.remark());
    m_remark = wrapped(remark, metrics.caption, m_inside.width(), mostLines);
    m_caption = wrapped(m_picture.caption, metrics.caption, m_inside.width(), mostLines);
    const double beneath = m_caption.lines.empty() ? 0 : m_caption.height() + metrics.gap;
    m_chart = m_inside.adjusted(0, m_title.height() + m_remark.height() + metrics.gap * 0.75, 0, -beneath);
    m_drawing.setWholeHeight(height());
    m_drawing.layOut(m_chart.size(), 1);
    m_drawing.layOut(m_chart.size(), 1); // the legend's place is known only now
}

bool PictureLayout::hasRoom() const
{
    const QSizeF plot = m_drawing.space().rect.size();
    return plot.width() >= m_inside.width() / 2 && m_drawing.isReadable() && m_drawing.legend().hasRoom();
}

void PictureLayout::paint(QPainter &painter) const
{
    const ChartTheme &theme = m_drawing.theme();
    painter.fillRect(QRect(QPoint(0, 0), m_picture.size), theme.background);
    painter.scale(m_scale, m_scale);
    painter.setPen(theme.text);
    m_title.paint(painter, m_inside.topLeft());
    painter.setPen(theme.muted);
    m_remark.paint(painter, m_inside.topLeft() + QPointF(0, m_title.height()));
    m_caption.paint(painter, QPointF(m_inside.left(), m_inside.bottom() - m_caption.height()));
    painter.translate(m_chart.topLeft());
    m_drawing.paintFrame(painter);
    m_drawing.paintData(painter);
}

} // namespace losslab::ui
