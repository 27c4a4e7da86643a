#pragma once

#include "base/platform.h"
#include "runs/queuefile.h"

#include <functional>
#include <optional>

namespace losslab {

/// The runs that wait for their turn, kept in a file that all LossLabs of a person share. Every change reads
/// the file anew and writes it whole, under a lock, so that no program loses what another has added. One
/// program at a time, which claims the queue, runs what is in it. Of one thread.
class RunQueue
{
public:
    /// A run that was taken out, and where it stood.
    struct Removed
    {
        std::size_t place;
        QueuedRun run;
    };

    explicit RunQueue(std::filesystem::path file = platform::homeFolder() / "queue.json");

    /// As last read or written: those that have ended, the one that runs, those that wait.
    const QueueContents &contents() const { return m_contents; }
    const std::vector<QueuedRun> &runs() const { return m_contents.runs; }
    const QueuedRun *find(std::int64_t id) const;
    std::size_t waiting() const;

    /// Takes what other programs have changed; true where that is anything. A damaged file is put aside under
    /// another name, and the queue is empty then: takeNotes() says so. Data error: it cannot be read, or not
    /// put aside.
    Result<bool> refresh();
    /// Sentences on what was found, each once.
    std::vector<std::string> takeNotes();

    /// All of these changes are in the file when they return. Data error: it cannot be written, and all is as
    /// it was; or another program changes it without end.
    /// Behind those that wait. Usage error: there are too many.
    Result<void> add(const std::vector<RunSpec> &specs);
    /// Those with these numbers but for one that runs.
    Result<std::vector<Removed>> remove(const std::vector<std::int64_t> &ids);
    /// Back to where they were.
    Result<void> putBack(const std::vector<Removed> &removed);
    /// To that place among those that wait, from 0. One that does not wait stays.
    Result<void> move(std::int64_t id, std::size_t place);

    /// Makes this the one that runs the queue. What some program left running that has ended since is as its
    /// folder says: finished or failed; else it waits again, as interrupted. False where another one runs it.
    Result<bool> claim();
    void release() { m_claim.reset(); }
    bool isClaimed() const { return m_claim.has_value(); }
    /// Marks the first that waits as running, and returns it as it was before; nothing where none waits.
    Result<std::optional<QueuedRun>> beginNext();
    /// Where a run is kept that has begun.
    Result<void> setFolder(std::int64_t id, const std::filesystem::path &folder);
    /// Of one that runs; interrupted, it waits again.
    Result<void> end(std::int64_t id, QueuedState state, const std::string &message, double seconds);

private:
    struct Reading
    {
        std::string text; ///< of the file; empty where there is none
        QueueContents contents;
        std::string damage; ///< why that is no queue; empty where it is one
    };
    using Change = std::function<Result<void>(QueueContents &)>;

    Result<Reading> read() const;
    Result<void> setAside(const std::string &damage);
    Result<void> change(const Change &change);
    std::filesystem::path beside(const std::string &name) const;

    std::filesystem::path m_file;
    std::string m_text; ///< that m_contents were read from
    QueueContents m_contents;
    std::vector<std::string> m_notes;
    std::optional<platform::FileLock> m_claim;
};

} // namespace losslab
