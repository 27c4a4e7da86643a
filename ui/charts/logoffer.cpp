#include "ui/charts/logoffer.h"

#include "ui/charts/chartdrawing.h"

namespace losslab::ui {

namespace {

/// Whether most of what is there has a place: of a curve that goes through zero one would see pieces.
bool showsMost(const ChartDrawing &drawing, bool logX, bool logY)
{
    std::size_t all = 0;
    std::size_t placed = 0;
    for (const PlotSeries &series : drawing.series()) {
        if (series.hidden || (logY && series.info().rightAxis))
            continue;
        const bool bars = logY && series.info().mark == Mark::Bars; // of no height they are none on any axis
        for (const Trace &trace : series.traces()) {
            all += trace.size();
            placed += trace.size() - (bars ? trace.negative() : trace.notPlaced(logX, logY));
        }
    }
    return 2 * placed > all;
}

/// `isThere`: whether the axis is logarithmic as declared or chosen. `values`: what must be above zero.
QString whyNot(const ChartDrawing &drawing, bool can, bool isThere, bool isX, const QString &values)
{
    if (!can)
        return QStringLiteral("A logarithmic axis needs %1 above zero; this chart has none.").arg(values);
    return isThere || showsMost(drawing, isX, !isX)
               ? QString()
               : QStringLiteral("A logarithmic axis would leave out half of this chart or more, whose %1 are "
                                "not above zero.")
                     .arg(values);
}

} // namespace

QString whyNotLogX(const ChartDrawing &drawing)
{
    const bool isThere = drawing.logX() || drawing.info().x.scale == Scale::Log;
    return whyNot(drawing, drawing.canLogX(), isThere, true, QStringLiteral("x values"));
}

QString whyNotLogY(const ChartDrawing &drawing)
{
    const bool isThere = drawing.logY() || drawing.info().y.scale == Scale::Log;
    return whyNot(drawing, drawing.canLogY(), isThere, false, QStringLiteral("values"));
}

} // namespace losslab::ui
