#pragma once

#include "base/tensordata.h"
#include "lab/event.h"
#include "lab/rundata.h"
#include "lab/runspec.h"
#include "runs/journalwriter.h"
#include "runs/runfacts.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace losslab {

class Experiment;
struct Continuation;

/// A run on disk, being written: run.json, metrics.jsonl, summary.json, models/, charts/ (see the formats
/// page).
class RunFolder
{
public:
    /// Makes the folder (which must not hold a run yet; what a program left that was killed here at once is
    /// none) and writes run.json with state "running".
    static Result<std::unique_ptr<RunFolder>> create(const std::filesystem::path &folder, const RunSpec &spec,
                                                     const RunFacts &facts);
    /// Goes on with a run.
    static std::unique_ptr<RunFolder> goOn(Continuation &run);
    ~RunFolder();

    const std::filesystem::path &path() const { return m_path; }

    /// Adds a line for a point, a curve's points (only where `last`), a row or a figure, which waits in
    /// memory until it is written. False where the event leaves no line. Safe from several threads at once,
    /// as all but finish().
    bool append(const Event &event, const std::string &task);
    /// The same for the end of a repeat.
    void appendEnd(int repeat, std::int64_t length);
    /// Lines that the task has, those that wait among them.
    std::uint64_t linesOf(const TaskKey &task) const;
    /// Writes run.json anew, of a run that goes on.
    Result<void> writeFacts(const RunFacts &facts);
    /// Bytes that wait.
    std::size_t unwritten() const;
    /// Hands what waits to the system. Data error on a full disk: the lines there was room for are in the
    /// file and whole, the others still wait. Data error where the folder or the journal is no longer what it
    /// was.
    Result<void> write();
    /// The same, and to the disk.
    Result<void> flush();
    /// models/<name>.safetensors, written whole or not at all, and then a line with its checksum.
    Result<void> saveModel(const std::string &name, const TaskKey &task,
                           const std::vector<TensorData> &tensors);
    /// Writes summary.json (figures of `data`, published values of `experiment` beside them) and run.json's
    /// end. Where the journal cannot be completed, both say "failed" and why.
    Result<void> finish(const Experiment &experiment, const RunData &data, RunState state,
                        const std::string &message, const RunFacts &facts);

    /// Data error where another folder, or none, is where this was made.
    Result<void> checkPlace() const;

    /// Takes the folder back, with the models in it: for a run that ended before there was a line.
    static void discard(std::unique_ptr<RunFolder> folder);

private:
    struct Impl;
    explicit RunFolder(std::filesystem::path path, std::unique_ptr<Impl> impl);

    std::filesystem::path m_path;
    std::unique_ptr<Impl> m_impl;
};

/// Removes from all of a run's folders what a program that was killed has left there: nobody writes the run.
void clearRunLeftovers(const std::filesystem::path &run);

/// Whether a folder within a run's (charts, tables) is there, and not elsewhere by a link: the run may come
/// from anywhere. Data error in words.
Result<void> checkWithin(const std::filesystem::path &run, const std::filesystem::path &folder);

} // namespace losslab
