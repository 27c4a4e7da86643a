#include "store/numbertext.h"
#include "store/platform.h"
#include "store/runfolder.h"

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

} // namespace

std::string chartCsv(const ChartData &chart)
{
    std::string text = "series,repeat,x,y,label\n";
    for (const SeriesData &series : chart.series) {
        const std::string key = field(series.key);
        for (std::size_t repeat = 0; repeat < series.repeats.size(); ++repeat) {
            const SeriesPoints &points = series.repeats[repeat];
            for (std::size_t i = 0; i < points.x.size(); ++i)
                fmt::format_to(std::back_inserter(text), "{},{},{},{},{}\n", key, repeat,
                               numberText(points.x[i]), numberText(points.y[i]),
                               i < points.labels.size() ? field(points.labels[i]) : "");
        }
    }
    return text;
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

Result<std::filesystem::path> writeChartCsv(const ChartData &chart, const std::filesystem::path &folder)
{
    const std::filesystem::path path = folder / (chart.id + ".csv");
    return platform::writeFileAtomically(path, chartCsv(chart)).map([&] { return path; });
}

Result<std::filesystem::path> writeTableCsv(const TableData &table, const std::filesystem::path &folder)
{
    const std::filesystem::path path = folder / (table.id + ".csv");
    return platform::writeFileAtomically(path, tableCsv(table)).map([&] { return path; });
}

} // namespace losslab
