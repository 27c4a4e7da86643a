#include "ui/exporter.h"

#include "base/platform.h"
#include "lab/rundata.h"
#include "runs/runfolder.h"
#include "ui/charts/chartwidget.h"

#include <algorithm>

namespace losslab::ui {

namespace {

namespace fs = std::filesystem;

ChartPicture pictureOf(const ExportRequest &request, const ChartWidget &chart)
{
    ChartPicture picture = request.picture;
    if (request.asShown)
        picture.choices = chart.choices();
    return picture;
}

bool wants(const ExportRequest &request, ExportFormat format)
{
    return std::find(request.formats.begin(), request.formats.end(), format) != request.formats.end();
}

} // namespace

QString formatSuffix(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Png:
        break;
    case ExportFormat::Svg:
        return QStringLiteral("svg");
    case ExportFormat::Csv:
        return QStringLiteral("csv");
    }
    return QStringLiteral("png");
}

std::string exportFileName(const std::string &experiment, const std::string &id, ExportFormat format)
{
    return experiment + '-' + id + '.' + formatSuffix(format).toStdString();
}

QImage chartImage(const ChartWidget &chart, const ChartData &data, ChartPicture picture)
{
    picture.choices = chart.choices();
    return drawChart(chart.info(), data, picture);
}

std::optional<std::string> roomProblem(const ExportRequest &request)
{
    if (!wants(request, ExportFormat::Png) && !wants(request, ExportFormat::Svg))
        return std::nullopt;
    std::vector<PlannedPicture> pictures;
    for (const ChartWidget *chart : request.charts)
        if (chart->data() && !chart->data()->empty())
            pictures.push_back({chart->info(), *chart->data(), pictureOf(request, *chart)});
    return roomProblem(pictures);
}

Result<std::vector<fs::path>> exportCharts(ExportRequest request, const std::string &experiment,
                                           const RunData &data, const QString &caption)
{
    request.picture.caption = caption;
    if (const std::optional<std::string> problem = roomProblem(request))
        return usageError(*problem);
    if (request.folder.parent_path() == request.run)
        if (const Result<void> within = checkWithin(request.run, request.folder); !within)
            return tl::unexpected(within.error());
    if (const Result<void> made = platform::makeFolder(request.folder); !made)
        return tl::unexpected(made.error());
    std::vector<fs::path> files;
    for (const ChartWidget *chart : request.charts) {
        const ChartData *points = data.findChart(chart->info().id);
        if (!points || points->empty())
            continue;
        const ChartPicture picture = pictureOf(request, *chart);
        for (const ExportFormat format : request.formats) {
            const fs::path file = request.folder / exportFileName(experiment, chart->info().id, format);
            const Result<void> written = format == ExportFormat::Csv
                                             ? writeChartCsvFile(*points, request.run, file)
                                             : exportChart(chart->info(), *points, picture, file);
            if (!written)
                return tl::unexpected(written.error());
            files.push_back(file);
        }
    }
    if (!wants(request, ExportFormat::Csv))
        return files;
    for (const TableData &table : data.tables()) {
        if (table.rows.empty() || std::count(request.tables.begin(), request.tables.end(), table.id) == 0)
            continue;
        const fs::path file = request.folder / exportFileName(experiment, table.id, ExportFormat::Csv);
        if (const Result<void> written = platform::writeFileAtomically(file, tableCsv(table)); !written)
            return tl::unexpected(written.error());
        files.push_back(file);
    }
    return files;
}

} // namespace losslab::ui
