#include "store/runfolder.h"

#include "experiments/registry.h"
#include "store/journal.h"
#include "store/platform.h"
#include "store/runjson.h"
#include "store/safetensors.h"

#include <fmt/format.h>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t bufferSize = 65536;

} // namespace

struct RunFolder::Impl
{
    RunSpec spec;
    platform::AppendFile journal;
    JournalWriter writer = {};
    std::string buffer = {}; ///< lines not yet handed to the system

    Result<void> writeBuffer()
    {
        const auto written = journal.append(buffer);
        if (written)
            buffer.clear();
        return written;
    }
};

RunFolder::RunFolder(fs::path path, std::unique_ptr<Impl> impl)
    : m_path(std::move(path)), m_impl(std::move(impl))
{}

RunFolder::~RunFolder()
{
    (void)m_impl->writeBuffer();
}

Result<std::unique_ptr<RunFolder>> RunFolder::create(const fs::path &folder, const RunSpec &spec,
                                                     const RunFacts &facts)
{
    if (const auto made = platform::makeFolder(folder); !made)
        return tl::unexpected(made.error());
    std::error_code ignored;
    for (const char *file : {"run.json", "metrics.jsonl"})
        if (fs::exists(folder / file, ignored))
            return dataError(fmt::format(
                "The folder {} holds a run already. Choose another one; LossLab overwrites no run.",
                platform::quoted(folder)));
    // Of two programs that choose the same folder at once, only one can make the journal.
    auto journal = platform::AppendFile::create(folder / "metrics.jsonl");
    if (!journal)
        return tl::unexpected(journal.error());
    auto impl = std::make_unique<Impl>(Impl{spec, std::move(*journal)});
    std::unique_ptr<RunFolder> made(new RunFolder(folder, std::move(impl)));
    if (const auto written = platform::writeFileAtomically(folder / "run.json", runJson(spec, facts, {}));
        !written)
    {
        discard(std::move(made));
        return tl::unexpected(written.error());
    }
    return made;
}

Result<void> RunFolder::append(const Event &event)
{
    m_impl->writer.write(event, m_impl->buffer);
    return m_impl->buffer.size() < bufferSize ? Result<void>() : m_impl->writeBuffer();
}

Result<void> RunFolder::flush()
{
    const auto written = m_impl->writeBuffer();
    return written ? m_impl->journal.sync() : written;
}

Result<void> RunFolder::saveModel(const std::string &name, const std::vector<TensorData> &tensors)
{
    const fs::path models = m_path / "models";
    if (const auto made = platform::makeFolder(models); !made)
        return made;
    return writeSafetensors(models / (name + ".safetensors"), tensors);
}

Result<void> RunFolder::finish(const Experiment &experiment, const RunData &data, RunState state,
                               const std::string &message, const RunFacts &facts)
{
    const auto flushed = flush();
    const RunStanding standing =
        flushed ? RunStanding{state, message} : RunStanding{RunState::Failed, flushed.error().message};
    const auto summary = platform::writeFileAtomically(
        m_path / "summary.json", summaryJson(experiment, m_impl->spec, data, standing.state));
    const auto run =
        platform::writeFileAtomically(m_path / "run.json", runJson(m_impl->spec, facts, standing));
    for (const Result<void> &result : {flushed, summary})
        if (!result)
            return result;
    return run;
}

void RunFolder::discard(std::unique_ptr<RunFolder> folder)
{
    const fs::path path = folder->path();
    folder.reset();
    std::error_code ignored;
    for (const char *file : {"run.json", "metrics.jsonl", "models"})
        fs::remove(path / file, ignored);
    fs::remove(path, ignored); // where nothing else is in it
}

Result<RunRecord> readRun(const fs::path &folder)
{
    std::error_code ignored;
    if (!fs::exists(folder / "run.json", ignored))
        return dataError(fmt::format("{} is no run folder: it has no run.json.", platform::quoted(folder)));
    auto record = readRunJson(folder / "run.json");
    if (!record)
        return record;
    const auto experiment = makeExperiment(record->spec.experiment);
    if (!experiment)
        return tl::unexpected(experiment.error());
    record->data = RunData(**experiment);
    const auto torn = readJournal(folder / "metrics.jsonl", record->spec.repeats,
                                  [&](const Event &event) { record->data.apply(event); });
    if (!torn)
        return tl::unexpected(torn.error());
    if (!torn->empty())
        record->data.apply(
            NoteEvent{NoteEvent::Level::Warning,
                      "The last line of metrics.jsonl breaks off: it was being written when the program "
                      "ended. It is left out."});
    record->data.apply(StateEvent{record->state, record->message});
    record->interrupted =
        record->state == RunState::Running && !platform::isBeingAppended(folder / "metrics.jsonl");
    return record;
}

std::string standingText(const RunRecord &record)
{
    if (record.interrupted)
        return "interrupted (the program ended before the run did)";
    const std::string_view state = stateName(record.state);
    return record.message.empty() ? std::string(state) : fmt::format("{}: {}", state, record.message);
}

fs::path freshRunFolder(const RunSpec &spec)
{
    const fs::path first =
        platform::runsFolder() / fmt::format("{}-{}", platform::localStamp(), spec.experiment);
    (void)platform::makeFolder(platform::runsFolder());
    fs::path folder = first;
    std::error_code error;
    for (int number = 2; !fs::create_directory(folder, error) && !error; ++number)
        folder = fmt::format("{}-{}", first.string(), number);
    return folder;
}

} // namespace losslab
