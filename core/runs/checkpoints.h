#pragma once

#include "base/result.h"
#include "lab/checkpoint.h"
#include "runs/checkpointfile.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace losslab {

/// Writes a run's checkpoints while the run goes on, on a thread of its own, and hands out those from before.
/// Any task's next one is due after a while that is long beside what its last one took, so that all of them
/// take less than a hundredth of the run.
class Checkpoints
{
public:
    using Kept = std::map<TaskKey, CheckpointFile>;

    /// The run's side of it; each is called from the thread that writes.
    struct Journal
    {
        std::function<std::uint64_t(const TaskKey &)> lines; ///< from any thread
        std::function<Result<void>()> sync;                  ///< all lines so far are on the disk
        std::function<void(const std::string &why)> failed;  ///< a checkpoint could not be written
        std::function<bool()> isStopped;                     ///< whether to give up waiting for room
    };

    /// `length`: see CheckpointFile. `before`: what is handed out.
    Checkpoints(std::filesystem::path run, int repeats, std::int64_t length, Journal journal, Kept before);
    ~Checkpoints();
    Checkpoints(const Checkpoints &) = delete;
    Checkpoints &operator=(const Checkpoints &) = delete;

    /// Starts the thread. Throws std::system_error where none can be had.
    void begin();

    /// As CheckpointStore has them, of one repeat.
    std::optional<TaskCheckpoint> take(const TaskKey &task);
    std::uint64_t lines(const TaskKey &task) const { return m_journal.lines(task); }
    bool isDue(const TaskKey &task) const;
    void save(int repeat, TaskCheckpoint checkpoint, double seconds);

    /// What all so far have taken of processors' time.
    double seconds() const;

    /// Writes what is to be written still; nothing is taken after.
    void finish();
    /// Of a run that has finished: removes what only one that goes on in its middle needs.
    void clearParts() const;

private:
    using Clock = std::chrono::steady_clock;
    struct Pace
    {
        Clock::time_point last = Clock::now();
        double seconds = 0; ///< of a processor's time that the last one took, to make and to write
        int waiting = 0;    ///< to be written
        int parts = 0;
        bool hasGap = false; ///< what was added once could not be written
    };

    void work();
    bool write(CheckpointFile &file);

    std::filesystem::path m_run;
    int m_repeats;
    std::int64_t m_length;
    std::optional<double> m_interval; ///< seconds, where a test has chosen them
    Journal m_journal;

    mutable std::mutex m_mutex; ///< of all that follows
    std::condition_variable m_changed;
    Kept m_before;
    mutable std::map<TaskKey, Pace> m_paces;
    std::deque<CheckpointFile> m_waiting;
    bool m_ending = false;
    bool m_hasFailed = false;
    double m_seconds = 0;
    std::thread m_thread;
};

/// One repeat's part of a run's checkpoints.
class RepeatCheckpoints final : public CheckpointStore
{
public:
    RepeatCheckpoints(Checkpoints &all, int repeat) : m_all(all), m_repeat(repeat) {}

    std::optional<TaskCheckpoint> take(const std::string &task) override
    {
        return m_all.take({m_repeat, task});
    }
    std::uint64_t lines(const std::string &task) const override { return m_all.lines({m_repeat, task}); }
    bool isDue(const std::string &task) const override { return m_all.isDue({m_repeat, task}); }
    void save(TaskCheckpoint checkpoint, double seconds) override
    {
        m_all.save(m_repeat, std::move(checkpoint), seconds);
    }

private:
    Checkpoints &m_all;
    int m_repeat;
};

} // namespace losslab
