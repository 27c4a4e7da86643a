#pragma once

#include "lab/chart.h"
#include "lab/rundata.h"

#include <QWidget>

namespace losslab::ui {

/// A live chart: title, axes, legend, data; follows the data until the person zooms or pans.
class ChartWidget : public QWidget
{
    Q_OBJECT

public:
    explicit ChartWidget(const ChartInfo &info, QWidget *parent = nullptr);
    ~ChartWidget() override;

    const ChartInfo &info() const;

    /// The data to draw, which must outlive the widget or the next call; nullptr: none.
    void setData(const ChartData *data);
    /// Draws what has come since the last call; next to nothing where nothing has.
    void refresh();
    /// A sentence shown while there is no data.
    void setEmptyText(const QString &text);
    /// Small type beneath an exported or copied picture: experiment, preset, changed settings, seed.
    void setCaption(const QString &caption);

    bool logY() const;
    /// Possible only where every value is positive; otherwise the axis stays linear and says so.
    void setLogY(bool log);
    /// Back to following the data (what a double click does).
    void resetView();
    bool followsData() const;
    /// Shows this x range (of the chart above or beneath that shares the axis).
    void setXRange(double min, double max);

Q_SIGNALS:
    void enlargeRequested();
    void exportRequested();
    void xRangeChanged(double min, double max);

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace losslab::ui
