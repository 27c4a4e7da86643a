#pragma once

#include "ui/charts/charttheme.h"
#include "ui/charts/plotseries.h"

#include <QRectF>
#include <functional>
#include <optional>

class QPainter;

namespace losslab::ui {

/// Where values stand on the picture.
struct PlotSpace
{
    QRectF rect;
    AxisRange x;
    AxisRange left;
    AxisRange right;
    qreal pixel = 1; ///< size of a device's pixel in the painter's units

    int columns() const;
    double toX(double value) const;
    double toY(double value, bool onRight) const;
    QPointF toPoint(double x, double y, bool onRight) const { return {toX(x), toY(y, onRight)}; }
};

/// Draws the data of a chart into its space: bands, bars, lines, points with their labels, reference lines.
class ChartPainter
{
public:
    ChartPainter(QPainter &painter, const PlotSpace &space, const ChartTheme &theme,
                 const ChartMetrics &metrics);

    void drawSeries(const PlotSeries &series);
    /// What surrounds median or mean; of points, upright lines.
    void drawBands(const PlotSeries &series);
    /// `translucent`: others may stand behind them.
    void drawBars(const PlotSeries &series, bool translucent);
    /// Where points have no place on a logarithmic axis: small triangles at its end.
    void markLeftOut(const PlotSeries &series);
    void drawLabels(const PlotSeries &series);
    void drawReference(const ReferenceLine &line);
    /// No label will stand there: the legend does.
    void keepLabelsOff(const QRectF &area) { m_labelled.push_back(area); }
    /// What share of a place data take.
    using Taken = std::function<double(const QRectF &)>;
    /// Beside the line, within the plot, where data and other lines take least; none where other labels leave
    /// no room.
    std::optional<QRectF> referenceLabelPlace(const ReferenceLine &line, const Taken &taken) const;
    void drawReferenceLabel(const ReferenceLine &line, const Taken &taken);

private:
    QLineF across(const ReferenceLine &line) const;
    bool shows(const ReferenceLine &line) const;
    void drawTrace(const Trace &trace, const PlotSeries &series);
    void drawColumns(const Trace &trace, bool onRight, const QColor &color);
    void drawBandColumns(const PlotSeries::Band &band, bool onRight, const QColor &color);
    void drawSpans(const PlotSeries::Band &band, bool onRight, const QColor &color, double width);
    double widthOf(const Trace &trace) const;
    void drawMarkers(const Trace &trace, const PlotSeries &series);
    std::optional<QRectF> freePlace(const Trace &trace, std::size_t index, bool onRight, QSizeF size) const;
    void drawPieces(const std::vector<QPolygonF> &pieces, const QPen &pen, bool antialias);

    QPainter &m_painter;
    const PlotSpace &m_space;
    const ChartTheme &m_theme;
    const ChartMetrics &m_metrics;
    QString labelOf(const ReferenceLine &line) const;
    void drawMissing(std::vector<double> places, bool beneath, const QColor &color);
    bool isLabelled(const QRectF &place) const;
    double crossing(const ReferenceLine &line, const QRectF &place) const;
    void fill(const QRectF &bar, const QColor &color);

    std::vector<QRectF> m_labelled;
    std::vector<ReferenceLine> m_references; ///< those drawn
    std::vector<QPointF> m_markers;          ///< of points with labels
};

} // namespace losslab::ui
