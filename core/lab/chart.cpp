#include "lab/chart.h"

#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runspec.h"

#include <algorithm>

namespace losslab {

namespace {

std::string facetId(const std::string &chart, const std::string &facet)
{
    return facet.empty() ? chart : chart + '-' + facet;
}

CurveEvent curveEvent(const std::string &chart, const std::string &series, ChartPart::Curve curve, bool last)
{
    return {chart, series, 0, std::move(curve.x), std::move(curve.y), last, std::move(curve.labels)};
}

} // namespace

SeriesInfo ChartInfo::seriesInfo(const std::string &key) const
{
    const auto found =
        std::find_if(series.begin(), series.end(), [&](const SeriesInfo &info) { return info.key == key; });
    if (found != series.end())
        return *found;
    const auto isBars = [](const SeriesInfo &info) { return info.mark == Mark::Bars; };
    const bool allBars = !series.empty() && std::all_of(series.begin(), series.end(), isBars);
    return {key, key, allBars ? Mark::Bars : Mark::Line};
}

std::vector<Spread> ChartInfo::spreads() const
{
    const auto isTarget = [](const SeriesInfo &info) { return info.isTarget; };
    if (std::any_of(series.begin(), series.end(), isTarget))
        return {Spread::Seeds};
    return {allSpreads.begin(), allSpreads.end()};
}

Chart::Chart(Experiment *owner, std::string id, std::string title, Axis x, Axis y, ChartOptions options)
    : ChartPart(id),
      m_declared{std::move(id),
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
      m_follow(std::move(options.follow)),
      m_facets(std::move(options.facets))
{
    m_info = infosFor({}).front();
    owner->m_charts.push_back(this);
}

std::vector<ChartInfo> Chart::infosFor(const RunSpec &spec) const
{
    std::vector<ChartInfo> infos;
    for (const Facet &facet : m_facets ? m_facets(spec) : std::vector<Facet>(1))
        infos.push_back(infoFor(facet, spec));
    return infos;
}

ChartInfo Chart::infoFor(const Facet &facet, const RunSpec &spec) const
{
    ChartInfo info = m_declared;
    info.id = of(facet.key).id();
    info.facet = facet.key;
    if (!facet.title.empty())
        info.title += ": " + facet.title;
    if (!info.sharesX.empty())
        info.sharesX = facetId(info.sharesX, facet.key);
    if (m_follow)
        m_follow(info, spec);
    const Spread standard = info.y.scale == Scale::Log ? Spread::Median : m_owner->spread(spec);
    info.spread = info.spreads().size() == 1 ? info.spreads().front() : m_spread.value_or(standard);
    return info;
}

ChartPart Chart::of(const std::string &facet) const
{
    return ChartPart(facetId(id(), facet));
}

void ChartPart::add(EventSink &sink, const std::string &series, double x, double y, std::string label) const
{
    sink.emit(PointEvent{m_id, series, 0, x, y, std::move(label)});
}

void ChartPart::show(Task &task, const std::string &series, std::function<Curve()> compute) const
{
    task.show(m_id + '/' + series, [id = m_id, series, compute = std::move(compute)] {
        return curveEvent(id, series, compute(), false);
    });
}

void ChartPart::put(EventSink &sink, const std::string &series, Curve curve, bool last) const
{
    sink.emit(curveEvent(m_id, series, std::move(curve), last));
}

void ChartPart::follow(Task &task, const std::string &series, std::optional<double> x) const
{
    task.follow(LiveEvent{m_id, series}, x);
}

void ChartPart::annotate(EventSink &sink, std::string remark, std::vector<ReferenceLine> lines,
                         bool last) const
{
    sink.emit(AnnotationEvent{m_id, 0, std::move(remark), std::move(lines), last});
}

} // namespace losslab
