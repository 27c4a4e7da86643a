#include "runs/runfolder.h"

#include "base/numbertext.h"
#include "base/plaintext.h"
#include "base/platform.h"
#include "base/sha256.h"
#include "data/safetensors.h"
#include "runs/checkpointfile.h"
#include "runs/continuation.h"
#include "runs/runjson.h"

#include <fmt/format.h>
#include <mutex>
#include <optional>

namespace losslab {

namespace fs = std::filesystem;

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

    Impl(const RunSpec &itsSpec, platform::AppendFile file, JournalWriter itsWriter = {})
        : spec(itsSpec), writer(std::move(itsWriter)), journal(std::move(file))
    {}

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

std::unique_ptr<RunFolder> RunFolder::goOn(Continuation &run)
{
    auto impl = std::make_unique<Impl>(run.record.spec, std::move(run.journal), JournalWriter(run.counts));
    impl->identity = platform::identityOf(run.record.folder);
    return std::unique_ptr<RunFolder>(new RunFolder(run.record.folder, std::move(impl)));
}

Result<void> RunFolder::writeFacts(const RunFacts &facts)
{
    if (const auto inPlace = checkPlace(); !inPlace)
        return inPlace;
    return platform::writeFileAtomically(m_path / "run.json", runJson(m_impl->spec, facts, {}));
}

void RunFolder::appendEnd(int repeat, std::int64_t length)
{
    const std::lock_guard lock(m_impl->linesMutex);
    m_impl->writer.writeEnd(repeat, length, m_impl->lines);
}

std::uint64_t RunFolder::linesOf(const TaskKey &task) const
{
    const std::lock_guard lock(m_impl->linesMutex);
    return m_impl->writer.linesOf(task);
}

bool RunFolder::append(const Event &event, const std::string &task)
{
    const std::lock_guard lock(m_impl->linesMutex);
    const std::size_t before = m_impl->lines.size();
    m_impl->writer.write(event, task, m_impl->lines);
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

Result<void> RunFolder::saveModel(const std::string &name, const TaskKey &task,
                                  const std::vector<TensorData> &tensors)
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
    const std::string content = safetensorsText({tensors});
    const auto written = platform::writeFileAtomically(file, content);
    {
        const std::lock_guard lock(m_impl->modelsMutex);
        m_impl->models.push_back(file);
    }
    if (written) {
        const std::lock_guard lock(m_impl->linesMutex);
        m_impl->writer.writeSaved({name, content.size(), sha256(content)}, task, m_impl->lines);
    }
    return written;
}

Result<void> RunFolder::finish(const Experiment &experiment, const RunData &data, RunState state,
                               const std::string &message, const RunFacts &facts)
{
    if (const auto inPlace = checkPlace(); !inPlace)
        return inPlace;
    const auto flushed = flush();
    RunStanding standing =
        flushed ? RunStanding{state, message} : RunStanding{RunState::Failed, flushed.error().message};
    const auto summary = platform::writeFileAtomically(
        m_path / "summary.json", summaryJson(experiment, m_impl->spec, data, standing.state));
    if (flushed && !summary)
        standing = {RunState::Failed, summary.error().message};
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
    if (!folder->checkPlace())
        return;
    for (const fs::path &model : folder->m_impl->models)
        (void)platform::removeFile(model);
    for (const char *file : {"run.json", "metrics.jsonl"})
        (void)platform::removeFile(path / file);
    for (const fs::path &emptied : {path / "models", path}) // where nothing else is in it
        (void)platform::removeEmptyFolder(emptied);
}

void clearRunLeftovers(const fs::path &run)
{
    for (const fs::path &folder : {run, run / "models", checkpointsFolder(run),
                                   partsFolder(checkpointsFolder(run)), run / "charts", run / "tables"})
        platform::clearLeftovers(folder);
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

} // namespace losslab
