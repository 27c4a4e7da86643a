#pragma once

#include "lab/chart.h"
#include "lab/rundata.h"
#include "ui/charts/chartdrawing.h"

#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

namespace losslab::ui {

/// A live chart: a row with its title and buttons (log y, reset, enlarge, export), and beneath it axes, data,
/// legend. It follows the data until the person zooms or pans. Hidden or minimized it costs nothing.
class ChartWidget : public QWidget
{
    Q_OBJECT

public:
    explicit ChartWidget(const ChartInfo &info, QWidget *parent = nullptr);
    ~ChartWidget() override;

    const ChartInfo &info() const;

    /// The data to draw, which must outlive the widget or the next call; nullptr: none.
    void setData(const ChartData *data);
    const ChartData *data() const;
    /// Draws what has come since the last call; next to nothing where nothing has.
    void refresh();
    /// A sentence shown while there is no data.
    void setEmptyText(const QString &text);
    /// Small type beneath an exported or copied picture: experiment, preset, changed settings, seed.
    void setCaption(const QString &caption);
    const QString &caption() const;
    /// Says this in place of what the trainers remark, which a chart beside this one says in full; none: it
    /// says that itself. Pictures always do.
    void setBriefRemark(const std::optional<QString> &remark);
    /// Whether the enlarge button shows the way back.
    void setEnlarged(bool enlarged);
    /// It is one chart of a figure of several with this title: its menu has what can be done with all of it.
    void setFigure(const QString &title);

    bool logY() const;
    /// Why a logarithmic y axis is not offered: values that are not positive have no place there. Empty where
    /// it is: where most are, or the chart declares it and any is.
    QString whyNotLogY() const;
    /// Where it is not offered, the axis stays linear.
    void setLogY(bool log);
    /// How several seeds are shown. What the chart does not offer changes nothing.
    Spread spread() const;
    void setSpread(Spread spread);
    /// Keys of what was switched off in the legend.
    std::vector<std::string> hiddenSeries() const;
    void setSeriesHidden(const std::string &key, bool hidden);
    /// How it is shown, for a picture that is to look the same.
    ChartChoices choices() const;
    /// Whether that is not all data on the axes that the chart declares.
    bool isChanged() const;
    /// Back to following the data (what a double click does).
    void resetView();
    bool followsData() const;
    /// Shows this x range (of the chart above or beneath that shares the axis).
    void setXRange(double min, double max);

    /// Has its plot begin and end where those of the charts above and beneath do.
    static void alignPlots(const std::vector<ChartWidget *> &charts);

Q_SIGNALS:
    void enlargeRequested();
    void exportRequested();
    void figureEnlargeRequested();
    void figureExportRequested();
    void spreadChosen();                        ///< by the person
    void xRangeChanged(double min, double max); ///< the person zoomed or panned
    void insetsChanged();                       ///< see alignPlots()
    void viewReset();                           ///< a view that was zoomed or panned follows the data again

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace losslab::ui
