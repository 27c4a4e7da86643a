#pragma once

#include <QRect>
#include <QWidget>
#include <string>
#include <utility>
#include <vector>

namespace losslab {
class Experiment;
class RunData;
struct ChartInfo;
} // namespace losslab

namespace losslab::ui {

class ChartWidget;

/// All charts of an experiment, laid out to use the space; one can be enlarged to take all of it.
class ChartGrid : public QWidget
{
    Q_OBJECT

public:
    explicit ChartGrid(const Experiment &experiment, QWidget *parent = nullptr);

    /// The data to draw, which must outlive the grid or the next call.
    void setData(const RunData &data);
    void refresh();
    void setCaption(const QString &caption);
    void setEmptyText(const QString &text);

    const std::vector<ChartWidget *> &charts() const { return m_charts; }
    /// The enlarged one, else the one last worked with, else the first.
    ChartWidget *current() const;
    /// Shows one chart alone; nullptr: all of them.
    void enlarge(ChartWidget *chart);
    /// Shows all charts that are one figure with this one.
    void enlargeFigure(ChartWidget *chart);
    ChartWidget *enlarged() const { return m_enlarged.empty() ? nullptr : m_enlarged.front(); }
    void toggleEnlarged() { enlarge(enlarged() ? nullptr : current()); }

    QSize minimumSizeHint() const override { return {320, 200}; }

Q_SIGNALS:
    void exportRequested(losslab::ui::ChartWidget *chart);
    void figureExportRequested(const std::string &id); ///< "norm+loss"

protected:
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void build(const std::vector<ChartInfo> &charts);
    void follow(const RunData &data);
    void addChart(ChartWidget *chart);
    void addFigure(const std::vector<ChartWidget *> &stack);
    void showAlone(std::vector<ChartWidget *> charts);
    std::vector<std::vector<ChartWidget *>> shownStacks() const;
    void rememberSpread(ChartWidget *chart);
    void shareX(ChartWidget *above, ChartWidget *below);
    void keepReadable();
    void arrange();
    void alignPlots();
    void shortenRemarks();

    std::string m_experiment; ///< its id
    const RunData *m_data = nullptr;
    std::pair<std::size_t, int> m_remarks; ///< how many the data had, of how many seeds, when last looked at
    std::vector<ChartWidget *> m_charts;
    std::vector<std::vector<ChartWidget *>> m_stacks; ///< charts that share their x axis stand in one
    std::vector<ChartWidget *> m_enlarged;            ///< alone: one, or a figure's; empty: all are shown
    ChartWidget *m_current = nullptr;
};

/// Where charts go in an area: one rectangle a chart, in their order. Each stack keeps its charts one above
/// another; stacks fill rows, as many columns as give the smallest chart the best size.
std::vector<QRect> arrangeCharts(const QSize &area, const std::vector<std::size_t> &stackHeights, int gap);

} // namespace losslab::ui
