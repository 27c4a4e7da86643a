#include "ui/chartgrid.h"

#include "lab/experiment.h"
#include "lab/rundata.h"
#include "lab/runspec.h"
#include "ui/briefremarks.h"
#include "ui/charts/chartwidget.h"
#include "ui/exporter.h"
#include "ui/settings.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <algorithm>
#include <utility>

namespace losslab::ui {

namespace {

constexpr double bestAspect = 1.7;
constexpr QSize decoration(70, 80); ///< what title, axes and their numbers take of a chart

/// The stacks over the area in that many columns; the last row's stacks share its whole width.
std::vector<QRect> arrangeInColumns(const QSize &area, const std::vector<std::size_t> &heights, int columns,
                                    int gap)
{
    const int count = static_cast<int>(heights.size());
    const int rows = (count + columns - 1) / columns;
    std::vector<QRect> rects;
    for (int i = 0; i < count; ++i) {
        const int row = i / columns;
        const int inRow = std::min(columns, count - row * columns);
        const auto part = [gap](int length, int parts, int index) {
            const double each = (length - gap * (parts - 1)) / static_cast<double>(parts);
            const int from = qRound(index * (each + gap));
            return std::pair(from, qRound(index * (each + gap) + each) - from);
        };
        const auto [x, width] = part(area.width(), inRow, i % columns);
        const auto [top, height] = part(area.height(), rows, row);
        const int stacked = static_cast<int>(heights[static_cast<std::size_t>(i)]);
        for (int level = 0; level < stacked; ++level) {
            const auto [y, levelHeight] = part(height, stacked, level);
            rects.emplace_back(x, top + y, width, levelHeight);
        }
    }
    return rects;
}

/// How large the smallest chart's data are drawn, were all of the best shape.
double worth(const std::vector<QRect> &rects)
{
    double worst = std::numeric_limits<double>::max();
    for (const QRect &rect : rects)
        worst = std::min(worst, std::min((rect.width() - decoration.width()) / bestAspect,
                                         static_cast<double>(rect.height() - decoration.height())));
    return worst;
}

} // namespace

std::vector<QRect> arrangeCharts(const QSize &area, const std::vector<std::size_t> &stackHeights, int gap)
{
    std::vector<QRect> best;
    for (int columns = 1; columns <= static_cast<int>(stackHeights.size()); ++columns) {
        std::vector<QRect> rects = arrangeInColumns(area, stackHeights, columns, gap);
        if (best.empty() || worth(rects) > worth(best))
            best = std::move(rects);
    }
    return best;
}

ChartGrid::ChartGrid(const Experiment &experiment, QWidget *parent)
    : QWidget(parent), m_experiment(experiment.info().id)
{
    setObjectName(QStringLiteral("charts"));
    build(experiment.chartsFor({}));
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) {
        for (ChartWidget *chart : m_charts)
            if (now && (now == chart || chart->isAncestorOf(now)))
                m_current = chart;
    });
}

void ChartGrid::build(const std::vector<ChartInfo> &charts)
{
    for (const ChartInfo &chart : charts) {
        auto *widget = new ChartWidget(chart, this);
        if (!m_charts.empty() && chart.sharesX == m_charts.back()->info().id) {
            shareX(m_charts.back(), widget);
            m_stacks.back().push_back(widget);
        } else {
            m_stacks.push_back({widget});
        }
        addChart(widget);
    }
    for (const auto &stack : m_stacks)
        if (stack.size() > 1)
            addFigure(stack);
}

/// A run may have other charts than the one before it: as many as it has functions, say.
void ChartGrid::follow(const RunData &data)
{
    const auto same = [](const ChartWidget *widget, const ChartData &chart) {
        return widget->info().id == chart.id;
    };
    if (std::equal(m_charts.begin(), m_charts.end(), data.charts().begin(), data.charts().end(), same))
        return;
    m_current = nullptr;
    m_enlarged.clear();
    m_stacks.clear();
    for (ChartWidget *chart : std::exchange(m_charts, {})) {
        chart->hide();
        chart->deleteLater();
    }
    std::vector<ChartInfo> infos;
    for (const ChartData &chart : data.charts())
        infos.push_back(chart.info);
    build(infos);
    for (ChartWidget *chart : m_charts)
        chart->show();
    arrange();
}

void ChartGrid::addChart(ChartWidget *chart)
{
    m_charts.push_back(chart);
    chart->setObjectName(QString::fromStdString(chart->info().id));
    connect(chart, &ChartWidget::enlargeRequested, this,
            [this, chart] { enlarge(enlarged() ? nullptr : chart); });
    connect(chart, &ChartWidget::exportRequested, this, [this, chart] {
        m_current = chart;
        Q_EMIT exportRequested(chart);
    });
    connect(chart, &ChartWidget::insetsChanged, this, &ChartGrid::alignPlots);
    rememberSpread(chart);
}

void ChartGrid::addFigure(const std::vector<ChartWidget *> &stack)
{
    const std::string id = figureId(stack);
    for (ChartWidget *chart : stack) {
        chart->setFigure(figureTitle(stack));
        connect(chart, &ChartWidget::figureEnlargeRequested, this, [this, chart] { enlargeFigure(chart); });
        connect(chart, &ChartWidget::figureExportRequested, this,
                [this, id] { Q_EMIT figureExportRequested(id); });
    }
}

