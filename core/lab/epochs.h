#pragma once

#include "lab/event.h"

#include <cstdint>
#include <string>
#include <vector>

namespace losslab {

class Task;
class TrainingState;

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

    /// All that the epochs to come depend on, between two epochs. What was saved so is restored before the
    /// first epoch of a training that was made alike, which then goes on bit for bit as this one does.
    virtual void save(TrainingState &state) const = 0;
    virtual void restore(const TrainingState &state) = 0;
};

/// The epochs of one loop, counted from 1; of a run that goes on, from the one after the last that is kept.
/// Between epochs: pause, stop, progress, live curves, checkpoints.
class EpochRange
{
public:
    /// Without a training: pieces of work of another kind, as Task::pieces().
    EpochRange(Task &task, std::int64_t count, Training *training);
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
    Training *m_training;
};

} // namespace losslab
