#include "ui/charts/chartdrawing.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace losslab::ui {

namespace {

constexpr int endSteps = 10; // an axis that follows ends at a multiple of about a tenth of its length

} // namespace

bool ChartDrawing::canLogX() const
{
    return std::any_of(m_series.begin(), m_series.end(),
                       [](const PlotSeries &series) { return std::isfinite(series.extent().leastX); });
}

bool ChartDrawing::canLogY() const
{
    return std::any_of(m_series.begin(), m_series.end(), [](const PlotSeries &series) {
        return !series.info().rightAxis && std::isfinite(series.extent().leastY);
    });
}

bool ChartDrawing::logRight() const
{
    return m_info.right && m_info.right->scale == Scale::Log
           && std::any_of(m_series.begin(), m_series.end(), [](const PlotSeries &series) {
                  return series.info().rightAxis && std::isfinite(series.extent().leastY);
              });
}

/// "3 points at 0 are not shown": those without a place on a logarithmic axis.
std::string ChartDrawing::leftOut() const
{
    std::size_t count = 0;
    bool negative = false;
    for (const PlotSeries &series : m_series) {
        const bool logY = series.info().rightAxis ? logRight() : this->logY();
        if (series.hidden)
            continue;
        for (const Trace &trace : series.traces()) {
            const bool bars = series.info().mark == Mark::Bars; // of no height they are none on any axis
            count += bars ? (logY ? trace.negative() : 0) : trace.notPlaced(logX(), logY);
            negative = negative || (logX() && trace.extent().minX < 0) || (logY && trace.extent().minY < 0);
        }
    }
    if (count == 0)
        return {};
    return fmt::format(
        "{} {} at {}0 {} not shown", groupedNumber(static_cast<double>(count), 0).toStdString(),
        count == 1 ? "point" : "points", negative ? "or below " : "", count == 1 ? "is" : "are");
}

/// As it was laid out last, or about as wide as it will be.
double ChartDrawing::plotWidth() const
{
    return m_space.rect.isEmpty() ? m_size.width() * 0.85 : m_space.rect.width();
}

int ChartDrawing::xTicks() const
{
    const double each = QFontMetricsF(m_metrics.label).horizontalAdvance(QStringLiteral("10,000")) * 2;
    return std::clamp(static_cast<int>(m_size.width() * 0.85 / each), 2, 10);
}

int ChartDrawing::yTicks() const
{
    const double each = QFontMetricsF(m_metrics.label).height() * 2.4;
    return std::clamp(static_cast<int>((m_size.height() - 3 * each / 2.4) / each), 2, 7);
}

Extent ChartDrawing::extentOf(bool rightAxis, bool log) const
{
    Extent extent;
    for (const PlotSeries &series : m_series) {
        if (series.info().rightAxis != rightAxis || series.hidden || series.empty())
            continue;
        Extent values = series.extent();
        if (series.info().mark == Mark::Bars)
            values.leastY /= 2; // so that the smallest has a height, too
        extent.unite(values);
        for (const PlotSeries::Band &band : series.bands())
            extent.unite(band.extent(log));
        if (series.info().mark == Mark::Bars && !log)
            extent.add(values.minX, 0);
    }
    if (log && !std::isfinite(extent.leastY))
        return {}; // nothing that has a place
    if (log)
        extent.minY = extent.leastY;
    for (const ReferenceLine &line : m_references)
        if (!rightAxis && !line.vertical && !extent.empty() && (!log || line.at > 0))
            extent.add(extent.minX, line.at);
    return extent;
}

/// As wanted where it can be, else as declared: symmetric logarithmic, or linear.
AxisScale ChartDrawing::scaleFor(const Axis &axis, bool log, double least, double greatest) const
{
    return log                           ? AxisScale(true)
           : axis.scale == Scale::SymLog ? symLogScale(axis, least, greatest)
                                         : AxisScale();
}

