#include "ui/charts/picturelayout.h"

#include <QPainter>
#include <algorithm>

namespace losslab::ui {

namespace {

constexpr int fewLines =
    2; // of remark and caption; more are given up where the plot would have less than half

} // namespace

PictureLayout::PictureLayout(const DrawnCharts &charts, const ChartPicture &picture)
    : m_picture(picture), m_scale(picture.dpi / ChartMetrics::unitsPerInch)
{
    for (const DrawnChart &chart : charts)
        addRow(chart);
    const double margin = metrics().gap * 1.5;
    m_inside = QRectF(QPointF(0, 0), QSizeF(size()) / m_scale).adjusted(margin, margin, -margin, -margin);
    for (std::size_t i = 0; i < charts.size(); ++i) {
        const QString title = QString::fromStdString(charts[i].info.title);
        m_rows[i].title = wrapped(title, metrics().title, m_inside.width());
    }
    if (m_rows.size() > 1) {
        shareX();
        nameOnce();
    }
    layOut(0);
    const auto isLow = [this](const Row &row) { return 2 * row.drawing.space().rect.height() < height(); };
    if (std::any_of(m_rows.begin(), m_rows.end(), isLow))
        layOut(fewLines);
}

void PictureLayout::addRow(const DrawnChart &chart)
{
    ChartDrawing &drawing = m_rows.emplace_back(chart.info).drawing;
    drawing.setTheme(m_picture.dark ? ChartTheme::darkTheme() : ChartTheme::light());
    drawing.setMetrics(ChartMetrics::forPrint());
    drawing.setLegendShowsHidden(false);
    drawing.setSpread(m_picture.spread.value_or(chart.info.spread));
    drawing.setData(&chart.data);
    drawing.update();
    if (const auto choices = m_picture.choices.find(chart.info.id); choices != m_picture.choices.end())
        drawing.setChoices(choices->second);
}

QSize PictureLayout::size() const
{
    return {m_picture.size.width(), m_picture.size.height() * static_cast<int>(m_rows.size())};
}

QRectF PictureLayout::plot(std::size_t row) const
{
    return drawing(row).space().rect.translated(m_rows[row].chart.topLeft());
}

QRectF PictureLayout::legend(std::size_t row) const
{
    return drawing(row).legend().area().translated(m_rows[row].chart.topLeft());
}

/// All that any of the charts shows; logarithmic where all are.
void PictureLayout::shareX()
{
    const auto isLog = [](const Row &row) { return row.drawing.logX(); };
    const bool log = std::all_of(m_rows.begin(), m_rows.end(), isLog);
    std::optional<AxisRange> shared;
    for (Row &row : m_rows) {
        if (row.drawing.logX() != log) {
            row.drawing.setLogX(log);
            row.drawing.view().x.reset();
        }
        row.drawing.layOut(m_inside.size(), 1);
        const AxisRange x = row.drawing.space().x;
        if (!shared)
            shared = x;
        const auto placed = [&](double end) { return toPlotted(fromPlotted(end, x.scale), shared->scale); };
        shared->min = std::min(shared->min, placed(x.min));
        shared->max = std::max(shared->max, placed(x.max));
    }
    for (Row &row : m_rows) {
        row.drawing.view().x = shared;
        row.drawing.setXNumbered(&row == &m_rows.back());
    }
}

/// A legend that the uppermost has as well says nothing new.
void PictureLayout::nameOnce()
{
    for (Row &row : m_rows)
        row.drawing.setLegendWanted(&row == &m_rows.front()
                                    || !row.drawing.hasSameLegend(m_rows.front().drawing));
}

void PictureLayout::layOut(int mostLines)
{
    m_caption = wrapped(m_picture.caption, metrics().caption, m_inside.width(), mostLines);
    QString before;
    for (Row &row : m_rows) {
        const QString remark = QString::fromStdString(row.drawing.remark());
        row.remark =
            wrapped(remark == before ? QString() : remark, metrics().caption, m_inside.width(), mostLines);
        row.drawing.setWholeHeight(height());
        before = remark;
    }
    placeRows(0);
    layOutRows();
    layOutRows(); // a legend's place is known only now
    if (m_rows.size() == 1)
        return;
    double plots = 0;
    for (const Row &row : m_rows)
        plots += row.drawing.space().rect.height();
    placeRows(plots / static_cast<double>(m_rows.size()));
    layOutRows();
}

/// Beneath one another: charts of one height, or, once that is known, with plots of this height.
void PictureLayout::placeRows(double plotHeight)
{
    const double between = metrics().gap * 1.5;
    const auto words = [this](const Row &row) {
        return row.title.height() + row.remark.height() + metrics().gap * 0.75;
    };
    double room = m_inside.height() - (m_caption.lines.empty() ? 0 : m_caption.height() + metrics().gap);
    room -= between * static_cast<double>(m_rows.size() - 1);
    for (const Row &row : m_rows)
        room -= words(row);
    double top = m_inside.top();
    for (Row &row : m_rows) {
        const double axes = row.chart.height() - row.drawing.space().rect.height();
        const double height = plotHeight > 0 ? plotHeight + axes : room / static_cast<double>(m_rows.size());
        top += words(row);
        row.chart = QRectF(m_inside.left(), top, m_inside.width(), height);
        top += height + between;
    }
}

void PictureLayout::layOutRows()
{
    ChartDrawing::Insets widest;
    for (Row &row : m_rows) {
        row.drawing.layOut(row.chart.size(), 1);
        const ChartDrawing::Insets needed = row.drawing.neededInsets();
        widest = {std::max(widest.left, needed.left), std::max(widest.right, needed.right)};
    }
    for (Row &row : m_rows) {
        if (m_rows.size() > 1) {
            row.drawing.setLeastInsets(widest);
            row.drawing.layOut(row.chart.size(), 1);
        }
    }
}

bool PictureLayout::hasRoom() const
{
    return std::all_of(m_rows.begin(), m_rows.end(), [this](const Row &row) {
        return row.drawing.space().rect.width() >= m_inside.width() / 2 && row.drawing.isReadable()
               && row.drawing.legend().hasRoom();
    });
}

void PictureLayout::paint(QPainter &painter) const
{
    const ChartTheme &theme = m_rows.front().drawing.theme();
    painter.fillRect(QRect(QPoint(0, 0), size()), theme.background);
    painter.scale(m_scale, m_scale);
    for (const Row &row : m_rows) {
        const QPointF remark = row.chart.topLeft() - QPointF(0, metrics().gap * 0.75 + row.remark.height());
        painter.setPen(theme.text);
        row.title.paint(painter, remark - QPointF(0, row.title.height()));
        painter.setPen(theme.muted);
        row.remark.paint(painter, remark);
    }
    painter.setPen(theme.muted);
    m_caption.paint(painter, QPointF(m_inside.left(), m_inside.bottom() - m_caption.height()));
    for (const Row &row : m_rows) {
        painter.save();
        painter.translate(row.chart.topLeft());
        row.drawing.paintFrame(painter);
        row.drawing.paintData(painter);
        painter.restore();
    }
}

} // namespace losslab::ui
