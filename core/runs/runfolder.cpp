#include "runs/runfolder.h"

#include "base/numbertext.h"
#include "base/plaintext.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "runs/journalreader.h"
#include "runs/journalwriter.h"
#include "runs/runjson.h"
#include "runs/safetensors.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <optional>
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
    InOrder(const Experiment &experiment, RunData &data) : m_data(data)
    {
        for (const Chart *chart : experiment.charts())
            if (chart->info().sorted)
                m_charts.insert(chart->info().id);
        for (const Table *table : experiment.tables())
            if (table->info().rows == Rows::Sorted)
                m_tables.insert(table->info().id);
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

} // namespace

struct RunFolder::Impl
{
    RunSpec spec;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> identity; ///< of the folder

    std::mutex linesMutex;
    JournalWriter writer;
    std::string lines; ///< that wait

    std::mutex fileMutex; ///< taken before linesMutex
    platform::AppendFile journal;
    std::string pending; ///< lines on their way into the file

    std::mutex modelsMutex;
    std::vector<fs::path> models; ///< files that were written

    Impl(const RunSpec &itsSpec, platform::AppendFile file) : spec(itsSpec), journal(std::move(file)) {}

    std::int64_t lineCount()
    {
        const std::lock_guard lock(linesMutex);
        return static_cast<std::int64_t>(writer.lines());
    }

    Result<void> writeLines()
    {
        {
            const std::lock_guard lock(linesMutex);
            pending += lines;
            lines.clear();
        }
        return pending.empty() ? Result<void>() : journal.appendLines(pending);
    }
};

RunFolder::RunFolder(fs::path path, std::unique_ptr<Impl> impl)
    : m_path(std::move(path)), m_impl(std::move(impl))
{}

RunFolder::~RunFolder()
{
    (void)write();
}

Result<std::unique_ptr<RunFolder>> RunFolder::create(const fs::path &folder, const RunSpec &spec,
                                                     const RunFacts &facts)
{
    if (const auto made = platform::makeFolder(folder); !made)
        return tl::unexpected(made.error());
    const auto there = platform::look(folder / "run.json");
    if (!there)
        return tl::unexpected(there.error());
    const auto journalThere = platform::look(folder / "metrics.jsonl");
    // Of two programs that choose the same folder at once, only one can make the journal.
    auto journal = platform::AppendFile::create(folder / "metrics.jsonl");
    if (*there || (!journal && journalThere && *journalThere))
        return dataError(
            fmt::format("The folder {} holds a run already. Choose another one; LossLab overwrites no run.",
                        platform::quoted(folder)));
    if (!journal)
        return tl::unexpected(journal.error());
    auto impl = std::make_unique<Impl>(spec, std::move(*journal));
    impl->identity = platform::identityOf(folder);
    std::unique_ptr<RunFolder> made(new RunFolder(folder, std::move(impl)));
    platform::clearLeftovers(folder);
    if (const auto written = platform::writeFileAtomically(folder / "run.json", runJson(spec, facts, {}));
        !written)
    {
        discard(std::move(made));
        return tl::unexpected(written.error());
    }
    return made;
}

bool RunFolder::append(const Event &event)
{
    const std::lock_guard lock(m_impl->linesMutex);
    const std::size_t before = m_impl->lines.size();
    m_impl->writer.write(event, m_impl->lines);
    return m_impl->lines.size() > before;
}

std::size_t RunFolder::unwritten() const
{
    const std::lock_guard lock(m_impl->linesMutex);
    return m_impl->lines.size();
}

Result<void> RunFolder::write()
{
    const std::lock_guard lock(m_impl->fileMutex);
    return m_impl->writeLines();
}

Result<void> RunFolder::flush()
{
    const std::lock_guard lock(m_impl->fileMutex);
    const auto written = m_impl->writeLines();
    return written ? m_impl->journal.sync() : written;
}

Result<void> RunFolder::checkPlace() const
{
    if (m_impl->identity && platform::identityOf(m_path) == m_impl->identity)
        return {};
    return dataError(
        fmt::format("The run's folder {} was deleted, moved or replaced while the run went on, so "
                    "the run cannot be kept there.",
                    platform::quoted(m_path)));
}

