#include "runs/runrecord.h"

#include "base/numbertext.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "runs/journaltail.h"
#include "runs/runfolder.h"
#include "runs/runjson.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace losslab {

namespace {

namespace fs = std::filesystem;

/// Hands events to the data. What that keeps in the order of its values comes last and in that order: each
/// would else move all those that are there.
class InOrder
{
public:
    explicit InOrder(RunData &data) : m_data(data)
    {
        for (const ChartData &chart : data.charts())
            if (chart.info.sorted)
                m_charts.insert(chart.id);
        for (const TableData &table : data.tables())
            if (table.order == Rows::Sorted)
                m_tables.insert(table.id);
    }

    void take(const Event &event)
    {
        if (const auto *point = std::get_if<PointEvent>(&event); point && m_charts.contains(point->chart))
            return m_points[{point->chart, point->series, point->repeat}].push_back(*point);
        if (const auto *row = std::get_if<RowEvent>(&event); row && m_tables.contains(row->table))
            return m_rows.push_back(*row);
        if (const auto *curve = std::get_if<CurveEvent>(&event); curve && m_charts.contains(curve->chart))
            settle(m_points[{curve->chart, curve->series, curve->repeat}]);
        m_data.apply(event);
    }

    /// All have come.
    void settle()
    {
        for (auto &[series, points] : m_points)
            settle(points);
        std::stable_sort(m_rows.begin(), m_rows.end(), [](const RowEvent &a, const RowEvent &b) {
            return std::tie(a.repeat, a.cells.front().second) < std::tie(b.repeat, b.cells.front().second);
        });
        for (const RowEvent &row : m_rows)
            m_data.apply(row);
        m_rows.clear();
    }

private:
    void settle(std::vector<PointEvent> &points)
    {
        std::stable_sort(points.begin(), points.end(), [](const PointEvent &a, const PointEvent &b) {
            return std::tie(a.x, a.y) < std::tie(b.x, b.y);
        });
        for (const PointEvent &point : points)
            m_data.apply(point);
        points.clear();
    }

    RunData &m_data;
    std::set<std::string> m_charts; ///< that are sorted
    std::set<std::string> m_tables;
    std::map<std::tuple<std::string, std::string, int>, std::vector<PointEvent>> m_points; ///< by series
    std::vector<RowEvent> m_rows;
};

/// What the journal should hold and does not, or what is not taken of it, in sentences.
std::vector<std::string> missingFrom(const JournalEnd &end, const RunRecord &record)
{
    std::vector<std::string> missing = end.leftOut;
    const auto lines = static_cast<std::int64_t>(end.lines);
    const bool ended = isEnded(record.state);
    if (ended && lines < record.facts.lines)
        missing.push_back(
            fmt::format("metrics.jsonl ends after {} of its {} lines: the rest is missing. Copy the "
                        "run folder again.",
                        countText(lines), countText(record.facts.lines)));
    else if (!end.torn.empty() && (ended || record.interrupted)) // else the rest is still to come
        missing.emplace_back(ended
                                 ? "The last line of metrics.jsonl breaks off. It is left out."
                                 : "The last line of metrics.jsonl breaks off: it was being written when the "
                                   "program ended. It is left out.");
    return missing;
}

} // namespace

void noteEnd(RunRecord &record, const JournalEnd &end)
{
    const std::vector<std::string> missing = missingFrom(end, record);
    for (const std::string &sentence : missing)
        record.data.apply(NoteEvent{NoteEvent::Level::Warning, sentence});
    record.unread = isEnded(record.state) ? missing : end.leftOut; // a line may break off in a killed run
    if (!record.unread.empty())
        record.data.markIncomplete();
    record.data.apply(StateEvent{record.state, record.message});
}

Result<RunRecord> readRun(const fs::path &folder)
{
    const auto found = platform::look(folder / "run.json");
    if (!found)
        return tl::unexpected(found.error());
    if (!*found)
        return dataError(fmt::format("{} is no run folder: it has no run.json.", platform::quoted(folder)));
    auto record = readRunJson(folder / "run.json");
    if (!record)
        return record;
    const auto experiment = makeExperiment(record->spec.experiment);
    if (!experiment)
        return tl::unexpected(experiment.error());
    record->data = RunData(**experiment, record->spec);
    for (const auto &[model, facts] : record->facts.models)
        record->data.apply(TrainingEvent{model, facts});
    auto journal = JournalTail::open(folder / "metrics.jsonl", {record->format, record->spec.repeats},
                                     JournalRules(**experiment, record->spec));
    if (!journal)
        return tl::unexpected(journal.error());
    record->journal = std::move(*journal);
    InOrder events(record->data);
    const auto read = record->journal->readOn(
        [&](const JournalEntry &entry) {
            if (entry.event)
                events.take(*entry.event);
        },
        std::numeric_limits<std::size_t>::max());
    if (!read)
        return tl::unexpected(read.error());
    events.settle();
    const bool isWritten =
        record->state == RunState::Running && platform::isBeingAppended(folder / "metrics.jsonl");
    record->interrupted = record->state == RunState::Running && !isWritten;
    noteEnd(*record, record->journal->end());
    if (!isWritten)
        record->journal.reset();
    if (!record->interrupted)
        return record;
    if (const auto again = readRunJson(folder / "run.json"); again && again->state != RunState::Running)
        return readRun(folder); // it has ended meanwhile
    clearRunLeftovers(folder);
    return record;
}

std::string standingText(const RunRecord &record)
{
    std::string text(record.interrupted ? "interrupted (the program ended before the run did)"
                                        : stateName(record.state));
    if (!record.unread.empty())
        text += ", but part of it cannot be read";
    return record.message.empty() ? text : fmt::format("{}: {}", text, record.message);
}

} // namespace losslab
