#pragma once

#include "lab/rundata.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace losslab {

/// Takes text part by part.
using TakeText = std::function<Result<void>(std::string_view)>;

/// The points of a chart that are in memory: tidy `series,repeat,x,y,label`, one row a point.
std::string chartCsv(const ChartData &chart);
/// Every point of a chart. What a thinned one leaves out is read from the journal in the run's folder. Data
/// error where that cannot be read, or of `take`.
Result<void> chartCsv(const ChartData &chart, const std::filesystem::path &run, const TakeText &take);
/// The same into a file, written whole or not at all.
Result<void> writeChartCsv(const ChartData &chart, const std::filesystem::path &run,
                           const std::filesystem::path &file);
/// Every row of a table: `repeat`, then one column a key.
std::string tableCsv(const TableData &table);

} // namespace losslab
