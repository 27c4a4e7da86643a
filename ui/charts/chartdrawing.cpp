#include "ui/charts/chartdrawing.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace losslab::ui {

namespace {

/// A series looks the same whichever of the others have come: as its place among those declared, or after
/// them.
int styleOf(const ChartInfo &info, const std::string &key, int &undeclared)
{
    int place = 0;
    for (const SeriesInfo &series : info.series) {
        if (series.key == key)
            return series.isTarget ? 0 : place;
        place += series.isTarget ? 0 : 1;
    }
    return place + undeclared++;
}

} // namespace

ChartDrawing::ChartDrawing(const ChartInfo &info)
    : m_info(info),
      m_theme(ChartTheme::light()),
      m_spread(info.spread),
      m_wantLogX(info.x.scale == Scale::Log),
      m_wantLogY(info.y.scale == Scale::Log)
{
    if (const std::vector<Spread> offered = info.spreads(); offered.size() == 1)
        m_spread = offered.front();
}

void ChartDrawing::setSpread(Spread spread)
{
    const std::vector<Spread> offered = m_info.spreads();
    if (std::find(offered.begin(), offered.end(), spread) != offered.end())
        m_spread = spread;
}

QString ChartDrawing::seedsText() const
{
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    std::size_t most = 0;
    bool summarised = false;
    bool unfinished = false;
    bool leftOut = false;
    for (const PlotSeries &series : m_series) {
        const std::size_t seeds = series.summarised() > 0 ? series.summarised() : series.separate();
        if (series.hidden || (seeds < 2 && !series.hasUnfinished()))
            continue;
        summarised = summarised || series.summarised() > 0;
        unfinished = unfinished || series.hasUnfinished();
        leftOut = leftOut
                  || (logY() && m_spread == Spread::Mean && series.summarised() > 0
                      && !(series.bands().back().low.extent().minY > 0));
        fewest = std::min(fewest, seeds);
        most = std::max(most, seeds);
    }
    const QString unfinishedText = QStringLiteral("thin: seed not finished");
    if (most < 2)
        return unfinished ? unfinishedText : QString();
    const QString count =
        fewest < most ? QStringLiteral("%1–%2").arg(fewest).arg(most) : QString::number(most);
    if (!summarised)
        return QStringLiteral("each of %1 seeds").arg(count);
    QString text = (m_spread == Spread::Median ? QStringLiteral("median, quartiles, range of %1 seeds")
                                               : QStringLiteral("mean ± sd of %1 seeds"))
                       .arg(count);
    text += leftOut ? QStringLiteral(", band where sd < mean") : QString();
    return unfinished ? text + QStringLiteral("; ") + unfinishedText : text;
}

void ChartDrawing::setData(const ChartData *data)
{
    m_data = data;
    if (m_data != nullptr && !m_data->info.id.empty())
        followRun(m_data->info);
    m_series.clear();
    m_followedBefore = false;
}

/// All is as the run's settings have it, but a scale that a person asked for stays.
void ChartDrawing::followRun(ChartInfo info)
{
    const auto follow = [](bool &wanted, Scale before, Scale now) {
        wanted = wanted == (before == Scale::Log) ? now == Scale::Log : wanted;
    };
    follow(m_wantLogX, m_info.x.scale, info.x.scale);
    follow(m_wantLogY, m_info.y.scale, info.y.scale);
    m_info = std::move(info);
}

bool ChartDrawing::updateAnnotations()
{
    std::vector<ReferenceLine> references = m_info.references;
    std::string remark;
    if (m_data != nullptr) {
        references.insert(references.end(), m_data->lines.begin(), m_data->lines.end());
        remark = m_data->remark;
    }
    const bool changed = references != m_references || remark != m_remark;
    m_references = std::move(references);
    m_remark = std::move(remark);
    return changed;
}

bool ChartDrawing::update()
{
    const std::size_t count = m_data != nullptr ? m_data->series.size() : 0;
    bool changed = updateAnnotations();
    const auto sameKeys = [&] {
        return m_series.size() == count
               && std::equal(m_series.begin(), m_series.end(), m_data->series.begin(),
                             [](const PlotSeries &a, const SeriesData &b) { return a.info().key == b.key; });
    };
    if (m_data == nullptr || !sameKeys()) {
        changed = changed || !m_series.empty() || count > 0;
        m_series.clear();
        int undeclared = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const SeriesInfo info = m_info.seriesInfo(m_data->series[i].key);
            m_series.emplace_back(info, styleOf(m_info, info.key, undeclared));
            m_series.back().hidden = isHidden(info.key);
        }
        putInOrder();
    }
    for (std::size_t i = 0; i < count; ++i)
        changed = m_series[i].update(m_data->series[i], m_data->unfinished, m_spread) || changed;
    return changed;
}

/// Many series, or those that a number tells apart (widths), take their colours from a ramp.
void ChartDrawing::putInOrder()
{
    std::vector<PlotSeries *> ordered;
    std::set<std::string> stems;
    for (PlotSeries &series : m_series) {
        const std::string &key = series.info().key;
        if (series.info().isTarget)
            continue;
        ordered.push_back(&series);
        const bool declared = std::any_of(m_info.series.begin(), m_info.series.end(),
                                          [&](const SeriesInfo &info) { return info.key == key; });
        const std::string stem = key.substr(0, key.find_last_not_of("0123456789.") + 1);
        stems.insert(declared || stem == key ? key : stem);
    }
    const bool numbered = stems.size() == 1 && ordered.size() > 2;
    if (numbered || ordered.size() > ChartLegend::mostNamed)
        for (std::size_t i = 0; i < ordered.size(); ++i)
            ordered[i]->ramp = static_cast<double>(i) / static_cast<double>(ordered.size() - 1);
}

