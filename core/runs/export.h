#pragma once

#include "lab/rundata.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

enum class ExportFormat {
    Png,
    Svg,
    Csv,
};

/// "png", "svg" or "csv".
std::string_view suffixOf(ExportFormat format);
bool isPicture(ExportFormat format);

/// The file's name of a chart or a table: "gradient-norm-loss.png". The same from the window and by command,
/// so that pictures of several experiments can lie side by side.
std::string exportFileName(const std::string &experiment, const std::string &id, ExportFormat format);

/// Charts that share their x axis, from the uppermost down; one of a chart alone.
using ChartStack = std::vector<const ChartData *>;

/// All charts that a run's experiment declares.
std::vector<ChartStack> stacksOf(const RunData &data);
/// Those of them that have points.
ChartStack withPoints(ChartStack stack);
/// Its name in files and for --chart: "norm+loss".
std::string figureId(const ChartStack &stack);

/// What is to be written of a run.
struct ExportPlan
{
    std::string experiment;
    std::vector<const ChartData *> charts; ///< in every format; those without points are left out
    std::vector<const TableData *> tables; ///< as CSV, where that is among the formats; with rows
    std::vector<ExportFormat> formats;
    std::filesystem::path folder;           ///< made where it is not there
    std::filesystem::path tableFolder = {}; ///< for tables; empty: as for charts
    std::filesystem::path run = {};         ///< the run's folder, whose journal has what thinned charts lack
    /// Each as one picture of its charts that have points, where they are several; as CSV those of its charts
    /// that are not in `charts`.
    std::vector<ChartStack> figures = {};
};

/// Draws charts one above another as PNG or SVG, by the file's suffix.
using DrawCharts = std::function<Result<void>(const ChartStack &charts, const std::filesystem::path &file)>;

/// Returns the files in the order written. Data error where one cannot be, where a folder within the run's
/// leads out of it, or where what the run calls a chart cannot be the name of a file.
Result<std::vector<std::filesystem::path>> exportFiles(const ExportPlan &plan, const DrawCharts &draw);

} // namespace losslab
