#include "runs/export.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "lab/chartstack.h"
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
    for (const ChartStack &figure : plan.figures)
        for (const ChartData *chart : figure)
            ids.push_back(chart->id);
    for (const TableData *table : plan.tables)
        ids.push_back(table->id);
    for (const std::string &id : ids)
        if (!isFileName(id))
            return dataError(fmt::format("“{}” cannot be the name of a file.", plainText(id, true)));
    return {};
}

/// All of which there are values to be written, each once.
std::vector<const ChartData *> chartsOfAll(const ExportPlan &plan)
{
    std::vector<const ChartData *> charts = plan.charts;
    for (const ChartStack &figure : plan.figures)
        for (const ChartData *chart : figure)
            if (std::find(charts.begin(), charts.end(), chart) == charts.end())
                charts.push_back(chart);
    return charts;
}

struct PlannedFile
{
    fs::path file;
    std::function<Result<void>(const fs::path &file)> write;
};

/// In the order in which they are written. What they are made from is the plan's.
std::vector<PlannedFile> filesOf(const ExportPlan &plan, const DrawCharts &draw, const fs::path &tables)
{
    std::vector<PlannedFile> files;
    const auto add = [&](const fs::path &folder, const std::string &id, ExportFormat format, auto write) {
        files.push_back({folder / exportFileName(plan.experiment, id, format), std::move(write)});
    };
    const auto addPicture = [&](const ChartStack &charts, ExportFormat format) {
        add(plan.folder, figureId(charts), format,
            [&draw, charts](const fs::path &file) { return draw(charts, file); });
    };
    for (const ExportFormat format : plan.formats) {
        for (const ChartData *chart : isPicture(format) ? plan.charts : chartsOfAll(plan)) {
            if (chart->empty())
                continue;
            if (isPicture(format))
                addPicture({chart}, format);
            else
                add(plan.folder, chart->id, format,
                    [&plan, chart](const fs::path &file) { return writeChartCsv(*chart, plan.run, file); });
        }
        for (const ChartStack &figure : plan.figures)
            if (const ChartStack shown = withPoints(figure); isPicture(format) && shown.size() > 1)
                addPicture(shown, format);
    }
    if (std::find(plan.formats.begin(), plan.formats.end(), ExportFormat::Csv) != plan.formats.end()) {
        for (const TableData *table : plan.tables) {
            if (!table->rows.empty())
                add(tables, table->id, ExportFormat::Csv, [table](const fs::path &file) {
                    return platform::writeFileAtomically(file, tableCsv(*table));
                });
        }
    }
    return files;
}

} // namespace

std::vector<ChartStack> stacksOf(const RunData &data)
{
    ChartStack declared;
    for (const ChartData &chart : data.charts())
        if (!chart.info.id.empty())
            declared.push_back(&chart);
    return stacksOf(declared, [](const ChartData *chart) -> const ChartInfo & { return chart->info; });
}

ChartStack withPoints(ChartStack stack)
{
    std::erase_if(stack, [](const ChartData *chart) { return chart->empty(); });
    return stack;
}

std::string figureId(const ChartStack &stack)
{
    std::vector<std::string> ids;
    for (const ChartData *chart : stack)
        ids.push_back(chart->id);
    return stackId(ids);
}

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

Result<std::vector<fs::path>> exportFiles(const ExportPlan &plan, const DrawCharts &draw)
{
    const fs::path &tables = plan.tableFolder.empty() ? plan.folder : plan.tableFolder;
    if (const auto good = checkPlaces(plan, tables); !good)
        return tl::unexpected(good.error());
    std::vector<fs::path> files;
    for (const PlannedFile &planned : filesOf(plan, draw, tables)) {
        if (const auto made = platform::makeFolder(planned.file.parent_path()); !made)
            return tl::unexpected(made.error());
        if (const auto written = planned.write(planned.file); !written)
            return tl::unexpected(written.error());
        files.push_back(planned.file);
    }
    return files;
}

} // namespace losslab
