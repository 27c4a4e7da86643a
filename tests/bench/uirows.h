#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace losslab::bench {

/// A row of `./dev bench ui`: what was measured again and again, and how far it should reach.
struct Row
{
    std::string what;
    std::string unit;
    std::vector<double> samples;
    double target = 0;       ///< at most so much; 0: for comparison alone
    bool atTheWorst = false; ///< the target holds for the 99th percentile, else for the median

    double percentile(double share) const;
    double median() const { return percentile(0.5); }
    bool isMet() const;
};

/// How long, and which of the groups below; empty: all.
struct Settings
{
    std::string only;
    bool quick = false;
};

/// Redraws of a chart of 1000 × 420 pixels while points arrive, beside stock Qt Charts.
std::vector<Row> measureRedraws(const Settings &settings);
/// From the start of the process to the window shown and answering. `program`: this one.
std::vector<Row> measureStart(const Settings &settings, const std::string &program);
/// A PNG of a million points a series.
std::vector<Row> measureExport(const Settings &settings);
/// A run with its panel open against the same run without, in turn, and what drawing takes of a core.
Result<std::vector<Row>> measureRuns(const Settings &settings);
/// From Run to the first redraw with something in it, for every quick preset; and how often a first run of
/// function-fit is redrawn, which is over in seconds.
Result<std::vector<Row>> measureMovement();
/// What ten million points a series leave in memory.
std::vector<Row> measureMemory(const Settings &settings);

/// What measureStart() starts: opens the window, writes a line when it is drawn and answers, and leaves.
[[noreturn]] void openAndLeave();

} // namespace losslab::bench
