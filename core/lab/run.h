#pragma once

#include "base/tensordata.h"
#include "lab/event.h"
#include "lab/experiment.h"
#include "lab/runspec.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace losslab {

struct Dataset;
class Run;
class Task;

/// Thrown inside a task when the person asked to stop; caught once, by the runner.
struct Stopped
{};

/// A failure that names its cause and the way on.
class RunError : public std::runtime_error
{
public:
    explicit RunError(Error error) : std::runtime_error(error.message), m_error(std::move(error)) {}
    const Error &error() const { return m_error; }

private:
    Error m_error;
};

/// What a training has to say.
struct Remark
{
    RemarkEvent::Kind kind;
    std::int64_t epoch; ///< its last one
};

/// What a loop over epochs drives: a piece of training the program can ask how it stands.
class Training
{
public:
    virtual ~Training() = default;
    /// Figures of the last epoch in words: "loss 0.00214".
    virtual std::string status() const = 0;
    /// Whether it has come to where it was to come: no epoch follows.
    virtual bool settled() const { return false; }
    /// What there is to say of the training, asked once, after the last epoch. May take its time, and throw.
    virtual std::vector<Remark> remarks() { return {}; }
};

/// Stop and pause, as asked for by the person; waited on by the tasks.
class RunControl
{
public:
    void requestStop();
    void setPaused(bool paused);
    bool stopRequested() const;
    bool paused() const;
    /// Returns at once where not paused, else once unpaused, stopped or `cancelled`.
    void waitWhilePaused(const std::atomic<bool> &cancelled) const;

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    std::atomic<bool> m_stop{false};
    std::atomic<bool> m_paused{false};
};

/// The epochs of one loop, counted from 1. Between epochs: pause, stop, progress, live curves.
class EpochRange
{
public:
    EpochRange(Task &task, std::int64_t count, Training &training);
    ~EpochRange();
    EpochRange(const EpochRange &) = delete;
    EpochRange &operator=(const EpochRange &) = delete;

    class Iterator
    {
    public:
        Iterator(EpochRange *range, std::int64_t epoch) : m_range(range), m_epoch(epoch) {}
        std::int64_t operator*() const { return m_epoch; }
        Iterator &operator++();
        bool operator!=(const Iterator &other) const { return m_epoch != other.m_epoch; }

    private:
        EpochRange *m_range;
        std::int64_t m_epoch;
    };
    Iterator begin();
    Iterator end() { return {this, m_count + 1}; }

private:
    Task &m_task;
    std::int64_t m_count;
    Training &m_training;
};

/// One model's training within a run: its random stream, its share of the cores, its loop.
class Task final : public EventSink
{
public:
    Task(Run &run, std::string name, int threads);
    ~Task() override;

    const std::string &name() const { return m_name; }
    int threads() const { return m_threads; }
    Device device() const;
    /// Seed of a random stream that depends on the run's seed, this task's name and the purpose alone.
    std::uint64_t streamSeed(std::string_view purpose) const;
    /// The same for every model of the run: depends on the run's seed and the purpose alone.
    std::uint64_t sharedSeed(std::string_view purpose) const;

    /// Epochs 1 … count, or fewer where the training settles.
    EpochRange epochs(std::int64_t count, Training &training) { return {*this, count, training}; }

    /// Between batches: waits while paused, throws Stopped, tells progress. done: share of the current epoch,
    /// 0 … 1.
    void pulse(double done);
    /// For work that is no training: the same, with the share of the task's whole and a word of where it is
    /// ("α = 0.4").
    void tell(double done, std::string where);
    /// What follows is this share of the task's work, 0 … 1; without a call, all of it. For progress alone.
    void stage(double share);
    /// Where tell() said that the work is; empty in a loop over epochs.
    std::string where() const { return m_epochCount > 0 ? std::string() : m_where; }
    /// The epoch being worked on, from 1; 0 outside a loop.
    std::int64_t epoch() const { return m_epoch; }

    /// Whether something follows the loss within an epoch, and it is time to tell it: in epochs that take
    /// long, some ten times a second.
    bool wantsLoss() const;
    /// The mean loss of the batches since the last call or the epoch's begin. done: as for pulse().
    void tellLoss(double done, double loss);

    /// Says which engine computes this task's model.
    void usesEngine(std::string_view name);

    void note(NoteEvent::Level level, std::string text);
    /// Says this of the model, in the charts that the task adds to.
    void remark(const Remark &remark);
    /// Keeps this task's model as models/<task><suffix>.safetensors (names and layouts as PyTorch's
    /// nn.Sequential).
    void saveModel(const std::vector<TensorData> &tensors, const std::string &suffix = {});

private:
    friend class Chart;
    friend class EpochRange;
    friend class Run;

    struct LiveCurve
    {
        std::function<CurveEvent()> compute;
        std::optional<CurveEvent> shown;
    };

