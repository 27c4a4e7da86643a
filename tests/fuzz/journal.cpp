#include "readers.h"

#include "base/plaintext.h"
#include "experiments/registry.h"
#include "lab/runsettings.h"
#include "runs/runjson.h"
#include "runs/runrecord.h"

void losslab::fuzz::readJournalFile(std::string_view input)
{
    static const std::filesystem::path folder = [] {
        RunSpec spec = makeSpec(**makeExperiment("gradient-zero"), Preset::Quick);
        spec.repeats = 2;
        return put("run/run.json", runJson(spec, {}, {RunState::Finished, {}})).parent_path();
    }();
    put("run/metrics.jsonl", input);
    const auto record = readRun(folder);
    promiseMessage(record);
    if (!record)
        return;
    for (const ChartData &chart : record->data.charts()) {
        promise(isFileName(chart.id), "a chart names a file");
        for (const SeriesData &series : chart.series) {
            promise(isPlain(series.key), "a series has a plain name");
            promise(series.repeats.size() <= 2, "there are no more repeats than the run has");
        }
    }
    for (const TableData &table : record->data.tables())
        promise(isFileName(table.id), "a table names a file");
}
