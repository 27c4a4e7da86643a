#include "app/chartfiles.h"
#include "app/commands/commands.h"
#include "app/output.h"
#include "app/text.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "runs/runrecord.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>

namespace losslab::app {

namespace {

struct ExportArguments
{
    std::string folder;
    std::string formats = standardChartFormats();
    std::vector<std::string> charts;
    std::string size = "1600x1000";
    std::string dpi = "200";
    std::string out;
    std::string spread;
};

Result<PictureSize> parseSize(const std::string &size, const std::string &dpi)
{
    const std::size_t cross = size.find('x');
    if (cross == std::string::npos)
        return usageError(
            fmt::format("--size takes WIDTHxHEIGHT in pixels, as in 1600x1000, not “{}”.", size));
    const auto width = parseWhole("The width in --size", size.substr(0, cross), 200, 16000);
    const auto height = parseWhole("The height in --size", size.substr(cross + 1), 200, 16000);
    const auto dots = parseWhole("--dpi", dpi, 30, 2400);
    for (const auto &number : {width, height, dots})
        if (!number)
            return tl::unexpected(number.error());
    return PictureSize{static_cast<int>(*width), static_cast<int>(*height), static_cast<int>(*dots)};
}

/// Why nothing can be written; nothing where something can.
std::optional<Error> nothingToExport(const RunRecord &record)
{
    const auto &charts = record.data.charts();
    const auto &tables = record.data.tables();
    if (!std::all_of(charts.begin(), charts.end(), std::mem_fn(&ChartData::empty))
        || std::any_of(tables.begin(), tables.end(),
                       [](const TableData &table) { return !table.rows.empty(); }))
        return std::nullopt;
    return Error{
        ErrorKind::Data,
        fmt::format("There is nothing to export: the run in {} has no points and no rows. Its state: {}",
                    platform::quoted(record.folder), standingText(record))};
}

Result<int> exportRun(const ExportArguments &arguments)
{
    if (arguments.folder.empty())
        return usageError("losslab export needs a RUN-FOLDER.");
    const auto formats = parseChartFormats(arguments.formats);
    if (!formats)
        return tl::unexpected(formats.error());
    if (formats->empty())
        return usageError("losslab export needs a file format: --charts takes any of png, svg and csv.");
    const Result<PictureSize> size = parseSize(arguments.size, arguments.dpi);
    if (!size)
        return tl::unexpected(size.error());
    const auto spread = parseSpread(arguments.spread);
    if (!spread)
        return tl::unexpected(spread.error());
    const Result<RunRecord> record = readRun(arguments.folder);
    if (!record)
        return tl::unexpected(record.error());
    const auto experiment = makeExperiment(record->spec.experiment);
    if (!experiment)
        return dataError(fmt::format("{} is a run of {}, an experiment this LossLab {} does not have.",
                                     arguments.folder, record->spec.experiment, LOSSLAB_VERSION));

    if (const auto refused = nothingToExport(*record))
        return tl::unexpected(*refused);
    ChartFiles wanted{*formats, arguments.charts, *size, *spread, arguments.out};
    wanted.run = record->folder;
    if (arguments.out.empty()) {
        wanted.folder = record->folder / "charts";
        wanted.tableFolder = record->folder / "tables";
    }
    const auto files = writeCharts(**experiment, record->spec, record->data, wanted);
    if (!files)
        return tl::unexpected(files.error());
    for (const std::filesystem::path &file : *files)
        printPath(file);
    return endOfReading(*record);
}

} // namespace

void addExport(CLI::App &program, Result<int> &outcome)
{
    const auto arguments = std::make_shared<ExportArguments>();
    CLI::App *command = program.add_subcommand(
        "export", "Export a run's charts as PNG, SVG or CSV files, and its tables as CSV");
    command->add_option("RUN-FOLDER", arguments->folder, "Folder of a run, as losslab run prints it")
        ->type_name("");
    command
        ->add_option("--charts", arguments->formats,
                     "File formats of the charts: any of png,svg,csv; tables are written with csv ("
                         + arguments->formats + ")")
        ->type_name("FORMATS");
    command
        ->add_option(
            "--chart", arguments->charts,
            "Only this chart, or this figure of several, as losslab list names it; may be given several "
            "times")
        ->type_name("ID")
        ->allow_extra_args(false);
    command
        ->add_option("--size", arguments->size,
                     "Width and height of a chart in pixels; a figure of two is twice as high (1600x1000)")
        ->type_name("WxH");
    command
        ->add_option("--dpi", arguments->dpi, "Dots per inch: the more, the larger are text and lines (200)")
        ->type_name("N");
    command
        ->add_option(
            "--spread", arguments->spread,
            "How charts show several seeds: the median with quartiles and range, the mean ± standard "
            "deviation, or every seed (median for functions and on logarithmic axes, else mean)")
        ->type_name("median|mean|seeds");
    command
        ->add_option("--out", arguments->out, "Folder to write to (charts/ and tables/ in the run's folder)")
        ->type_name("DIR");
    command->footer(
        "The paths of the files written are printed to standard output.\n"
        "\nExit codes: 0 done, 2 wrong use, 3 the run, or a part of it, could not be read, or a file not "
        "written.\n"
        "\nExamples:\n"
        "  losslab export runs/cnn\n"
        "  losslab export runs/cnn --chart loss --charts svg --size 1000x625 --dpi 300 --out figures\n"
        "  losslab export runs/norm --chart norm+loss --charts png");
    command->callback([arguments, &outcome] { outcome = exportRun(*arguments); });
}

} // namespace losslab::app