AxisScale ChartDrawing::scaleX() const
{
    Extent all;
    for (const PlotSeries &series : m_series)
        if (!series.hidden)
            all.unite(series.extent());
    return scaleFor(m_info.x, logX(), all.nearestX, std::max(-all.minX, all.maxX));
}

AxisScale ChartDrawing::scaleY(const Axis &axis, bool log, const Extent &data) const
{
    return scaleFor(axis, log, data.nearestY, std::max(-data.minY, data.maxY));
}

/// The range before is kept while the data are inside it and fill most of it: an axis that follows must not
/// jitter.
AxisRange ChartDrawing::followed(const Axis &axis, double low, double high, const AxisScale &scale,
                                 double padding, const AxisRange &before) const
{
    const AxisRange fresh = roundRange(axis, low, high, scale, padding, endSteps);
    const AxisRange bare{toPlotted(low, scale), toPlotted(high, scale), scale};
    const bool keeps = m_followedBefore && before.scale == scale && before.contains(bare)
                       && fresh.length() > 0.6 * before.length();
    return keeps && !fresh.contains(before) ? before : fresh;
}

void ChartDrawing::followData()
{
    const Extent left = extentOf(false, logY());
    const Extent right = extentOf(true, logRight());
    Extent both = left;
    both.unite(right);
    const auto scattered = [](const PlotSeries &series) {
        return series.info().mark == Mark::Points
               || !std::all_of(series.traces().begin(), series.traces().end(),
                               [](const Trace &t) { return t.rising(); });
    };
    const bool padded = std::any_of(m_series.begin(), m_series.end(), scattered);
    const AxisScale x = scaleX();
    if (both.empty() || (logX() && !std::isfinite(both.leastX))) {
        m_space.x = roundRange(m_info.x, m_info.x.min.value_or(logX() ? 1 : 0),
                               m_info.x.max.value_or(logX() ? 10 : 1), x, 0, 1);
        m_space.left = roundRange(m_info.y, logY() ? 1 : 0, logY() ? 10 : 1, logY(), 0, 1);
        m_space.right = {};
        m_followedBefore = false;
    } else {
        m_space.x =
            followed(m_info.x, x.log ? both.leastX : both.minX, both.maxX, x, padded ? 0.03 : 0, m_askedX);
        if (!left.empty()) {
            m_space.left =
                followed(m_info.y, left.minY, left.maxY, scaleY(m_info.y, logY(), left), 0.03, m_askedLeft);
        }
        if (m_info.right && !right.empty()) {
            m_space.right = followed(*m_info.right, right.minY, right.maxY,
                                     scaleY(*m_info.right, logRight(), right), 0.03, m_space.right);
        }
        m_followedBefore = true;
    }
    m_space.x = drawable(m_view.x.value_or(m_space.x));
    m_space.left = drawable(m_view.left.value_or(m_space.left));
    m_space.right = drawable(m_view.right.value_or(m_space.right));
    m_askedX = m_space.x;
    m_askedLeft = m_space.left;
}

bool ChartDrawing::hasEqualScales() const
{
    return m_info.equalScales && m_space.x.scale.isLinear() && m_space.left.scale.isLinear();
}

/// About the middle of what is asked for, so that no zoom moves what is looked at.
void ChartDrawing::equalizeScales()
{
    const double perX = m_askedX.length() / m_space.rect.width();
    const double perY = m_askedLeft.length() / m_space.rect.height();
    const double unit = std::max(perX, perY); // of the axes in one of the picture
    if (!(m_space.rect.width() > 0 && m_space.rect.height() > 0 && std::isfinite(unit)))
        return;
    const auto about = [](const AxisRange &asked, double length) {
        const double more = std::max(0.0, length - asked.length()) / 2;
        return drawable({asked.min - more, asked.max + more, asked.scale});
    };
    m_space.x = about(m_askedX, unit * m_space.rect.width());
    m_space.left = about(m_askedLeft, unit * m_space.rect.height());
}

} // namespace losslab::ui