    struct Followed
    {
        LiveEvent event;         ///< chart and series
        std::optional<double> x; ///< else the place within the epoch
    };

    void emit(Event event) override;
    void show(std::string key, std::function<CurveEvent()> compute);
    void follow(LiveEvent event, std::optional<double> x) { m_followed.push_back({std::move(event), x}); }
    std::string status() const;
    bool refreshCurves();
    void completeCurves();
    void keepCurves();
    void addChart(const std::string &chart);
    void reportProgress(double done);
    void beginEpochs(std::int64_t count, Training &training);
    void endEpoch(std::int64_t epoch);
    void endEpochs();

    Run &m_run;
    std::string m_name;
    int m_threads;
    std::int64_t m_epoch = 0;
    std::int64_t m_epochCount = 0;
    std::string m_where; ///< outside a loop
    Training *m_training = nullptr;
    std::map<std::string, LiveCurve> m_curves; ///< by chart/series
    std::chrono::steady_clock::time_point m_lastCurves{};
    std::vector<Followed> m_followed;
    std::chrono::steady_clock::time_point m_lossTold{}; ///< or the epoch begun
    bool m_curvesCurrent = false;                       ///< whether they show the state after the last epoch
    std::vector<std::string> m_charts;                  ///< that it has added to
    std::vector<RemarkEvent> m_remarks;
    double m_stageStart = 0; ///< share of the task done before this stage
    double m_stageShare = 1;
};

/// What an experiment sees of the program, for one seed.
class Run final : public EventSink
{
public:
    struct Environment
    {
        std::uint64_t seed = 1;
        Device device = Device::Cpu; ///< Cpu or Cuda, never Auto
        int threads = 1;
        const RunControl *control = nullptr;
        std::function<void(Event)> sink;                               ///< called from any task's thread
        MemoryNeed memory = {};                                        ///< of the run's models
        double memoryBudget = std::numeric_limits<double>::infinity(); ///< bytes, for those at work at once
        std::function<const Dataset &()> dataset;
        std::function<void(const std::string &model, const std::string &suffix,
                           const std::vector<TensorData> &)>
            saveModel;
        /// Called from any task's thread.
        std::function<void(const std::string &model, std::string_view engine)> usesEngine = {};
    };

    explicit Run(Environment environment);
    ~Run() override;

    /// The images chosen. Throws RunError where they are missing or damaged.
    const Dataset &dataset() const { return m_environment.dataset(); }
    std::uint64_t seed() const { return m_environment.seed; }
    /// Seed of a random stream that all models share: depends on the run's seed and the purpose alone.
    std::uint64_t sharedSeed(std::string_view purpose) const;
    Device device() const { return m_environment.device; }

    /// For an experiment that trains one model: its task, with all the cores. One a run; the name is that of
    /// the first call.
    Task &task(const std::string &name = "model");

    /// Trains models side by side over the cores: body(model, task), one task a model, named by
    /// nameOf(model). Returns when all have ended; the first failure stops the others and is thrown on.
    template <class Models, class Name, class Body>
    void each(const Models &models, Name nameOf, Body body)
    {
        std::vector<std::string> names;
        names.reserve(models.size());
        for (const auto &model : models)
            names.push_back(std::invoke(nameOf, model));
        runTasks(names, [&](std::size_t index, Task &task) { body(models[index], task); });
    }

    /// What follows is this share of the run's work, 0 … 1; without a call, all of it. For progress alone.
    void stage(double share);
    /// The share of the run's work that is done, 0 … 1.
    double done() const;
    /// For work outside of tasks, now and then: waits while paused, throws Stopped.
    void checkpoint() const;

private:
    friend class Task;

    struct TaskProgress
    {
        std::string name;
        double done = 0;
        std::string text;
        bool running = false;
        std::chrono::steady_clock::time_point told{};
    };

    void emit(Event event) override;
    void runTasks(const std::vector<std::string> &names,
                  const std::function<void(std::size_t, Task &)> &body);
    void setRunning(std::size_t index, bool running);
    class MemoryShare;
    void work(const std::vector<std::string> &names, std::atomic<std::size_t> &next,
              const std::function<void(std::size_t, Task &)> &body, int threads);
    double doneSoFar() const;
    void reportProgress(const Task &task, double done);

    Environment m_environment;
    std::unique_ptr<Task> m_task;
    mutable std::mutex m_mutex;
    std::vector<TaskProgress> m_progress;
    double m_stageStart = 0; ///< share of the run done before this stage
    double m_stageShare = 1;
    std::chrono::steady_clock::time_point m_lastProgress{};
    std::exception_ptr m_failure; ///< of the tasks, the first
    std::atomic<bool> m_cancelled{false};
    double m_memoryTaken = 0; ///< by models at work
    std::condition_variable m_memoryFreed;
};

} // namespace losslab
