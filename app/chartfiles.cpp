#include "app/chartfiles.h"

#include "app/text.h"
#include "base/platform.h"
#include "lab/runspec.h"
#include "runs/runfolder.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace losslab::app {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<ChartFormat, std::string_view>, 3> formatNames{{
    {ChartFormat::Png, "png"},
    {ChartFormat::Svg, "svg"},
    {ChartFormat::Csv, "csv"},
}};

std::string_view suffixOf(ChartFormat format)
{
    return formatNames[static_cast<std::size_t>(format)].second;
}

Result<ChartFormat> formatFromName(std::string_view name)
{
    std::vector<std::string> names;
    for (const auto &[format, known] : formatNames) {
        if (known == name && (format == ChartFormat::Csv || hasGui()))
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

Result<std::vector<const ChartInfo *>> chosenCharts(const Experiment &experiment, const RunData &data,
                                                    const std::vector<std::string> &ids)
{
    std::vector<const ChartInfo *> chosen;
    std::vector<std::string> known;
    for (const Chart *chart : experiment.charts()) {
        known.push_back(chart->info().id);
        const ChartData *points = data.findChart(chart->info().id);
        if (ids.empty() && points && !points->empty())
            chosen.push_back(&chart->info());
    }
    for (const std::string &id : ids) {
        const ChartInfo *info = experiment.findChart(id);
        if (!info)
            return usageError("--chart takes " + notOneOf(id, known));
        const ChartData *points = data.findChart(id);
        if (!points || points->empty())
            return dataError(fmt::format("The chart {} has no points in this run.", id));
        chosen.push_back(info);
    }
    return chosen;
}

bool isPicture(ChartFormat format)
{
    return format != ChartFormat::Csv;
}

} // namespace

Result<std::vector<ChartFormat>> parseChartFormats(std::string_view text)
{
    std::vector<ChartFormat> formats;
    if (text.empty() || text == "none")
        return formats;
    for (const std::string &name : splitAtCommas(text)) {
        const Result<ChartFormat> format = formatFromName(name);
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
    const auto charts = chosenCharts(experiment, data, wanted.charts);
    if (!charts)
        return tl::unexpected(charts.error());
    const std::string note = pictureCaption(spec, experiment, data);
    std::unique_ptr<Painter> painter;
    if (std::any_of(wanted.formats.begin(), wanted.formats.end(), isPicture))
        painter = std::make_unique<Painter>();
    if (painter)
        if (const auto problem = painter->roomProblem(*charts, data, wanted.size, note))
            return usageError(*problem);
    if (!charts->empty())
        if (const auto made = platform::makeFolder(wanted.folder); !made)
            return tl::unexpected(made.error());

    std::vector<fs::path> files;
    for (const ChartFormat format : wanted.formats) {
        for (const ChartInfo *info : *charts) {
            const ChartData &points = *data.findChart(info->id);
            fs::path file = wanted.folder / fmt::format("{}.{}", info->id, suffixOf(format));
            const Result<void> written =
                format == ChartFormat::Csv
                    ? writeChartCsv(points, wanted.folder, wanted.run).map([](const fs::path &) {})
                    : painter->draw(points.info, points, wanted.size, wanted.spread, note, file);
            if (!written)
                return tl::unexpected(written.error());
            files.push_back(std::move(file));
        }
    }
    const bool tablesToo =
        wanted.charts.empty()
        && std::find(wanted.formats.begin(), wanted.formats.end(), ChartFormat::Csv) != wanted.formats.end();
    const fs::path tables = wanted.tableFolder.empty() ? wanted.folder : wanted.tableFolder;
    for (const TableData &table : data.tables()) {
        if (!tablesToo || table.rows.empty())
            continue;
        if (const auto made = platform::makeFolder(tables); !made)
            return tl::unexpected(made.error());
        const Result<fs::path> written = writeTableCsv(table, tables);
        if (!written)
            return tl::unexpected(written.error());
        files.push_back(*written);
    }
    return files;
}

} // namespace losslab::app
