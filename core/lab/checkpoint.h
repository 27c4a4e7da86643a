#pragma once

#include "lab/modelfacts.h"
#include "lab/trainingstate.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace losslab {

/// How far a loop over epochs is, and all that it takes to go on.
struct LoopState
{
    std::int64_t count = 0;  ///< epochs that there are to be
    std::int64_t done = 0;   ///< those that are complete
    bool ended = false;      ///< no epoch follows, whether all are done or not
    std::uint64_t lines = 0; ///< of the task's that the journal has by then
    /// On reading with all that was added to it, else without.
    TrainingState state = {};
};

/// How far a task is. With it and the run's settings, the task goes on as if it had not been left.
struct TaskCheckpoint
{
    std::string task;
    ModelFacts facts;                     ///< of its model, as far as they are told
    std::vector<std::string> charts = {}; ///< that it has added to
    std::vector<LoopState> loops;         ///< that it has begun, the last of which may go on
    bool finished = false;                ///< it need not be run again
    std::uint64_t lines = 0;              ///< of its that the journal has
    TrainingState result;                 ///< of a finished one: what it hands to the run
    TrainingState::Tensors added;         ///< to the last loop's state since the checkpoint before
};

/// Where a run's checkpoints are kept.
class CheckpointStore
{
public:
    virtual ~CheckpointStore() = default;

    /// What is kept of the task from before; handed out once.
    virtual std::optional<TaskCheckpoint> take(const std::string &task) = 0;
    /// How many lines of the journal the task has.
    virtual std::uint64_t lines(const std::string &task) const = 0;
    /// Whether it is time for another one of the task, and the one before is written.
    virtual bool isDue(const std::string &task) const = 0;
    /// Hands over a checkpoint, which took so many seconds of a processor; it is written soon, once the
    /// journal's lines before it are on the disk.
    virtual void save(TaskCheckpoint checkpoint, double seconds) = 0;
};

} // namespace losslab
