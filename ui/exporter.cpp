#include "ui/exporter.h"

#include "lab/chartstack.h"
#include "lab/rundata.h"
#include "ui/charts/chartwidget.h"
#include "ui/text.h"

#include <algorithm>

namespace losslab::ui {

namespace {

namespace fs = std::filesystem;

bool wants(const ExportRequest &request, ExportFormat format)
{
    return std::find(request.formats.begin(), request.formats.end(), format) != request.formats.end();
}

/// Those that have points.
DrawnCharts drawnOf(const WidgetStack &charts)
{
    DrawnCharts drawn;
    for (const ChartWidget *chart : charts)
        if (chart->data() && !chart->data()->empty())
            drawn.push_back({chart->info(), *chart->data()});
    return drawn;
}

/// With what the person chose of each chart, where that is asked for.
ChartPicture pictureOf(const ExportRequest &request)
{
    ChartPicture picture = request.picture;
    const auto add = [&](const WidgetStack &charts) {
        for (const ChartWidget *chart : charts)
            if (request.asShown)
                picture.choices[chart->info().id] = chart->choices();
    };
    add(request.charts);
    std::for_each(request.figures.begin(), request.figures.end(), add);
    return picture;
}

std::vector<PlannedPicture> planned(const ExportRequest &request)
{
    std::vector<PlannedPicture> pictures;
    if (!wants(request, ExportFormat::Png) && !wants(request, ExportFormat::Svg))
        return pictures;
    const ChartPicture picture = pictureOf(request);
    for (ChartWidget *chart : request.charts)
        if (DrawnCharts drawn = drawnOf({chart}); !drawn.empty())
            pictures.push_back({std::move(drawn), picture});
    for (const WidgetStack &figure : request.figures)
        if (DrawnCharts drawn = drawnOf(figure); drawn.size() > 1)
            pictures.push_back({std::move(drawn), picture});
    return pictures;
}

} // namespace

std::vector<WidgetStack> figuresOf(const std::vector<ChartWidget *> &charts)
{
    std::vector<WidgetStack> stacks =
        stacksOf(charts, [](const ChartWidget *chart) -> const ChartInfo & { return chart->info(); });
    std::erase_if(stacks, [](const WidgetStack &stack) { return stack.size() < 2; });
    return stacks;
}

std::string figureId(const WidgetStack &stack)
{
    std::vector<std::string> ids;
    for (const ChartWidget *chart : stack)
        ids.push_back(chart->info().id);
    return stackId(ids);
}

QString figureTitle(const WidgetStack &stack)
{
    std::vector<std::string> titles;
    for (const ChartWidget *chart : stack)
        titles.push_back(chart->info().title);
    return fromText(stackTitle(titles));
}

QImage chartImage(const WidgetStack &charts, ChartPicture picture)
{
    for (const ChartWidget *chart : charts)
        picture.choices[chart->info().id] = chart->choices();
    return drawCharts(drawnOf(charts), picture);
}

std::optional<std::string> roomProblem(const ExportRequest &request)
{
    return roomProblem(planned(request));
}

std::optional<QSize> neededSize(const ExportRequest &request)
{
    std::optional<QSize> most;
    for (const PlannedPicture &one : planned(request))
        if (const auto needed = neededSize(one.charts, one.picture))
            if (!most || needed->width() > most->width())
                most = needed;
    return most;
}

Result<std::vector<fs::path>> exportCharts(ExportRequest request, const std::string &experiment,
                                           const RunData &data, const QString &caption)
{
    request.picture.caption = caption;
    if (const std::optional<std::string> problem = roomProblem(request))
        return usageError(*problem);
    const auto dataOf = [&data](const std::vector<ChartWidget *> &charts) {
        ChartStack found;
        for (const ChartWidget *chart : charts)
            if (const ChartData *points = data.findChart(chart->info().id))
                found.push_back(points);
        return found;
    };
    ExportPlan plan{.experiment = experiment,
                    .charts = dataOf(request.charts),
                    .tables = {},
                    .formats = request.formats,
                    .folder = request.folder,
                    .run = request.run};
    std::transform(request.figures.begin(), request.figures.end(), std::back_inserter(plan.figures), dataOf);
    for (const TableData &table : data.tables())
        if (std::count(request.tables.begin(), request.tables.end(), table.id) > 0)
            plan.tables.push_back(&table);
    return exportFiles(plan, [picture = pictureOf(request)](const ChartStack &charts, const fs::path &file) {
        DrawnCharts drawn;
        for (const ChartData *chart : charts)
            drawn.push_back({chart->info, *chart});
        return exportPicture(drawn, picture, file);
    });
}

} // namespace losslab::ui
