#pragma once

#include "app/chartfiles.h"

#include <CLI/CLI.hpp>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace losslab {
class Runner;
}

/// What the commands share that train.
namespace losslab::app {

/// Which charts are written when a run has ended.
struct ChartArguments
{
    std::string formats = standardChartFormats();
    std::string spread;
};

/// --charts and --spread.
void addCharts(CLI::App &command, ChartArguments &arguments);

struct ChartChoice
{
    std::vector<ExportFormat> formats;
    std::optional<Spread> spread;
};

/// Usage error: an unknown format or spread.
Result<ChartChoice> chartChoice(const ChartArguments &arguments);

/// Set at the first SIGINT, SIGTERM or SIGHUP.
std::shared_ptr<std::atomic<bool>> onInterruptSet();

/// Shows how the run goes until it has ended, or been stopped at an interrupt; then writes its charts, and
/// prints figures and folder. The exit code, or why the run failed.
Result<int> followToEnd(Runner &runner, const ChartChoice &charts, const std::atomic<bool> &interrupted);

} // namespace losslab::app
