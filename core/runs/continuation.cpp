#include "runs/continuation.h"

#include "base/numbertext.h"
#include "experiments/registry.h"
#include "lab/runspec.h"
#include "runs/journalline.h"
#include "runs/journalreader.h"
#include "runs/runfolder.h"
#include "runs/runjson.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr const char *journalName = "metrics.jsonl";
constexpr std::size_t bufferSize = std::size_t{1} << 20;

using Sound = Continuation::Sound;

void noteRemark(Sound &sound, const TaskKey &task, RemarkEvent::Kind kind)
{
    if (kind == RemarkEvent::Kind::Converged)
        sound.converged.try_emplace(task, true);
    else if (kind == RemarkEvent::Kind::NotConverged)
        sound.converged[task] = false;
}

Result<Sound> soundPartOf(const fs::path &journal, const RunRecord &record)
{
    Sound sound;
    const auto end =
        readJournal(journal, {record.format, record.spec.repeats}, [&](const JournalEntry &entry) {
            if (entry.number != sound.lines + 1)
                return;
            ++sound.lines;
            ++sound.counts[entry.task];
            if (entry.endedWith)
                sound.endedRepeats[entry.task.first] = *entry.endedWith;
            if (const auto *remark = entry.event ? std::get_if<RemarkEvent>(&*entry.event) : nullptr)
                noteRemark(sound, entry.task, remark->kind);
        });
    if (!end)
        return tl::unexpected(end.error());
    sound.isAll = end->torn.empty() && end->lines == sound.lines;
    return sound;
}

/// What of a checkpoint that was made with other epochs than there are to be now: up to the end of the loop
/// that had these epochs. False where there is none.
bool cutToLoop(CheckpointFile &file)
{
    std::vector<LoopState> &loops = file.checkpoint.loops;
    const auto found = std::find_if(loops.begin(), loops.end(), [&](const LoopState &loop) {
        return loop.count == file.length && loop.state.has("parameters"); // of a training, not of pieces
    });
    if (found == loops.end() || (file.parts > 0 && found + 1 != loops.end()))
        return false;
    loops.erase(found + 1, loops.end());
    file.checkpoint.finished = false;
    file.checkpoint.result = {};
    if (loops.back().ended)
        file.checkpoint.lines = loops.back().lines;
    return true;
}

/// The checkpoints that can be gone on from.
Checkpoints::Kept usableCheckpoints(Continuation &run)
{
    Checkpoints::Kept usable;
    std::set<std::string> told; // names of those that are spoken of
    std::error_code unreadable;
    for (fs::directory_iterator entry(checkpointsFolder(run.record.folder), unreadable), end;
         !unreadable && entry != end; entry.increment(unreadable))
    {
        const std::string name = entry->path().stem().string();
        if (entry->path().extension() != ".safetensors")
            continue;
        auto file = readCheckpoint(entry->path());
        if (!file) {
            run.notes.push_back(file.error().message + " What it was of is trained anew.");
            run.refused.push_back(entry->path());
            told.insert(name);
            continue;
        }
        const TaskKey task(file->repeat, file->checkpoint.task);
        const auto lines = run.sound.counts.find(task);
        if (run.endedRepeats.contains(file->repeat)
            || name != taskFileName(task.second, task.first, run.record.spec.repeats))
            continue;
        if ((file->length != run.length && !cutToLoop(*file))
            || (file->checkpoint.loops.empty() && !file->checkpoint.finished))
        {
            run.refused.push_back(entry->path());
            continue;
        }
        if (file->checkpoint.lines > (lines == run.sound.counts.end() ? 0 : lines->second)) {
            run.notes.push_back(
                fmt::format("The journal is damaged before the checkpoint of {}, which is trained "
                            "anew.",
                            task.second));
            run.refused.push_back(entry->path());
            told.insert(name);
            continue;
        }
        usable.emplace(task, std::move(*file));
    }
    for (const auto &[task, lines] : run.sound.counts) {
        const std::string name = taskFileName(task.second, task.first, run.record.spec.repeats);
        if (!task.second.empty() && !run.endedRepeats.contains(task.first) && !usable.contains(task)
            && !told.contains(name))
            run.notes.push_back(
                fmt::format("{} has no checkpoint to go on from, and is trained anew.", name));
    }
    return usable;
}

