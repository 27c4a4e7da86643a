#include "runs/csv.h"

#include "base/numbertext.h"
#include "base/platform.h"
#include "lab/runsettings.h"
#include "lab/runspec.h"
#include "runs/journalreader.h"
#include "runs/runjson.h"

#include <fmt/format.h>
#include <iterator>

namespace losslab {

namespace {

/// As RFC 4180 has it: in quotation marks, and those doubled, where the text would else be cut.
std::string field(const std::string &text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char letter : text)
        quoted += letter == '"' ? "\"\"" : std::string(1, letter);
    return quoted + '"';
}

std::string cell(const Value &value)
{
    const auto *number = std::get_if<double>(&value);
    return number ? numberText(*number) : field(toText(value));
}

constexpr std::string_view heading = "series,repeat,x,y,label\n";
constexpr std::size_t bufferSize = 65536;

void addRow(const std::string &series, std::size_t repeat, double x, double y, const std::string &label,
            std::string &text)
{
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{}\n", field(series), repeat, numberText(x),
                   numberText(y), field(label));
}

std::string seriesCsv(const SeriesData &series)
{
    std::string text;
    for (std::size_t repeat = 0; repeat < series.repeats.size(); ++repeat) {
        const SeriesPoints &points = series.repeats[repeat];
        for (std::size_t i = 0; i < points.x.size(); ++i)
            addRow(series.key, repeat, points.x[i], points.y[i],
                   i < points.labels.size() ? points.labels[i] : std::string(), text);
    }
    return text;
}

/// All points that the journal has of the series, whose repeats stand there one after another.
Result<void> takeFromJournal(const std::filesystem::path &run, const std::string &chart,
                             const std::string &series, const TakeText &take)
{
    std::string text;
    Result<void> taken;
    const auto head = readRunHead(run / "run.json");
    const JournalForm form{head ? head->format : runFormat, mostRepeats};
    const auto read = readJournal(run / "metrics.jsonl", form, [&](const JournalEntry &entry) {
        const auto *point = entry.event ? std::get_if<PointEvent>(&*entry.event) : nullptr;
        if (!point || point->chart != chart || point->series != series || !taken)
            return;
        addRow(series, static_cast<std::size_t>(point->repeat), point->x, point->y, point->label, text);
        if (text.size() >= bufferSize) {
            taken = take(text);
            text.clear();
        }
    });
    if (!read)
        return tl::unexpected(read.error());
    return taken ? take(text) : taken;
}

Result<void> writePartial(const ChartData &chart, const std::filesystem::path &run,
                          const std::filesystem::path &partial)
{
    (void)platform::removeFile(partial); // left by a program that was killed, or a link to elsewhere
    auto file = platform::AppendFile::create(partial);
    if (!file)
        return tl::unexpected(file.error());
    const auto written = chartCsv(chart, run, [&](std::string_view text) { return file->append(text); });
    return written ? file->sync() : written;
}

} // namespace

std::string chartCsv(const ChartData &chart)
{
    std::string text(heading);
    for (const SeriesData &series : chart.series)
        text += seriesCsv(series);
    return text;
}

Result<void> chartCsv(const ChartData &chart, const std::filesystem::path &run, const TakeText &take)
{
    Result<void> taken = take(heading);
    for (const SeriesData &series : chart.series)
        if (taken)
            taken = series.isThinned() ? takeFromJournal(run, chart.id, series.key, take)
                                       : take(seriesCsv(series));
    return taken;
}

Result<void> writeChartCsv(const ChartData &chart, const std::filesystem::path &run,
                           const std::filesystem::path &file)
{
    if (!chart.isThinned())
        return platform::writeFileAtomically(file, chartCsv(chart));
    std::filesystem::path partial = file;
    partial += ".partial";
    const auto written = writePartial(chart, run, partial);
    if (written)
        return platform::rename(partial, file);
    (void)platform::removeFile(partial);
    return written;
}

std::string tableCsv(const TableData &table)
{
    std::string text = "repeat";
    if (!table.rows.empty())
        for (const auto &[key, value] : table.rows.front().cells)
            text += ',' + field(key);
    text += '\n';
    for (const RowEvent &row : table.rows) {
        text += fmt::format("{}", row.repeat);
        for (const auto &[key, value] : row.cells)
            text += ',' + cell(value);
        text += '\n';
    }
    return text;
}

} // namespace losslab
