#include "lab/chart.h"

#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runspec.h"

#include <algorithm>

namespace losslab {

SeriesInfo ChartInfo::seriesInfo(const std::string &key) const
{
    const auto found =
        std::find_if(series.begin(), series.end(), [&](const SeriesInfo &info) { return info.key == key; });
    return found == series.end() ? SeriesInfo{key, key} : *found;
}

std::vector<Spread> ChartInfo::spreads() const
{
    const auto isTarget = [](const SeriesInfo &info) { return info.isTarget; };
    if (std::any_of(series.begin(), series.end(), isTarget))
        return {Spread::Seeds};
    return {allSpreads.begin(), allSpreads.end()};
}

Chart::Chart(Experiment *owner, std::string id, std::string title, Axis x, Axis y, ChartOptions options)
    : m_declared{std::move(id),
                 std::move(title),
                 std::move(x),
                 std::move(y),
                 std::move(options.right),
                 std::move(options.series),
                 std::move(options.references),
                 std::move(options.sharesX),
                 options.sorted,
                 options.equalScales},
      m_owner(owner),
      m_spread(options.spread),
      m_follow(std::move(options.follow))
{
    m_info = infoFor({});
    owner->m_charts.push_back(this);
}

ChartInfo Chart::infoFor(const RunSpec &spec) const
{
    ChartInfo info = m_declared;
    if (m_follow)
        m_follow(info, spec);
    const Spread standard = info.y.scale == Scale::Log ? Spread::Median : m_owner->spread(spec);
    info.spread = info.spreads().size() == 1 ? info.spreads().front() : m_spread.value_or(standard);
    return info;
}

void Chart::add(EventSink &sink, const std::string &series, double x, double y, std::string label) const
{
    sink.emit(PointEvent{m_info.id, series, 0, x, y, std::move(label)});
}

CurveEvent Chart::event(const std::string &series, Curve curve, bool last) const
{
    return {m_info.id, series, 0, std::move(curve.x), std::move(curve.y), last, std::move(curve.labels)};
}

void Chart::show(Task &task, const std::string &series, std::function<Curve()> compute) const
{
    task.show(m_info.id + '/' + series,
              [this, series, compute = std::move(compute)] { return event(series, compute(), false); });
}

void Chart::put(EventSink &sink, const std::string &series, Curve curve, bool last) const
{
    sink.emit(event(series, std::move(curve), last));
}

void Chart::follow(Task &task, const std::string &series, std::optional<double> x) const
{
    task.follow(LiveEvent{m_info.id, series}, x);
}

void Chart::annotate(EventSink &sink, std::string remark, std::vector<ReferenceLine> lines, bool last) const
{
    sink.emit(AnnotationEvent{m_info.id, 0, std::move(remark), std::move(lines), last});
}

} // namespace losslab