/// How several seeds are shown, as the person chose it last for this chart.
void ChartGrid::rememberSpread(ChartWidget *chart)
{
    const QString key = QStringLiteral("spread/%1/%2").arg(fromText(m_experiment), chart->objectName());
    const auto known = spreadFromName(openSettings().value(key).toString().toStdString());
    if (known)
        chart->setSpread(*known);
    connect(chart, &ChartWidget::spreadChosen, this, [chart, key] {
        openSettings().setValue(key, fromText(std::string(spreadName(chart->spread()))));
    });
}

void ChartGrid::shareX(ChartWidget *above, ChartWidget *below)
{
    for (const auto &[from, to] : {std::pair(above, below), std::pair(below, above)}) {
        connect(from, &ChartWidget::xRangeChanged, to, &ChartWidget::setXRange);
        connect(from, &ChartWidget::viewReset, to, &ChartWidget::resetView);
    }
}

void ChartGrid::setData(const RunData &data)
{
    m_data = &data;
    follow(data);
    for (ChartWidget *chart : m_charts)
        chart->setData(data.findChart(chart->info().id));
    shortenRemarks();
}

/// What the trainers remark is said in full by the first chart in which it is seen.
void ChartGrid::shortenRemarks()
{
    if (!m_data)
        return;
    m_remarks = {m_data->remarks().all().size(), m_data->repeats()};
    std::vector<std::string> before;
    for (ChartWidget *chart : m_charts) {
        if (!chart->isVisibleTo(this))
            continue;
        const std::string &id = chart->info().id;
        chart->setBriefRemark(m_remarks.first > 0 && isRemarkedElsewhere(*m_data, id, before)
                                  ? std::optional(briefRemarks(*m_data, id))
                                  : std::nullopt);
        before.push_back(id);
    }
}

void ChartGrid::refresh()
{
    if (m_data && std::pair(m_data->remarks().all().size(), m_data->repeats()) != m_remarks)
        shortenRemarks();
    for (ChartWidget *chart : m_charts)
        chart->refresh();
}

void ChartGrid::setCaption(const QString &caption)
{
    for (ChartWidget *chart : m_charts)
        chart->setCaption(caption);
}

void ChartGrid::setEmptyText(const QString &text)
{
    for (ChartWidget *chart : m_charts)
        chart->setEmptyText(text);
}

ChartWidget *ChartGrid::current() const
{
    const bool shown = m_current && m_current->isVisibleTo(this);
    return shown ? m_current : m_enlarged.empty() ? m_charts.front() : m_enlarged.front();
}

void ChartGrid::enlarge(ChartWidget *chart)
{
    showAlone(chart ? std::vector{chart} : std::vector<ChartWidget *>());
}

void ChartGrid::enlargeFigure(ChartWidget *chart)
{
    for (const auto &stack : m_stacks)
        if (std::find(stack.begin(), stack.end(), chart) != stack.end())
            showAlone(stack);
}

void ChartGrid::showAlone(std::vector<ChartWidget *> charts)
{
    m_enlarged = std::move(charts);
    for (ChartWidget *each : m_charts) {
        const bool alone = std::find(m_enlarged.begin(), m_enlarged.end(), each) != m_enlarged.end();
        each->setVisible(m_enlarged.empty() || alone);
        each->setEnlarged(alone);
    }
    shortenRemarks();
    arrange();
    alignPlots();
    refresh();
    if (!m_enlarged.empty())
        current()->setFocus();
}

std::vector<std::vector<ChartWidget *>> ChartGrid::shownStacks() const
{
    if (m_enlarged.empty())
        return m_stacks;
    return {m_enlarged};
}

void ChartGrid::arrange()
{
    keepReadable();
    std::vector<std::size_t> heights;
    for (const auto &stack : shownStacks())
        heights.push_back(stack.size());
    const std::vector<QRect> places = arrangeCharts(size(), heights, 2 * gridStep);
    auto place = places.begin();
    for (const auto &stack : shownStacks())
        for (ChartWidget *chart : stack)
            chart->setGeometry(*place++);
}

void ChartGrid::alignPlots()
{
    for (const auto &stack : shownStacks())
        ChartWidget::alignPlots(stack);
}

/// Many charts keep a size that can be read: what surrounds the grid then scrolls.
void ChartGrid::keepReadable()
{
    constexpr int fewCharts = 5, leastWidth = 280, leastHeight = 220;
    std::size_t shown = 0;
    for (const auto &stack : shownStacks())
        shown += stack.size();
    const int count = static_cast<int>(shown), columns = std::max(1, width() / leastWidth);
    setMinimumHeight(count <= fewCharts ? 0 : (count + columns - 1) / columns * leastHeight);
}

void ChartGrid::resizeEvent(QResizeEvent *)
{
    arrange();
}

void ChartGrid::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && enlarged())
        enlarge(nullptr);
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        toggleEnlarged();
    else
        QWidget::keyPressEvent(event);
}

} // namespace losslab::ui