Result<void> RunFolder::saveModel(const std::string &name, const std::vector<TensorData> &tensors)
{
    if (!isFileName(name))
        return dataError(
            fmt::format("A model cannot be kept under the name “{}”: it is not a valid file name.",
                        plainText(name, true)));
    if (const auto inPlace = checkPlace(); !inPlace)
        return inPlace;
    const fs::path models = m_path / "models";
    if (const auto made = platform::makeFolder(models); !made)
        return made;
    const fs::path file = models / (name + ".safetensors");
    const auto written = writeSafetensors(file, tensors);
    const std::lock_guard lock(m_impl->modelsMutex);
    m_impl->models.push_back(file);
    return written;
}

Result<void> RunFolder::finish(const Experiment &experiment, const RunData &data, RunState state,
                               const std::string &message, const RunFacts &facts)
{
    if (const auto inPlace = checkPlace(); !inPlace)
        return inPlace;
    const auto flushed = flush();
    const RunStanding standing =
        flushed ? RunStanding{state, message} : RunStanding{RunState::Failed, flushed.error().message};
    const auto summary = platform::writeFileAtomically(
        m_path / "summary.json", summaryJson(experiment, m_impl->spec, data, standing.state));
    RunFacts ended = facts;
    if (flushed)
        ended.lines = m_impl->lineCount();
    const auto run =
        platform::writeFileAtomically(m_path / "run.json", runJson(m_impl->spec, ended, standing));
    for (const Result<void> &result : {flushed, summary})
        if (!result)
            return result;
    return run;
}

void RunFolder::discard(std::unique_ptr<RunFolder> folder)
{
    const fs::path path = folder->path();
    std::error_code ignored;
    if (folder->checkPlace()) {
        for (const fs::path &model : folder->m_impl->models)
            fs::remove(model, ignored);
        for (const char *file : {"run.json", "metrics.jsonl"})
            fs::remove(path / file, ignored);
        for (const fs::path &emptied : {path / "models", path}) // where nothing else is in it
            if (fs::is_empty(emptied, ignored) && !ignored)
                fs::remove(emptied, ignored);
    }
}

namespace {

/// What the journal should hold and does not, or what is not taken of it, in sentences.
std::vector<std::string> missingFrom(const JournalEnd &end, const RunFacts &facts, bool ended)
{
    std::vector<std::string> missing = end.leftOut;
    const auto lines = static_cast<std::int64_t>(end.lines);
    if (ended && lines < facts.lines)
        missing.push_back(
            fmt::format("metrics.jsonl ends after {} of its {} lines: the rest is missing. Copy the "
                        "run folder again.",
                        countText(lines), countText(facts.lines)));
    else if (!end.torn.empty())
        missing.push_back(ended ? "The last line of metrics.jsonl breaks off. It is left out."
                                : "The last line of metrics.jsonl breaks off: it was being written when the "
                                  "program ended. It is left out.");
    return missing;
}

} // namespace

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
    InOrder events(**experiment, record->data);
    JournalRules rules(**experiment);
    const auto end = readJournal(
        folder / "metrics.jsonl", record->spec.repeats, [&](const Event &event) { events.take(event); },
        &rules);
    if (!end)
        return tl::unexpected(end.error());
    events.settle();
    const std::vector<std::string> missing = missingFrom(*end, record->facts, isEnded(record->state));
    for (const std::string &sentence : missing)
        record->data.apply(NoteEvent{NoteEvent::Level::Warning, sentence});
    record->unread = isEnded(record->state) ? missing : end->leftOut; // a line may break off in a killed run
    if (!record->unread.empty())
        record->data.markIncomplete();
    record->data.apply(StateEvent{record->state, record->message});
    record->interrupted =
        record->state == RunState::Running && !platform::isBeingAppended(folder / "metrics.jsonl");
    if (record->interrupted) // whoever wrote here is gone
        for (const fs::path &written : {folder, folder / "models", folder / "charts", folder / "tables"})
            platform::clearLeftovers(written);
    return record;
}

Result<void> checkWithin(const fs::path &run, const fs::path &folder)
{
    std::error_code unreadable;
    const fs::path real = fs::weakly_canonical(folder, unreadable);
    if (unreadable || real.parent_path() == fs::weakly_canonical(run, unreadable))
        return {};
    return dataError(fmt::format("{} leads out of the run's folder, to {}. Choose another folder.",
                                 platform::quoted(folder), platform::quoted(real)));
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
