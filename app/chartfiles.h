#pragma once

#include "app/gui.h"
#include "lab/experiment.h"
#include "lab/rundata.h"
#include "lab/runspec.h"
#include "runs/export.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace losslab::app {

/// Reads what was given to --charts: "png,svg,csv", and "none" or nothing for none. Usage error: an unknown
/// format, or a picture in a build without Qt.
Result<std::vector<ExportFormat>> parseChartFormats(std::string_view text);
/// What --charts takes when it is not given: PNG and CSV, in a build without Qt CSV.
std::string standardChartFormats();

/// Reads what was given to --spread: median, mean or seeds; nothing for none. Usage error: any other.
Result<std::optional<Spread>> parseSpread(const std::string &text);

struct ChartFiles
{
    std::vector<ExportFormat> formats;
    /// Ids of charts, and of figures of several ("norm+loss"); empty: all that have data, and with CSV the
    /// tables as well.
    std::vector<std::string> charts = {};
    PictureSize size = {};
    std::optional<Spread> spread = {}; ///< how pictures show several seeds; none: as each chart declares
    std::filesystem::path folder;
    std::filesystem::path tableFolder = {}; ///< for tables; empty: as for charts
    std::filesystem::path run = {};         ///< the run's folder
};

/// Writes the charts of a run, and the figures that several of them are together, into a folder, made where
/// it is not there. Returns the files in the order written. Usage error: no such chart, or no room for one in
/// a picture of this size; data error: a chart asked for by name that has no points, or a file that cannot be
/// written.
Result<std::vector<std::filesystem::path>> writeCharts(const Experiment &experiment, const RunSpec &spec,
                                                       const RunData &data, const ChartFiles &wanted);

} // namespace losslab::app
