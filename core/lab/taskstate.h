#pragma once

#include "lab/checkpoint.h"
#include "lab/epochs.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace losslab {

/// Where a task is among its loops: makes its checkpoints, and takes it back to where one was made. The loops
/// before that one are gone through again without an epoch, so what is said meanwhile has been said.
class TaskState
{
public:
    /// Without a store, nothing is kept.
    TaskState(const std::string &task, CheckpointStore *store);

    /// The task's begin is where this was made.
    void resumeFrom(TaskCheckpoint before)
    {
        m_now.charts = before.charts;
        m_before = std::move(before);
    }
    /// Whether it is not there yet.
    bool isReplaying() const { return m_before.has_value(); }

    void keep(KeptValue &value) { m_kept.push_back(&value); }
    void forget(KeptValue &value) { std::erase(m_kept, &value); }
    void setFacts(const ModelFacts &facts) { m_now.facts = facts; }
    void addChart(const std::string &chart) { m_now.charts.push_back(chart); }
    /// That the task has added to, and had when the checkpoint was made.
    const std::vector<std::string> &charts() const { return m_now.charts; }

    struct Begin
    {
        std::int64_t done = 0; ///< epochs that are complete
        bool ended = false;    ///< no other follows
    };
    /// Restores the training and what is kept beside it. Throws RunError where the loop is not the one that
    /// it was.
    Begin beginLoop(std::int64_t count, Training *training);
    /// So many are complete; `now`: a checkpoint whether it is due or not.
    void endEpoch(std::int64_t done, bool now);
    void endLoop();
    /// The task has ended.
    void finish(TrainingState result);
    /// Its run has ended, of which it is the only task: what followed its last loop is made anew where the
    /// run goes on.
    void finishRun();

private:
    void takeLoop(bool ended);
    void save(double before, std::uint64_t lines);

    CheckpointStore *m_store;
    std::optional<TaskCheckpoint> m_before;
    TaskCheckpoint m_now;
    std::size_t m_loops = 0; ///< begun
    Training *m_training = nullptr;
    std::int64_t m_done = 0;
    std::vector<KeptValue *> m_kept;
    std::chrono::steady_clock::time_point m_asked = std::chrono::steady_clock::now(); ///< the store, last
};

} // namespace losslab
