#include "app/chartfiles.h"

#include "app/text.h"
#include "base/names.h"
#include "lab/runspec.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

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

/// What of a run is to be written: charts by themselves, and figures of several.
struct Chosen
{
    std::vector<const ChartData *> charts;
    std::vector<ChartStack> figures;
};

Result<Chosen> namedCharts(const RunData &data, const std::vector<std::string> &ids)
{
    std::map<std::string, ChartStack> known;
    std::vector<std::string> names;
    for (const ChartStack &stack : stacksOf(data)) {
        for (const ChartData *chart : stack)
            known[names.emplace_back(chart->id)] = {chart};
        if (stack.size() > 1)
            known[names.emplace_back(figureId(stack))] = stack;
    }
    Chosen chosen;
    for (const std::string &id : ids) {
        const auto found = known.find(id);
        if (found == known.end())
            return usageError("--chart takes " + notOneOf(id, names));
        for (const ChartData *chart : found->second)
            if (chart->empty())
                return dataError(fmt::format("The chart {} has no points in this run.", chart->id));
        if (found->second.size() > 1)
            chosen.figures.push_back(found->second);
        else
            chosen.charts.push_back(found->second.front());
    }
    return chosen;
}

Chosen allCharts(const RunData &data)
{
    Chosen all;
    for (const ChartStack &stack : stacksOf(data)) {
        const ChartStack shown = withPoints(stack);
        all.charts.insert(all.charts.end(), shown.begin(), shown.end());
        if (shown.size() > 1)
            all.figures.push_back(shown);
    }
    return all;
}

/// All that are drawn.
std::vector<ChartStack> picturesOf(const Chosen &chosen)
{
    std::vector<ChartStack> pictures = chosen.figures;
    for (const ChartData *chart : chosen.charts)
        pictures.push_back({chart});
    return pictures;
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
    const Result<Chosen> chosen = wanted.charts.empty() ? allCharts(data) : namedCharts(data, wanted.charts);
    if (!chosen)
        return tl::unexpected(chosen.error());
    const std::string note = pictureCaption(spec, experiment, data);
    std::unique_ptr<Painter> painter;
    if (std::any_of(wanted.formats.begin(), wanted.formats.end(), isPicture))
        painter = std::make_unique<Painter>();
    if (painter)
        if (const auto problem = painter->roomProblem(picturesOf(*chosen), wanted.size, note))
            return usageError(*problem);
    ExportPlan plan{.experiment = experiment.info().id,
                    .charts = chosen->charts,
                    .tables = {},
                    .formats = wanted.formats,
                    .folder = wanted.folder,
                    .tableFolder = wanted.tableFolder,
                    .run = wanted.run,
                    .figures = chosen->figures};
    if (wanted.charts.empty())
        for (const TableData &table : data.tables())
            plan.tables.push_back(&table);
    return exportFiles(plan, [&](const ChartStack &charts, const fs::path &file) {
        return painter->draw(charts, wanted.size, wanted.spread, note, file);
    });
}

} // namespace losslab::app