/// Whether a line stays, of which so many of its task did before it.
bool stays(const Continuation &run, const TaskKey &task, std::uint64_t before)
{
    if (run.endedRepeats.contains(task.first))
        return true;
    const auto found = run.checkpoints.find(task);
    return found != run.checkpoints.end() && before < found->second.checkpoint.lines;
}

bool allStay(const Continuation &run)
{
    const Sound &sound = run.sound;
    return sound.isAll && std::all_of(sound.counts.begin(), sound.counts.end(), [&](const auto &task) {
               return stays(run, task.first, task.second - 1);
           });
}

fs::path cutName(const Continuation &run)
{
    return run.record.folder / ".losslab-journal.tmp";
}

/// The lines that stay in a file of their own, on the disk.
Result<platform::AppendFile> cutJournal(Continuation &run)
{
    const fs::path journal = run.record.folder / journalName, fresh = cutName(run);
    (void)platform::removeFile(fresh); // of a program that was killed
    auto file = platform::AppendFile::create(fresh);
    if (!file)
        return file;
    std::string text;
    std::uint64_t seen = 0, kept = 0;
    Result<void> written;
    const auto read =
        readJournal(journal, {run.record.format, run.record.spec.repeats}, [&](const JournalEntry &entry) {
            if (!written || entry.number != seen + 1 || seen++ == run.sound.lines
                || !stays(run, entry.task, run.counts[entry.task]))
            {
                if (entry.saved)
                    run.outdated.push_back(run.record.folder / "models"
                                           / (entry.saved->file + ".safetensors"));
                return;
            }
            ++run.counts[entry.task];
            appendJournalLine(text, ++kept, entry.fields);
            if (text.size() >= bufferSize) {
                written = file->append(text);
                text.clear();
            }
        });
    if (!read)
        written = tl::unexpected(read.error());
    if (written)
        written = file->append(text);
    if (written)
        written = file->sync();
    if (!written) {
        (void)platform::removeFile(fresh);
        return tl::unexpected(written.error());
    }
    std::erase_if(run.counts, [](const auto &task) { return task.second == 0; });
    return file;
}

/// Its charts and tables as CSV: they are of before, and can be written again.
void addExports(Continuation &run)
{
    const std::string begin = run.record.spec.experiment + '-';
    std::size_t count = 0;
    for (const char *folder : {"charts", "tables"}) {
        if (!checkWithin(run.record.folder, run.record.folder / folder))
            continue;
        std::error_code error;
        for (fs::directory_iterator entry(run.record.folder / folder, error), end; !error && entry != end;
             entry.increment(error))
            if (const fs::path &file = entry->path();
                file.filename().string().starts_with(begin) && file.extension() == ".csv")
            {
                run.outdated.push_back(file);
                ++count;
            }
    }
    if (count > 0)
        run.notes.emplace_back(
            "Charts and tables written as CSV were of the run as it was: they were removed. "
            "Export them again when it has ended.");
}

/// The settings with so many epochs more. Usage error: the experiment has no epochs, or not so many.
Result<void> lengthen(Continuation &run, std::int64_t moreEpochs)
{
    RunSpec &spec = run.record.spec;
    const auto experiment = makeExperiment(spec.experiment);
    if (!experiment)
        return tl::unexpected(experiment.error());
    const Parameter *length = lengthParameter(spec, **experiment);
    Value *value = length ? spec.find(length->info().key) : nullptr;
    auto *epochs = value ? std::get_if<std::int64_t>(value) : nullptr;
    if (!epochs)
        return moreEpochs == 0 ? Result<void>() : usageError("This experiment has no number of epochs.");
    if (const std::int64_t most = mostMoreEpochs(length->info(), *epochs); moreEpochs > most)
        return usageError(fmt::format("This run has {} epochs, and can have at most {} more.",
                                      countText(*epochs), countText(most)));
    *epochs += moreEpochs;
    run.length = *epochs;
    if (moreEpochs > 0)
        spec.ownPreset.clear(); // which has other settings
    return {};
}

