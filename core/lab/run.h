#pragma once

#include "base/device.h"
#include "base/tensordata.h"
#include "lab/event.h"
#include "lab/eventsink.h"
#include "lab/experiment.h"
#include "lab/kept.h"
#include "lab/runcontrol.h"
#include "lab/runerror.h"
#include "lab/task.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace losslab {

struct Dataset;

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
        /// Called from any task's thread, with the task's name, or none for what the run itself says.
        std::function<void(Event, const std::string &task)> sink = {};
        MemoryNeed memory = {};                                        ///< of the run's models
        double memoryBudget = std::numeric_limits<double>::infinity(); ///< bytes, for those at work at once
        std::function<const Dataset &(const std::string &data)> dataset = {}; ///< empty: the run's own
        std::function<void(const std::string &checksum)> usesData = {};
        std::function<void(const std::string &model, const std::string &suffix,
                           const std::vector<TensorData> &)>
            saveModel = {};
        /// Called from any task's thread.
        std::function<void(const std::string &model, const ModelFacts &facts)> isTrainedWith = {};
        CheckpointStore *checkpoints = nullptr; ///< none where the run cannot go on later
    };

    explicit Run(Environment environment);
    ~Run() override;

    /// The images chosen, or those of another set by its id or folder. Throws RunError where they are missing
    /// or damaged.
    const Dataset &dataset(const std::string &data = {}) const { return m_environment.dataset(data); }
    /// Says what else it trains on, by its SHA-256; empty for what its settings tell alone.
    void usesData(const std::string &checksum) const;
    std::uint64_t seed() const { return m_environment.seed; }
    /// Seed of a random stream that all models share: depends on the run's seed and the purpose alone.
    std::uint64_t sharedSeed(std::string_view purpose) const;
    Device device() const { return m_environment.device; }

    /// For an experiment that trains one model: its task, with all the cores. One a run; the name is that of
    /// the first call.
    Task &task(const std::string &name = "model");

    /// Trains models side by side over the cores: body(model, task), one task a model, named by
    /// nameOf(model); no other task of the run has that name. Returns when all have ended. One that diverges
    /// leaves the others to go on, any other failure stops them; the first failure is thrown on. A run that
    /// goes on calls no body of a model that has finished; what a body makes is therefore handed back: see
    /// collect().
    template <class Models, class Name, class Body>
    void each(const Models &models, Name nameOf, Body body)
    {
        each(models, nameOf, body, [](const auto &, const TaskCheckpoint &) {});
    }
    /// restored(model, checkpoint) takes the place of body(model, task) where the model has finished.
    template <class Models, class Name, class Body, class Restored>
    void each(const Models &models, Name nameOf, Body body, Restored restored)
    {
        runTasks(namesOf(models, nameOf),
                 {[&](std::size_t index, Task &task) {
                      body(models[index], task);
                      return TrainingState();
                  },
                  [&](std::size_t index, const TaskCheckpoint &kept) { restored(models[index], kept); }});
    }
    /// The same of bodies that make something, which is kept (see Keeping): those, in the models' order.
    template <class Models, class Name, class Body>
    auto collect(const Models &models, Name nameOf, Body body)
    {
        using Made = std::invoke_result_t<Body, decltype(*std::begin(models)), Task &>;
        std::vector<Made> made(models.size());
        runTasks(namesOf(models, nameOf), {[&](std::size_t index, Task &task) {
                                               made[index] = body(models[index], task);
                                               TrainingState result;
                                               Keeping<Made>::put(result, "made", made[index]);
                                               return result;
                                           },
                                           [&](std::size_t index, const TaskCheckpoint &kept) {
                                               made[index] = Keeping<Made>::get(kept.result, "made");
                                           }});
        return made;
    }

    /// What follows is this share of the run's work, 0 … 1; without a call, all of it. For progress alone.
    void stage(double share);
    /// The share of the run's work that is done, 0 … 1.
    double done() const;
    /// For work outside of tasks, now and then: waits while paused, throws Stopped.
    void checkpoint() const;
    /// The experiment has ended: keeps what it takes to train its only task for longer. Throws Stopped.
    void finish();

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

    /// What a model's task does, by its place among the names.
    struct TaskWork
    {
        std::function<TrainingState(std::size_t, Task &)> run;            ///< hands back what it made
        std::function<void(std::size_t, const TaskCheckpoint &)> restore; ///< of one that has finished
    };

    template <class Models, class Name>
    static std::vector<std::string> namesOf(const Models &models, Name nameOf)
    {
        std::vector<std::string> names;
        names.reserve(models.size());
        for (const auto &model : models)
            names.push_back(std::invoke(nameOf, model));
        return names;
    }

    void emit(Event event) override { emitOf({}, std::move(event)); }
    void emitOf(const std::string &task, Event event);
    bool isStopping() const;
    std::optional<TaskCheckpoint> checkpointOf(const std::string &task) const;
    void runTasks(const std::vector<std::string> &names, const TaskWork &work);
    void runTask(std::size_t index, const std::string &name, const TaskWork &work, int threads);
    void setRunning(std::size_t index, bool running);
    void fail(bool isFatal);
    class MemoryShare;
    void work(const std::vector<std::string> &names, std::atomic<std::size_t> &next, const TaskWork &work,
              int threads);
    double doneSoFar() const;
    void reportProgress(const Task &task, double done);

    Environment m_environment;
    std::unique_ptr<Task> m_task;
    mutable std::mutex m_mutex;
    std::vector<TaskProgress> m_progress;
    double m_stageStart = 0; ///< share of the run done before this stage
    double m_stageShare = 1;
    std::chrono::steady_clock::time_point m_lastProgress{};
    std::exception_ptr
        m_failure; ///< of the tasks, the first; one that ended the others before one that did not
    std::atomic<bool> m_cancelled{false};
    double m_memoryTaken = 0; ///< by models at work
    std::condition_variable m_memoryFreed;
};

} // namespace losslab
