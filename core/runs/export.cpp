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

Result<void> makeExportFolder(const fs::path &folder, const fs::path &run)
{
    if (!run.empty() && folder.parent_path() == run)
        if (const auto within = checkWithin(run, folder); !within)
            return within;
    return platform::makeFolder(folder);
}

/// What is to be written for one chart or table, and where.
Result<fs::path> placeOf(const ExportPlan &plan, const fs::path &folder, const std::string &id,
                         ExportFormat format)
{
    if (!isFileName(id))
        return dataError(fmt::format("“{}” cannot be the name of a file.", plainText(id, true)));
    return folder / exportFileName(plan.experiment, id, format);
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
    std::vector<fs::path> files;
    const auto write = [&](const fs::path &folder, const std::string &id, ExportFormat format,
                           const auto &content) -> Result<void> {
        if (const auto made = makeExportFolder(folder, plan.run); !made)
            return made;
        const auto file = placeOf(plan, folder, id, format);
        if (!file)
            return tl::unexpected(file.error());
        if (const Result<void> written = content(*file); !written)
            return written;
        files.push_back(*file);
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
    const fs::path &tables = plan.tableFolder.empty() ? plan.folder : plan.tableFolder;
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
