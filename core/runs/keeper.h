#pragma once

#include "lab/event.h"
#include "lab/rundata.h"
#include "runs/runfacts.h"
#include "runs/runfolder.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace losslab {

/// Writes a run's folder while the run goes on: lines are with the system before anybody is shown what they
/// say, a fiftieth of a second after they came, and on the disk after a second; a model at once.
/// Where the disk is full, whoever has something to keep waits until there is room, or the run is stopped.
class Keeper
{
public:
    struct Watcher
    {
        std::function<bool()> isStopped;                   ///< whether to give up waiting for room
        std::function<void(const std::string &why)> waits; ///< for room, from now on
        std::function<void()> goesOn;                      ///< there was room
        std::function<std::size_t()> came;                 ///< how many events have come by now
        std::function<void(std::size_t)> written;          ///< those are with the system
    };

    Keeper(std::unique_ptr<RunFolder> folder, Watcher watcher)
        : m_folder(std::move(folder)), m_watcher(std::move(watcher))
    {}
    ~Keeper();
    Keeper(const Keeper &) = delete;
    Keeper &operator=(const Keeper &) = delete;

    /// Starts the thread. Throws std::system_error where none can be had.
    void begin();

    /// From any thread: what leaves a line will be written. False where it leaves none.
    bool keep(const Event &event, const std::string &task);
    /// From any thread: something was kept, and may be handed out once it is written. Waits for room. Throws
    /// RunError where lines before could not be written.
    void settle();
    /// From any thread: something is to be handed out that was not kept. Neither waits nor throws.
    void wake();
    /// From any thread; waits for room. Throws RunError where it cannot be kept.
    void saveModel(const std::string &name, const TaskKey &task, const std::vector<TensorData> &tensors);
    /// What the run is made with, as far as it is known: before anything depends on it. As saveModel().
    void keepFacts(const RunFacts &facts);
    /// A repeat is complete.
    void keepEnd(int repeat, std::int64_t length);
    /// All lines so far are on the disk. Waits for no room.
    Result<void> sync() { return m_folder->flush(); }
    std::uint64_t linesOf(const TaskKey &task) const { return m_folder->linesOf(task); }
    /// Whether there is anything of the run but its beginning.
    bool hasBegun() const { return m_begun; }

    /// Nothing is kept after either of these. As RunFolder::finish(), and waits for room.
    Result<void> finish(const Experiment &experiment, const RunData &data, RunState state,
                        const std::string &message, const RunFacts &facts);
    void discard();
    /// Whether the folder is still where it was made.
    bool isInPlace() const { return m_folder && m_folder->checkPlace().has_value(); }

private:
    void wake(std::unique_lock<std::mutex> lock);
    void work();
    Result<void> writeWhatCame();
    Result<void> writeWhatCan();
    Result<void> withRoom(const std::function<Result<void>()> &write);
    void endThread();

    std::unique_ptr<RunFolder> m_folder;
    Watcher m_watcher;
    std::atomic<bool> m_begun{false};

    std::mutex m_mutex; ///< of all that follows
    std::condition_variable m_changed;
    bool m_dirty = false; ///< something has come since the last writing
    bool m_ending = false;
    int m_waiting = 0; ///< threads that wait for room
    std::optional<Error> m_failure;
    std::chrono::steady_clock::time_point m_synced = std::chrono::steady_clock::now(); ///< the thread's own
    std::thread m_thread;
};

} // namespace losslab
