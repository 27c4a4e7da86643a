#include "readers.h"

#include "base/plaintext.h"
#include "experiments/registry.h"
#include "lab/runsettings.h"
#include "runs/journalline.h"
#include "runs/runjson.h"
#include "runs/runrecord.h"

#include <cstdlib>

namespace {

namespace fs = std::filesystem;
using losslab::fuzz::promise;

fs::path folderOf(std::string_view name, int format)
{
    // The catalogue is read with every run, and this one is read at once.
    const fs::path data =
        losslab::fuzz::put("data/catalogue.json", R"({"format":2,"datasets":[]})").parent_path();
    ::setenv("LOSSLAB_DATA", data.c_str(), 1);
    losslab::RunSpec spec =
        losslab::makeSpec(**losslab::makeExperiment("gradient-zero"), losslab::Preset::Quick);
    spec.repeats = 2;
    std::string text = losslab::runJson(spec, {}, {losslab::RunState::Finished, {}});
    const std::size_t place = text.find("\"format\": ");
    text[place + 10] = static_cast<char>('0' + format);
    return losslab::fuzz::put(std::string(name) + "/run.json", text).parent_path();
}

/// Lines as format 1 has them get their numbers and check sums: else nothing but these would be looked at.
std::string withSums(std::string_view input)
{
    constexpr std::string_view begin = "{\"seq\":";
    std::string text;
    std::uint64_t number = 0;
    while (!input.empty()) {
        const std::size_t end = std::min(input.find('\n'), input.size());
        const std::string_view line = input.substr(0, end);
        const std::size_t comma = line.find(',');
        if (line.starts_with(begin) && line.ends_with('}') && comma != std::string_view::npos)
            losslab::appendJournalLine(text, ++number, line.substr(comma + 1, line.size() - comma - 2));
        else
            text.append(line).append(end < input.size() ? "\n" : "");
        input.remove_prefix(std::min(end + 1, input.size()));
    }
    return text;
}

void readIn(const fs::path &folder)
{
    const auto record = losslab::readRun(folder);
    losslab::fuzz::promiseMessage(record);
    if (!record)
        return;
    for (const losslab::ChartData &chart : record->data.charts()) {
        promise(losslab::isFileName(chart.id), "a chart names a file");
        for (const losslab::SeriesData &series : chart.series) {
            promise(losslab::isPlain(series.key), "a series has a plain name");
            promise(series.repeats.size() <= 2, "there are no more repeats than the run has");
        }
    }
    for (const losslab::TableData &table : record->data.tables())
        promise(losslab::isFileName(table.id), "a table names a file");
}

} // namespace

void losslab::fuzz::readJournalFile(std::string_view input)
{
    static const fs::path first = folderOf("run1", 1), second = folderOf("run2", 2);
    put("run1/metrics.jsonl", input);
    readIn(first);
    put("run2/metrics.jsonl", withSums(input));
    readIn(second);
}
