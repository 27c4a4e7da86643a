#pragma once

#include "lab/rundata.h"

#include <filesystem>
#include <string>

namespace losslab {

/// The points of a chart that are in memory: tidy `series,repeat,x,y,label`, one row a point.
std::string chartCsv(const ChartData &chart);
/// Every point of a chart into a file, written whole or not at all. What a thinned chart leaves out is read
/// from the journal in the run's folder.
Result<void> writeChartCsv(const ChartData &chart, const std::filesystem::path &run,
                           const std::filesystem::path &file);
/// Every row of a table: `repeat`, then one column a key.
std::string tableCsv(const TableData &table);

} // namespace losslab
