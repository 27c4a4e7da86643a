#include "ui/exporter.h"

#include "lab/rundata.h"
#include "ui/charts/chartwidget.h"

#include <algorithm>
#include <map>

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
    ExportPlan plan{.experiment = experiment,
                    .charts = {},
                    .tables = {},
                    .formats = request.formats,
                    .folder = request.folder,
                    .run = request.run};
    std::map<std::string, ChartPicture> pictures;
    for (const ChartWidget *chart : request.charts)
        if (const ChartData *points = data.findChart(chart->info().id)) {
            plan.charts.push_back(points);
            pictures[points->id] = pictureOf(request, *chart);
        }
    for (const TableData &table : data.tables())
        if (std::count(request.tables.begin(), request.tables.end(), table.id) > 0)
            plan.tables.push_back(&table);
    return exportFiles(plan, [&](const ChartData &chart, const fs::path &file) {
        return exportChart(chart.info, chart, pictures.at(chart.id), file);
    });
}

} // namespace losslab::ui
