#pragma once

#include "lab/chart.h"

#include <string>
#include <vector>

namespace losslab {

/// The charts in stacks: each of a stack shares the x axis of the one above it, so that together they are one
/// figure of several rows. One that shares nothing is a stack by itself. `infoOf` gives a chart's ChartInfo;
/// charts are in the order of their declaration.
template <typename Chart, typename InfoOf>
std::vector<std::vector<Chart>> stacksOf(const std::vector<Chart> &charts, InfoOf &&infoOf)
{
    std::vector<std::vector<Chart>> stacks;
    for (const Chart &chart : charts) {
        const std::string &above = infoOf(chart).sharesX;
        if (!stacks.empty() && !above.empty() && above == infoOf(stacks.back().back()).id)
            stacks.back().push_back(chart);
        else
            stacks.push_back({chart});
    }
    return stacks;
}

/// Of a stack of charts with these ids, on the command line and in names of files: "norm+loss".
std::string stackId(const std::vector<std::string> &charts);
/// The same for people, from the charts' titles: "Gradient norm and loss".
std::string stackTitle(const std::vector<std::string> &titles);

} // namespace losslab
