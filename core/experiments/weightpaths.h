#pragma once

#include "analysis/pca.h"
#include "lab/kept.h"
#include "train/trainer.h"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace losslab {

/// Weights and what was seen with them, at the start (epoch 0) and after every epoch of every run.
class WeightPaths
{
public:
    /// columns, leading: see WeightHistory.
    WeightPaths(std::int64_t runs, std::int64_t epochs, std::int64_t columns, std::int64_t leading);

    std::int64_t place(std::int64_t run, std::int64_t epoch) const { return run * m_points + epoch; }
    std::int64_t runOf(std::int64_t place) const { return place / m_points; }
    std::int64_t epochOf(std::int64_t place) const { return place % m_points; }
    const EpochFigures &at(std::int64_t place) const { return m_seen[static_cast<std::size_t>(place)]; }

    /// weights: [columns], copied.
    void record(std::int64_t place, const at::Tensor &weights, const EpochFigures &seen);
    /// Records what a KeptPath of the run has saved, from this epoch on; the number of epochs that it has,
    /// the start among them.
    std::int64_t take(std::int64_t run, std::int64_t from, const TrainingState &state);

    WeightHistory history;
    std::mutex drawing;
    std::chrono::steady_clock::time_point drawn{};

private:
    std::int64_t m_points;            ///< of each run
    std::vector<EpochFigures> m_seen; ///< by place
};

/// One run's path, kept with its training: weights are written once each.
class KeptPath final : public KeptValue
{
public:
    KeptPath(Task &task, WeightPaths &paths, std::int64_t run) : KeptValue(task), m_paths(paths), m_run(run)
    {}

    /// weights: [columns], of the next epoch; of the start first.
    void record(const at::Tensor &weights, const EpochFigures &seen);

    void save(TrainingState &state) override;
    void restore(const TrainingState &state) override;

private:
    WeightPaths &m_paths;
    std::int64_t m_run;
    std::int64_t m_epochs = 0; ///< recorded, the start among them
    std::int64_t m_saved = 0;
};

} // namespace losslab
