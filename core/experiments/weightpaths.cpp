#include "experiments/weightpaths.h"

#include "train/kept.h"

#include <fmt/format.h>

namespace losslab {

namespace {

std::string nameOfWeights(std::int64_t epoch)
{
    return fmt::format("weights {}", epoch);
}

} // namespace

WeightPaths::WeightPaths(std::int64_t runs, std::int64_t epochs, std::int64_t columns, std::int64_t leading)
    : history(runs * (epochs + 1), columns, leading),
      m_points(epochs + 1),
      m_seen(static_cast<std::size_t>(runs * m_points))
{}

void WeightPaths::record(std::int64_t place, const at::Tensor &weights, const EpochFigures &seen)
{
    m_seen.at(static_cast<std::size_t>(place)) = seen;
    history.record(place, weights);
}

std::int64_t WeightPaths::take(std::int64_t run, std::int64_t from, const TrainingState &state)
{
    const std::vector<double> seen = state.numbers("seen");
    const std::int64_t count = std::ssize(seen) / 2;
    for (std::int64_t epoch = from; epoch < count; ++epoch) {
        const auto at = static_cast<std::size_t>(2 * epoch);
        record(place(run, epoch), tensorOf(state.tensor(nameOfWeights(epoch))),
               {.loss = seen[at], .accuracy = seen[at + 1]});
    }
    return count;
}

void KeptPath::record(const at::Tensor &weights, const EpochFigures &seen)
{
    m_paths.record(m_paths.place(m_run, m_epochs++), weights, {.loss = seen.loss, .accuracy = seen.accuracy});
}

void KeptPath::save(TrainingState &state)
{
    std::vector<double> seen;
    for (std::int64_t epoch = 0; epoch < m_epochs; ++epoch) {
        const EpochFigures &figures = m_paths.at(m_paths.place(m_run, epoch));
        seen.insert(seen.end(), {figures.loss, figures.accuracy});
    }
    state.put("seen", seen);
    for (; m_saved < m_epochs; ++m_saved)
        state.add(nameOfWeights(m_saved), tensorData(m_paths.history.row(m_paths.place(m_run, m_saved))));
}

void KeptPath::restore(const TrainingState &state)
{
    m_epochs = m_saved = m_paths.take(m_run, m_epochs, state);
}

} // namespace losslab
