#pragma once

#include "base/result.h"
#include "runs/export.h"
#include "ui/charts/chartexport.h"

#include <filesystem>
#include <vector>

namespace losslab {
class Experiment;
class RunData;
} // namespace losslab

namespace losslab::ui {

class ChartWidget;

/// What a person asked to have written.
struct ExportRequest
{
    std::vector<ChartWidget *> charts;
    std::vector<std::string> tables; ///< ids; CSV is their one format
    std::vector<ExportFormat> formats;
    ChartPicture picture; ///< size, DPI, dark; the rest is each chart's own
    bool asShown = true;  ///< zoom, axes and hidden series as in the window; else all data
    std::filesystem::path folder;
    std::filesystem::path run = {}; ///< the run's folder
};

/// The picture of a chart as it stands in the window: its zoom, its axes, without the series that are hidden.
QImage chartImage(const ChartWidget &chart, const ChartData &data, ChartPicture picture);

/// What to say where one of the pictures would have no room for its chart; nothing where all have.
std::optional<std::string> roomProblem(const ExportRequest &request);

/// Writes every chart that has data, in every format, and every table that has rows where CSV is asked for.
/// Returns the files in the order written; an error in words, before anything is written where a picture has
/// no room.
Result<std::vector<std::filesystem::path>> exportCharts(ExportRequest request, const std::string &experiment,
                                                        const RunData &data, const QString &caption);

} // namespace losslab::ui
