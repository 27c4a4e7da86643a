#pragma once

#include "lab/event.h"
#include "lab/runspec.h"
#include "runs/eventqueue.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <thread>

namespace losslab {

struct Dataset;
struct DownloadProgress;
class RunControl;

struct RunnerOptions
{
    std::filesystem::path folder; ///< run folder to make; empty: keep nothing
};

/// Trains one run on a thread of its own (where its data set is one of the catalogue's that is not there yet,
/// that is downloaded first), writes its folder, and hands its events to a queue. Made by
/// start(); the destructor stops the run and waits.
class Runner
{
public:
    /// Checks the spec, makes the folder, starts. Errors: usage (spec), data (folder).
    static Result<std::unique_ptr<Runner>> start(const RunSpec &spec, const RunnerOptions &options);
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

    const RunSpec &spec() const { return m_spec; }
    const std::filesystem::path &folder() const { return m_folder; }
    /// Whether the folder holds the run: not where it ended before there was a line, or the folder is gone.
    bool isKept() const { return m_kept; }

private:
    struct Worker;

    Runner(RunSpec spec, RunnerOptions options);
    Result<void> prepare();
    void work();
    void runRepeats();
    const Dataset &dataset(const std::string &data);
    const Dataset &chosenDataset();
    void downloadWhereMissing(const std::string &data);
    void showDownload(const std::string &title, const DownloadProgress &progress);
    void emit(Event event);
    void keep(const Event &event);
    void hold(const std::string &why);
    void release();
    void endFolder(StateEvent &ended);

    RunSpec m_spec;
    RunnerOptions m_options;
    std::filesystem::path m_folder;
    std::unique_ptr<RunControl> m_control;
    std::unique_ptr<Worker> m_worker;
    EventQueue m_queue;
    std::atomic<int> m_repeat{0};
    std::atomic<bool> m_ended{false};
    std::atomic<bool> m_kept{false};
    std::thread m_thread;
};

} // namespace losslab
