#include "app/chartfiles.h"

#include "app/text.h"
#include "base/names.h"
#include "lab/runspec.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace losslab::app {

namespace {

namespace fs = std::filesystem;

constexpr std::array allFormats{ExportFormat::Png, ExportFormat::Svg, ExportFormat::Csv};

Result<ExportFormat> formatFromName(std::string_view name)
{
    std::vector<std::string> names;
    for (const ExportFormat format : allFormats) {
        const std::string_view known = suffixOf(format);
        if (known == name && (!isPicture(format) || hasGui()))
            return format;
        if (known == name)
            return usageError(
                fmt::format("--charts: this build of LossLab draws no charts, so it cannot write {}; "
                            "csv it can.",
                            name));
        names.emplace_back(known);
    }
    return usageError("--charts takes " + notOneOf(name, names));
}

Result<std::vector<const ChartData *>> chosenCharts(const RunData &data, const std::vector<std::string> &ids)
{
    std::vector<const ChartData *> chosen;
    std::vector<std::string> known;
    for (const ChartData &chart : data.charts()) {
        known.push_back(chart.id);
        if (ids.empty() && !chart.empty())
            chosen.push_back(&chart);
    }
    for (const std::string &id : ids) {
        const ChartData *chart = data.findChart(id);
        if (!chart)
            return usageError("--chart takes " + notOneOf(id, known));
        if (chart->empty())
            return dataError(fmt::format("The chart {} has no points in this run.", id));
        chosen.push_back(chart);
    }
    return chosen;
}

} // namespace

Result<std::vector<ExportFormat>> parseChartFormats(std::string_view text)
{
    std::vector<ExportFormat> formats;
    if (text.empty() || text == "none")
        return formats;
    for (const std::string &name : splitAtCommas(text)) {
        const Result<ExportFormat> format = formatFromName(name);
        if (!format)
            return tl::unexpected(format.error());
        if (std::find(formats.begin(), formats.end(), *format) == formats.end())
            formats.push_back(*format);
    }
    return formats;
}

Result<std::optional<Spread>> parseSpread(const std::string &text)
{
    if (text.empty())
        return std::nullopt;
    const Result<Spread> spread = spreadFromName(text);
    if (!spread)
        return usageError("--" + spread.error().message);
    return *spread;
}

std::string standardChartFormats()
{
    return hasGui() ? "png,csv" : "csv";
}

Result<std::vector<fs::path>> writeCharts(const Experiment &experiment, const RunSpec &spec,
                                          const RunData &data, const ChartFiles &wanted)
{
    const auto charts = chosenCharts(data, wanted.charts);
    if (!charts)
        return tl::unexpected(charts.error());
    const std::string note = pictureCaption(spec, experiment, data);
    std::unique_ptr<Painter> painter;
    if (std::any_of(wanted.formats.begin(), wanted.formats.end(), isPicture))
        painter = std::make_unique<Painter>();
    if (painter)
        if (const auto problem = painter->roomProblem(*charts, wanted.size, note))
            return usageError(*problem);
    ExportPlan plan{.experiment = experiment.info().id,
                    .charts = *charts,
                    .tables = {},
                    .formats = wanted.formats,
                    .folder = wanted.folder,
                    .tableFolder = wanted.tableFolder,
                    .run = wanted.run};
    if (wanted.charts.empty())
        for (const TableData &table : data.tables())
            plan.tables.push_back(&table);
    return exportFiles(plan, [&](const ChartData &chart, const fs::path &file) {
        return painter->draw(chart, wanted.size, wanted.spread, note, file);
    });
}

} // namespace losslab::app
