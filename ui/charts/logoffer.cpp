#include "ui/charts/logoffer.h"

#include "ui/charts/chartfigure.h"

namespace losslab::ui {

namespace {

/// Whether most of what is there has a place: of a curve that goes through zero one would see pieces.
bool showsMost(const ChartFigure &figure, bool logX, bool logY)
{
    std::size_t all = 0;
    std::size_t placed = 0;
    for (const PlotSeries &series : figure.series()) {
        if (logY && series.info().rightAxis) {
            continue;
        }
        const bool bars = logY && series.info().mark == Mark::Bars; // of no height they are none on any axis
        for (const Trace &trace : series.traces()) {
            all += trace.size();
            placed += trace.size() - (bars ? trace.negative() : trace.notPlaced(logX, logY));
        }
    }
    return 2 * placed > all;
}

} // namespace

QString whyNotLogX(const ChartFigure &figure)
{
    if (!figure.canLogX()) {
        return QStringLiteral("A logarithmic axis needs x values above zero; this chart has none.");
    }
    const bool isThere = figure.logX() || figure.info().x.scale == Scale::Log;
    return isThere || showsMost(figure, true, false)
               ? QString()
               : QStringLiteral(
                   "A logarithmic axis would leave out half of this chart or more, where x is not "
                   "above zero.");
}

QString whyNotLogY(const ChartFigure &figure)
{
    if (!figure.canLogY()) {
        return QStringLiteral("A logarithmic axis needs values above zero; this chart has none.");
    }
    const bool isThere = figure.logY() || figure.info().y.scale == Scale::Log;
    return isThere || showsMost(figure, false, true)
               ? QString()
               : QStringLiteral(
                   "A logarithmic axis would leave out half of this chart or more, whose values are "
                   "not above zero.");
}

} // namespace losslab::ui