bool ChartDrawing::empty() const
{
    return std::all_of(m_series.begin(), m_series.end(),
                       [](const PlotSeries &series) { return series.empty(); });
}

std::string ChartDrawing::remark() const
{
    const std::string said = leftOut();
    return m_remark.empty() || said.empty() ? m_remark + said : m_remark + " · " + said;
}

void ChartDrawing::setHidden(const std::string &key, bool hidden)
{
    std::erase(m_hidden, key);
    if (hidden)
        m_hidden.push_back(key);
    for (PlotSeries &series : m_series)
        series.hidden = isHidden(series.info().key);
}

bool ChartDrawing::isHidden(const std::string &key) const
{
    return std::find(m_hidden.begin(), m_hidden.end(), key) != m_hidden.end();
}

ChartChoices ChartDrawing::choices() const
{
    std::vector<std::string> hidden = m_hidden;
    std::sort(hidden.begin(), hidden.end());
    return {m_wantLogX, m_wantLogY, std::move(hidden), m_view, m_spread};
}

void ChartDrawing::setChoices(const ChartChoices &choices)
{
    m_wantLogX = choices.logX;
    m_wantLogY = choices.logY;
    m_hidden = choices.hidden;
    for (PlotSeries &series : m_series)
        series.hidden = isHidden(series.info().key);
    m_view = choices.view;
    if (choices.spread) {
        setSpread(*choices.spread);
        update();
    }
}

ChartChoices ChartDrawing::standardChoices() const
{
    const std::vector<Spread> offered = m_info.spreads();
    return {.logX = m_info.x.scale == Scale::Log,
            .logY = m_info.y.scale == Scale::Log,
            .spread = offered.size() == 1 ? offered.front() : m_info.spread};
}

bool ChartDrawing::isReadable() const
{
    constexpr double leastRows = 4; // of the type that the numbers are written in
    constexpr double leastColumns = 6;
    const double row = QFontMetricsF(m_metrics.label).height();
    const double least = leastShare * (m_whole > 0 ? m_whole : m_size.height());
    return m_space.rect.height() >= std::max(leastRows * row, least)
           && m_space.rect.width() >= leastColumns * row && m_frame.titlesFit();
}

/// Whether bars of one series may stand before those of another.
bool ChartDrawing::barsOverlap() const
{
    std::vector<std::pair<double, double>> taken;
    for (const PlotSeries &series : m_series) {
        if (series.info().mark != Mark::Bars || series.hidden || series.empty())
            continue;
        const Extent extent = series.extent();
        const auto meets = [&](const std::pair<double, double> &other) {
            return extent.minX < other.second && other.first < extent.maxX;
        };
        if (std::any_of(taken.begin(), taken.end(), meets))
            return true;
        taken.emplace_back(extent.minX, extent.maxX);
    }
    return false;
}

void ChartDrawing::paintData(QPainter &painter) const
{
    painter.save();
    const double edge = m_metrics.line;
    painter.setClipRect(m_space.rect.adjusted(-edge, -edge, edge, edge));
    ChartPainter chart(painter, m_space, m_theme, m_metrics);
    if (m_legend.isShown())
        chart.keepLabelsOff(m_legend.area());
    const auto taken = [this](const QRectF &place) { return m_occupancy.share(place); };
    if (!empty())
        for (const ReferenceLine &line : m_references)
            chart.drawReference(line);
    const auto each = [this](auto &&wanted, auto &&draw) {
        for (const PlotSeries &series : m_series)
            if (!series.hidden && wanted(series))
                draw(series);
    };
    const auto isBars = [](const PlotSeries &series) { return series.info().mark == Mark::Bars; };
    const auto isTarget = [](const PlotSeries &series) { return series.info().isTarget; };
    const bool overlap = barsOverlap();
    each(isBars, [&](const PlotSeries &series) { chart.drawBars(series, overlap); });
    each(isTarget, [&](const PlotSeries &series) { chart.drawSeries(series); });
    each([](const PlotSeries &series) { return series.info().mark != Mark::Bars; },
         [&](const PlotSeries &series) { chart.drawBands(series); });
    each([&](const PlotSeries &series) { return !isBars(series) && !isTarget(series); },
         [&](const PlotSeries &series) { chart.drawSeries(series); });
    each([](const PlotSeries &) { return true; },
         [&](const PlotSeries &series) { chart.markLeftOut(series); });
    for (const ReferenceLine &line : m_references)
        if (!empty())
            chart.drawReferenceLabel(line, taken);
    each([](const PlotSeries &) { return true; },
         [&](const PlotSeries &series) { chart.drawLabels(series); });
    painter.restore();
    if (m_legend.isShown()) {
        painter.save();
        m_legend.paint(painter, m_theme);
        painter.restore();
    }
}

} // namespace losslab::ui
