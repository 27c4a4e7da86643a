#include "lab/spread.h"

#include "base/names.h"
#include "lab/runspec.h"
#include "lab/seriesdata.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace losslab {

namespace {

constexpr std::array<std::string_view, 3> names{"median", "mean", "seeds"};

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

/// Those that have points; empty where they share no x.
std::vector<const SeriesPoints *> sharingX(std::span<const SeriesPoints> seeds)
{
    std::vector<const SeriesPoints *> found;
    for (const SeriesPoints &points : seeds)
        if (!points.x.empty())
            found.push_back(&points);
    std::stable_sort(found.begin(), found.end(),
                     [](const auto *a, const auto *b) { return a->x.size() > b->x.size(); });
    for (const SeriesPoints *points : found)
        if (!std::equal(points->x.begin(), points->x.end(), found.front()->x.begin()))
            return {};
    return found;
}

void add(SeriesSpread &spread, const Summary &summary, Spread how)
{
    if (how == Spread::Mean) {
        spread.centre.push_back(summary.mean);
        spread.low.push_back(summary.mean - summary.deviation);
        spread.high.push_back(summary.mean + summary.deviation);
        return;
    }
    spread.centre.push_back(summary.median);
    spread.low.push_back(summary.lowerQuartile);
    spread.high.push_back(summary.upperQuartile);
    spread.least.push_back(summary.least);
    spread.greatest.push_back(summary.greatest);
}

/// Welford 1962.
void addMoments(Summary &summary, std::span<const double> values)
{
    double squares = 0, count = 0;
    summary.mean = 0;
    for (const double value : values) {
        const double step = value - summary.mean;
        summary.mean += step / ++count;
        squares += step * (value - summary.mean);
    }
    summary.deviation = count > 1 ? std::sqrt(squares / (count - 1)) : 0;
}

/// `values` are sorted; not one of them is no number.
Summary summaryOfSorted(std::span<const double> values)
{
    Summary summary;
    summary.count = values.size();
    addMoments(summary, values);
    summary.median = quantile(values, 0.5);
    summary.lowerQuartile = quantile(values, 0.25);
    summary.upperQuartile = quantile(values, 0.75);
    summary.least = quantile(values, 0);
    summary.greatest = quantile(values, 1);
    if (values.empty())
        summary.mean = summary.deviation = notANumber;
    return summary;
}

} // namespace

std::string_view spreadName(Spread spread)
{
    return names[static_cast<std::size_t>(spread)];
}

Result<Spread> spreadFromName(std::string_view name)
{
    for (const Spread spread : allSpreads)
        if (spreadName(spread) == name)
            return spread;
    return usageError("spread takes " + notOneOf(name, {names.begin(), names.end()}));
}

double quantile(std::span<const double> sorted, double share)
{
    if (sorted.empty())
        return notANumber;
    const double place = static_cast<double>(sorted.size() - 1) * share;
    const auto below = static_cast<std::size_t>(place);
    const double rest = place - static_cast<double>(below);
    if (rest == 0 || sorted[below] == sorted[below + 1]) // also of infinite ones
        return sorted[below];
    return sorted[below] + rest * (sorted[below + 1] - sorted[below]);
}

Summary summaryOf(std::vector<double> values)
{
    std::erase_if(values, [](double value) { return std::isnan(value); });
    std::sort(values.begin(), values.end());
    return summaryOfSorted(values);
}

std::string summaryText(const Summary &summary, Spread spread, const std::function<std::string(double)> &text)
{
    const std::string centre = text(spread == Spread::Mean ? summary.mean : summary.median);
    if (summary.count < 2 || summary.least == summary.greatest)
        return centre;
    return spread == Spread::Mean
               ? fmt::format("{} ± {}", centre, text(summary.deviation))
               : fmt::format("{} ({} – {})", centre, text(summary.least), text(summary.greatest));
}

std::optional<SeriesSpread> spreadOf(std::span<const SeriesPoints> seeds, Spread how)
{
    const std::vector<const SeriesPoints *> sharing = sharingX(seeds);
    if (sharing.size() < 2 || how == Spread::Seeds)
        return std::nullopt;
    SeriesSpread spread;
    spread.seeds = sharing.size();
    spread.x.assign(sharing.front()->x.begin(), sharing.front()->x.end());
    std::vector<std::span<const double>> values(sharing.size());
    std::transform(sharing.begin(), sharing.end(), values.begin(),
                   [](const SeriesPoints *points) { return std::span<const double>(points->y); });
    std::vector<double> here;
    for (std::size_t i = 0; i < spread.x.size(); ++i) {
        here.clear();
        for (const std::span<const double> y : values)
            if (const double value = y[std::min(i, y.size() - 1)]; !std::isnan(value))
                here.push_back(value);
        std::sort(here.begin(), here.end());
        add(spread, summaryOfSorted(here), how);
    }
    return spread;
}

} // namespace losslab