/// Whether more epochs would change nothing of a run that has finished.
bool haveAllConverged(const Continuation &run)
{
    const auto &converged = run.sound.converged;
    return run.record.state == RunState::Finished && !converged.empty()
           && std::all_of(run.sound.counts.begin(), run.sound.counts.end(), [&](const auto &task) {
                  const auto found = converged.find(task.first);
                  return task.first.second.empty() || (found != converged.end() && found->second);
              });
}

} // namespace

std::int64_t mostMoreEpochs(const ParameterInfo &length, std::int64_t epochs)
{
    const std::optional<Limits> limits = length.kind->limits();
    const std::int64_t most = limits ? static_cast<std::int64_t>(limits->max) : epochs;
    return std::max<std::int64_t>(most - epochs, 0);
}

std::optional<std::string> whyNotContinued(const RunRecord &record, bool longer)
{
    if (record.format < 2)
        return "An earlier version of LossLab made this run, which kept no checkpoints: it can be looked at, "
               "and "
               "started anew with its settings.";
    if (record.state == RunState::Finished && !longer)
        return "This run has finished. To train it for longer, say for how many epochs more.";
    if (record.state == RunState::Running && !record.interrupted)
        return "This run is still going on.";
    return std::nullopt;
}

Result<Continuation> openToContinue(const fs::path &folder, std::int64_t moreEpochs)
{
    const fs::path journal = folder / journalName;
    if (const auto is = checkIsRun(folder); !is)
        return tl::unexpected(is.error());
    auto old = platform::AppendFile::reopen(journal); // first: what another program writes there is not read
    if (!old)
        return tl::unexpected(old.error());
    auto record = readRunJson(folder / "run.json");
    if (!record)
        return tl::unexpected(record.error());
    record->interrupted = record->state == RunState::Running;
    if (const auto why = whyNotContinued(*record, moreEpochs > 0))
        return usageError(*why);
    Continuation run{.record = std::move(*record), .journal = std::move(*old)};
    run.record.folder = folder;
    if (const auto lengthened = lengthen(run, moreEpochs); !lengthened)
        return tl::unexpected(lengthened.error());
    auto sound = soundPartOf(journal, run.record);
    if (!sound)
        return tl::unexpected(sound.error());
    run.sound = std::move(*sound);
    for (const auto &[repeat, length] : run.sound.endedRepeats)
        if (length == run.length)
            run.endedRepeats.insert(repeat);
    if (moreEpochs > 0 && haveAllConverged(run))
        return usageError("All models of this run had converged before their epochs were over: more of them "
                          "would change nothing.");
    run.checkpoints = usableCheckpoints(run);
    if (const Value *schedule = run.record.spec.find("schedule");
        moreEpochs > 0 && schedule && toText(*schedule) != "constant")
        run.notes.emplace_back(
            "The learning rate's schedule is one over all epochs: those that are trained had it as "
            "it was before. A run that had so many epochs from its begin comes out otherwise.");
    return run;
}

Result<void> prepareToContinue(Continuation &run)
{
    const fs::path &folder = run.record.folder;
    clearRunLeftovers(folder);
    std::optional<platform::AppendFile> cut;
    if (!allStay(run)) {
        auto made = cutJournal(run);
        if (!made)
            return tl::unexpected(made.error());
        cut.emplace(std::move(*made));
    }
    run.record.facts.resumed.push_back(platform::utcNow());
    run.record.facts.ended.clear();
    run.record.facts.lines = -1;
    if (const auto written = platform::writeFileAtomically(folder / "run.json",
                                                           runJson(run.record.spec, run.record.facts, {}));
        !written)
    {
        if (cut)
            (void)platform::removeFile(cutName(run));
        return written;
    }
    if (cut) {
        if (const auto moved = cut->moveTo(folder / journalName); !moved)
            return moved;
        run.journal = std::move(*cut);
    } else {
        run.counts = run.sound.counts;
    }
    run.outdated.push_back(folder / "summary.json");
    addExports(run);
    run.outdated.insert(run.outdated.end(), run.refused.begin(), run.refused.end());
    for (const fs::path &file : run.outdated)
        (void)platform::removeFile(file);
    return {};
}

} // namespace losslab
