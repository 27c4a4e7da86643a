#pragma once

#include "ui/charts/chartframe.h"
#include "ui/charts/chartlegend.h"
#include "ui/charts/plotseries.h"

#include <QPixmap>
#include <optional>

namespace losslab::ui {

/// Ranges the person chose, in plotted coordinates; what is not set follows the data.
struct ChartView
{
    std::optional<AxisRange> x;
    std::optional<AxisRange> left;
    std::optional<AxisRange> right;

    bool follows() const { return !x && !left && !right; }
    bool operator==(const ChartView &) const = default;
};

/// What a person chose of how a chart is shown: what makes an export look as the window does.
struct ChartChoices
{
    bool logX = false;
    bool logY = false;
    std::vector<std::string> hidden = {}; ///< keys of series, sorted
    ChartView view = {};
    std::optional<Spread> spread = {}; ///< of several seeds; none: as the chart declares

    bool operator==(const ChartChoices &) const = default;
};

/// A whole chart as it is laid out and painted: what the live widget and an exported picture have in common.
class ChartDrawing
{
public:
    explicit ChartDrawing(const ChartInfo &info);

    const ChartInfo &info() const { return m_info; }
    void setData(const ChartData *data);
    /// Takes what is new; false where nothing was.
    bool update();
    bool empty() const;
    /// What is said beneath the title: by the run, and of points that a logarithmic axis leaves out.
    std::string remark() const;

    void setTheme(const ChartTheme &theme) { m_theme = theme; }
    void setMetrics(const ChartMetrics &metrics) { m_metrics = metrics; }
    const ChartTheme &theme() const { return m_theme; }
    const ChartMetrics &metrics() const { return m_metrics; }

    /// What is wanted; the axis is logarithmic as long as any value is positive. Those that are not are left
    /// out, and marked at the axis.
    void setLogX(bool log) { m_wantLogX = log; }
    void setLogY(bool log) { m_wantLogY = log; }
    bool logX() const { return m_wantLogX && canLogX(); }
    bool logY() const { return m_wantLogY && canLogY(); }
    bool canLogX() const;
    bool canLogY() const;
    /// How x is placed with the data that there are.
    AxisScale scaleX() const;
    /// Whether a unit of x is as long as one of y: as the chart declares it, while both axes are linear. The
    /// axis that has room to spare shows more than is asked for.
    bool hasEqualScales() const;

    /// How several seeds are shown; what the chart does not offer changes nothing.
    void setSpread(Spread spread);
    Spread spread() const { return m_spread; }
    /// Which summary is drawn, and of how many seeds: "median, quartiles, range of 5 seeds". Empty of one
    /// seed.
    QString seedsText() const;

    const std::vector<PlotSeries> &series() const { return m_series; }
    void setHidden(const std::string &key, bool hidden);
    bool isHidden(const std::string &key) const;
    /// A live legend shows hidden series faded, so that they can be brought back; a picture leaves them out.
    void setLegendShowsHidden(bool shows) { m_legendShowsHidden = shows; }
    /// Beneath a chart that has the same one, none is wanted.
    void setLegendWanted(bool wanted) { m_legendWanted = wanted; }
    bool hasSameLegend(const ChartDrawing &other) const { return legendEntries() == other.legendEntries(); }
    /// Above a chart that shares its x axis, that has no numbers and no title.
    void setXNumbered(bool numbered) { m_xNumbered = numbered; }

    ChartView &view() { return m_view; }
    const ChartView &view() const { return m_view; }

    ChartChoices choices() const;
    void setChoices(const ChartChoices &choices);
    /// Those of a chart that nobody has touched: all data, on the axes it declares.
    ChartChoices standardChoices() const;

    /// The height of the picture that the drawing is a part of: a long legend above the plot leaves it half
    /// of that.
    void setWholeHeight(double height) { m_whole = height; }
    /// Whether the plot is large enough to read values, has this share of the whole height, and the axes'
    /// titles are whole.
    bool isReadable() const;
    static constexpr double leastShare = 0.3;

    /// How far the plot is from the left and the right border.
    struct Insets
    {
        double left = 0;
        double right = 0;

        bool operator==(const Insets &) const = default;
    };
    /// What the axes need, after the last layOut().
    Insets neededInsets() const { return m_needed; }
    /// At least so much: plots above one another begin and end at the same places.
    void setLeastInsets(const Insets &insets) { m_least = insets; }

    /// Brings ranges, frame, columns and legend up to date for this size. `pixel`: a device's pixel.
    void layOut(QSizeF size, qreal pixel);
    const PlotSpace &space() const { return m_space; }
    const ChartLegend &legend() const { return m_legend; }

    void paintFrame(QPainter &painter) const { m_frame.paint(painter, m_space.rect); }
    /// Counts the frame's changes: a picture of it stays good as long as this stays.
    int frameRevision() const { return m_frameRevision; }
    void paintData(QPainter &painter) const;

private:
    void followRun(ChartInfo info);
    bool updateAnnotations();
    bool barsOverlap() const;
    void putInOrder();
    void layOutFrame(QSizeF size);
    void placeFrame(QSizeF size);
    void equalizeScales();
    ChartFrame::Look frameLook(QSizeF size) const;
    void measureInsets(QSizeF size, const QMargins &added);
    QMargins insetMargins() const;
    void decimate();
    void markOccupied();
    void layOutLegend();
    std::vector<ChartLegend::Entry> legendEntries() const;
    void followData();
    AxisRange followed(const Axis &axis, double low, double high, const AxisScale &scale, double padding,
                       const AxisRange &before) const;
    AxisScale scaleFor(const Axis &axis, bool log, double least, double greatest) const;
    AxisScale scaleY(const Axis &axis, bool log, const Extent &data) const;
    bool logRight() const;
    std::string leftOut() const;
    Extent extentOf(bool rightAxis, bool log) const;
    double plotWidth() const;
    int xTicks() const;
    int yTicks() const;

    ChartInfo m_info;
    const ChartData *m_data = nullptr;
    std::vector<ReferenceLine> m_references; ///< declared, then the run's own
    std::string m_remark;
    ChartTheme m_theme;
    ChartMetrics m_metrics;
    Spread m_spread;
    bool m_wantLogX = false;
    bool m_wantLogY = false;
    std::vector<PlotSeries> m_series;
    std::vector<std::string> m_hidden;
    bool m_legendShowsHidden = true;
    bool m_legendWanted = true;
    bool m_xNumbered = true;
    ChartView m_view;
    double m_whole = 0;
    bool m_followedBefore = false;
    AxisRange m_askedX; ///< of the data or the view; equal scales may show more
    AxisRange m_askedLeft;
    QSizeF m_size;
    PlotSpace m_space;
    Insets m_needed;
    Insets m_least;
    ChartFrame m_frame;
    Occupancy m_occupancy{QRectF(0, 0, 1, 1)};
    ChartLegend m_legend;
    int m_frameRevision = 0;
};

} // namespace losslab::ui
