#pragma once

#include "base/result.h"
#include "lab/jsonfields.h"
#include "lab/runspec.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// The queue of runs as values, and as the text of queue.json.
namespace losslab {

/// How a run of the queue stands.
enum class QueuedState {
    Waiting,
    Interrupted, ///< it waits, and had been begun when the program ended
    Running,
    Finished,
    Stopped,
    Failed,
};

/// "waiting", "interrupted", …: as in queue.json.
std::string_view queuedStateName(QueuedState state);
Result<QueuedState> queuedStateFromName(std::string_view name);
/// Waiting or interrupted: it is still to be run.
bool waits(QueuedState state);
/// Finished, stopped or failed.
bool isEnded(QueuedState state);

struct QueuedRun
{
    std::int64_t id = 0; ///< of no other run that is or was in the queue
    RunSpec spec;
    QueuedState state = QueuedState::Waiting;
    std::filesystem::path folder = {}; ///< the run's, from when it was begun
    std::string message = {};          ///< why it failed
    double seconds = -1;               ///< that it took; negative: not known

    /// Why its settings cannot be taken, in a sentence: another LossLab put it there. Empty where they can.
    std::string misfit = {};
    Json asRead = {}; ///< its spec where that is so: it is written as it was
};

constexpr std::size_t mostQueued = 1000; ///< runs

/// All that the file says.
struct QueueContents
{
    std::vector<QueuedRun> runs; ///< those that have ended, the one that runs, those that wait
    std::int64_t nextId = 1;
};

/// Brings the runs into the order above; else they stay as they stand.
void putInOrder(std::vector<QueuedRun> &runs);

std::string queueText(const QueueContents &contents);

/// Data error in words: the text is damaged, or a newer LossLab's. `file`: what it is called in these. A run
/// that does not fit this LossLab's experiments is read, and says so.
Result<QueueContents> readQueueText(std::string_view text, const std::filesystem::path &file);

} // namespace losslab
