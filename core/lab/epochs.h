#pragma once

#include "lab/event.h"

#include <cstdint>
#include <string>
#include <vector>

namespace losslab {

class Task;

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

} // namespace losslab
