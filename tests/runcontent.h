#pragma once

#include "lab/rundata.h"

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

/// What a run has come to, for tests that compare runs.
namespace losslab::test {

inline std::size_t pointsIn(const RunData &data)
{
    std::size_t count = 0;
    for (const ChartData &chart : data.charts())
        for (const SeriesData &series : chart.series)
            for (const SeriesPoints &points : series.repeats)
                count += points.x.size();
    return count;
}

/// All points and figures, by what they are of.
using Content = std::map<std::tuple<std::string, std::string, std::size_t>, std::vector<double>>;

inline Content contentOf(const RunData &data)
{
    Content content;
    for (const ChartData &chart : data.charts())
        for (const SeriesData &series : chart.series)
            for (std::size_t i = 0; i < series.repeats.size(); ++i) {
                auto &numbers = content[{chart.id, series.key, i}];
                numbers.assign(series.repeats[i].x.begin(), series.repeats[i].x.end());
                numbers.insert(numbers.end(), series.repeats[i].y.begin(), series.repeats[i].y.end());
            }
    for (const FigureData &figure : data.figures())
        content[{figure.model, figure.figure, 0}] = figure.values;
    std::erase_if(content, [](const auto &entry) { return entry.second.empty(); });
    return content;
}

} // namespace losslab::test
