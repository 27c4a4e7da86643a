#include "ui/exporter.h"

#include "lab/rundata.h"
#include "store/platform.h"
#include "store/runfolder.h"
#include "ui/charts/chartwidget.h"

#include <algorithm>

namespace losslab::ui {

namespace {

namespace fs = std::filesystem;

/// As the chart stands in the window: its axis, without the series that are hidden.
ChartInfo shownInfo(const ChartWidget &chart, ChartPicture &picture)
{
    ChartInfo info = chart.info();
    info.y.scale = chart.logY() ? Scale::Log : Scale::Linear;
    picture.logY = chart.logY();
    picture.hidden = chart.hiddenSeries();
    return info;
}

Result<void> exportPicture(const ChartWidget &chart, const ChartData &data, ChartPicture picture,
                           const fs::path &file)
{
    const ChartInfo info = shownInfo(chart, picture);
    return exportChart(info, data, picture, file);
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
    const ChartInfo info = shownInfo(chart, picture);
    return drawChart(info, data, picture);
}

Result<std::vector<fs::path>> exportCharts(const ExportRequest &request, const std::string &experiment,
                                           const RunData &data, const QString &caption)
{
    if (const Result<void> made = platform::makeFolder(request.folder); !made)
        return tl::unexpected(made.error());
    ChartPicture picture = request.picture;
    picture.caption = caption;
    std::vector<fs::path> files;
    for (const ChartWidget *chart : request.charts) {
        const ChartData *points = data.findChart(chart->info().id);
        if (!points || points->empty())
            continue;
        for (const ExportFormat format : request.formats) {
            const fs::path file = request.folder / exportFileName(experiment, chart->info().id, format);
            const Result<void> written = format == ExportFormat::Csv
                                             ? writeChartCsvFile(*points, request.run, file)
                                             : exportPicture(*chart, *points, picture, file);
            if (!written)
                return tl::unexpected(written.error());
            files.push_back(file);
        }
    }
    const auto &formats = request.formats;
    if (std::find(formats.begin(), formats.end(), ExportFormat::Csv) == formats.end())
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
