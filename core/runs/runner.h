#pragma once

#include "lab/event.h"
#include "lab/rundata.h"
#include "lab/runspec.h"
#include "runs/checkpoints.h"
#include "runs/eventqueue.h"
#include "runs/runcheck.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <thread>

namespace losslab {

struct DataChecksums;
struct Dataset;
struct Continuation;
class RunControl;
class RunFolder;

struct RunnerOptions
{
    std::filesystem::path folder;    ///< run folder to make; empty: keep nothing
    std::int64_t stopAtQuestion = 0; ///< for tests, see RunControl
};

struct ResumeOptions
{
    std::int64_t moreEpochs = 0;     ///< than the run's settings say, see lengthParameter()
    std::int64_t stopAtQuestion = 0; ///< for tests, see RunControl
};

/// Trains one run on a thread of its own (where its data set is one of the catalogue's that is not there yet,
/// that is downloaded first), writes its folder, and hands its events to a queue: what leaves lines in the
/// folder once the system has them, so that a program that is killed loses nothing that was seen. Made by
/// start() or resume(); the destructor stops the run and waits.
class Runner
{
public:
    /// Checks the spec, makes the folder, starts. Errors: usage (spec), data (folder).
    static Result<std::unique_ptr<Runner>> start(const RunSpec &spec, const RunnerOptions &options);
    /// Goes on with a run where its checkpoints are, in its folder: rows, models and figures come out as of a
    /// run that was never left, bit for bit where device, processor and number of threads are the same.
    /// Errors: usage (it has finished and no more epochs are asked for, or an earlier version made it), data
    /// (another program writes it, the folder, other images than before).
    static Result<std::unique_ptr<Runner>> resume(const std::filesystem::path &folder,
                                                  const ResumeOptions &options = {});
    ~Runner();
    Runner(const Runner &) = delete;
    Runner &operator=(const Runner &) = delete;

    /// Events since the last call, in order; never waits. The last one is a StateEvent with an ended state.
    std::vector<Event> take() { return m_queue.take(); }
    /// The same, but waits: that long, or until many have come, or the state has changed.
    std::vector<Event> waitTake(std::chrono::milliseconds atMost) { return m_queue.waitTake(atMost); }

    void pause();
    void resume();
    /// Ends within a second: at the next batch.
    void stop();
    /// True once the last event has been put into the queue and the folder is complete.
    bool ended() const { return m_ended; }

    /// What the run had said before it went on, and still holds; of one that was started, nothing. The events
    /// come after it.
    const RunData &kept() const { return m_before; }

    /// What checkpoints have taken of processors' time.
    double checkpointSeconds() const;

    const RunSpec &spec() const { return m_spec; }
    const std::filesystem::path &folder() const { return m_folder; }
    /// Whether the folder holds the run: not where it ended before there was a line, or the folder is gone.
    bool isKept() const { return m_kept; }

private:
    struct Worker;

    Runner(CheckedRun checked, std::filesystem::path folder);
    static Result<std::unique_ptr<Runner>> begun(std::unique_ptr<Runner> runner);
    void makeKeeper(std::unique_ptr<RunFolder> folder, Checkpoints::Kept checkpoints);
    Result<void> makeFolder();
    Result<void> takeFolder(Continuation run);
    void work();
    void runRepeats();
    void runRepeat(int repeat);
    void checkImages(const Dataset &images);
    void keepChecksums(const DataChecksums &data);
    void emit(Event event, const std::string &task = {});
    void hold(const std::string &why);
    void release();
    void endFolder(StateEvent &ended);

    RunSpec m_spec;
    std::filesystem::path m_folder;
    RunData m_before;
    std::unique_ptr<RunControl> m_control;
    EventQueue m_queue; ///< before the worker, whose threads put into it to the last
    std::unique_ptr<Worker> m_worker;
    std::atomic<int> m_repeat{0};
    std::atomic<bool> m_ended{false};
    std::atomic<bool> m_kept{false};
    std::thread m_thread;
};

} // namespace losslab
