#include "runs/export.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "runs/csv.h"
#include "runs/runfolder.h"

#include <algorithm>
#include <fmt/format.h>

namespace losslab {

namespace {

namespace fs = std::filesystem;

/// Before anything is written.
Result<void> checkPlaces(const ExportPlan &plan, const fs::path &tables)
{
    for (const fs::path &folder : {plan.folder, tables})
        if (!plan.run.empty() && folder.parent_path() == plan.run)
            if (const auto within = checkWithin(plan.run, folder); !within)
                return within;
    std::vector<std::string> ids;
    for (const ChartData *chart : plan.charts)
        ids.push_back(chart->id);
    for (const TableData *table : plan.tables)
        ids.push_back(table->id);
    for (const std::string &id : ids)
        if (!isFileName(id))
            return dataError(fmt::format("“{}” cannot be the name of a file.", plainText(id, true)));
    return {};
}

} // namespace

std::string_view suffixOf(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Png:
        return "png";
    case ExportFormat::Svg:
        return "svg";
    case ExportFormat::Csv:
        break;
    }
    return "csv";
}

bool isPicture(ExportFormat format)
{
    return format != ExportFormat::Csv;
}

std::string exportFileName(const std::string &experiment, const std::string &id, ExportFormat format)
{
    return fmt::format("{}-{}.{}", experiment, id, suffixOf(format));
}

Result<std::vector<fs::path>> exportFiles(const ExportPlan &plan, const DrawChart &draw)
{
    const fs::path &tables = plan.tableFolder.empty() ? plan.folder : plan.tableFolder;
    if (const auto good = checkPlaces(plan, tables); !good)
        return tl::unexpected(good.error());
    std::vector<fs::path> files;
    const auto write = [&](const fs::path &folder, const std::string &id, ExportFormat format,
                           const auto &content) -> Result<void> {
        if (const auto made = platform::makeFolder(folder); !made)
            return made;
        fs::path file = folder / exportFileName(plan.experiment, id, format);
        if (const Result<void> written = content(file); !written)
            return written;
        files.push_back(std::move(file));
        return {};
    };
    for (const ExportFormat format : plan.formats)
        for (const ChartData *chart : plan.charts) {
            if (chart->empty())
                continue;
            const auto written = write(plan.folder, chart->id, format, [&](const fs::path &file) {
                return isPicture(format) ? draw(*chart, file) : writeChartCsv(*chart, plan.run, file);
            });
            if (!written)
                return tl::unexpected(written.error());
        }
    if (std::find(plan.formats.begin(), plan.formats.end(), ExportFormat::Csv) == plan.formats.end())
        return files;
    for (const TableData *table : plan.tables) {
        if (table->rows.empty())
            continue;
        const auto written = write(tables, table->id, ExportFormat::Csv, [&](const fs::path &file) {
            return platform::writeFileAtomically(file, tableCsv(*table));
        });
        if (!written)
            return tl::unexpected(written.error());
    }
    return files;
}

} // namespace losslab
