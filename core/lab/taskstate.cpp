#include "lab/taskstate.h"

#include "base/platform.h"
#include "lab/runerror.h"

#include <fmt/format.h>
#include <utility>

namespace losslab {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto askInterval = std::chrono::milliseconds(100); ///< a small network has many epochs in it

[[noreturn]] void refuseCheckpoint(const std::string &task)
{
    throw RunError(
        dataError(fmt::format("The checkpoint of {} is of another training than this. Start the run "
                              "anew.",
                              task))
            .value());
}

} // namespace

TaskState::TaskState(const std::string &task, CheckpointStore *store) : m_store(store)
{
    m_now.task = task;
}

TaskState::Begin TaskState::beginLoop(std::int64_t count, Training *training)
{
    const std::size_t loop = m_loops++;
    m_training = training;
    m_done = 0;
    if (!m_before) {
        m_now.loops.push_back({.count = count});
        return {};
    }
    if (loop >= m_before->loops.size())
        refuseCheckpoint(m_now.task);
    LoopState &before = m_before->loops[loop];
    const bool isLast = m_loops == m_before->loops.size();
    if (before.done < 0 || before.done > before.count || count < before.count
        || (count > before.count && !isLast))
        throw RunError(dataError(fmt::format("{} had {} epochs when its checkpoint was made and now has {}, "
                                             "which it cannot go on with. Start the run anew.",
                                             m_now.task, before.count, count))
                           .value());
    if (training)
        training->restore(before.state);
    for (KeptValue *value : m_kept)
        value->restore(before.state);
    const bool hasSettled = training && training->settled();
    const bool isOver = hasSettled || (before.ended && (count == before.count || before.done < before.count));
    m_done = before.done;
    before.count = count;
    before.ended = isOver;
    (void)before.state.takeAdded(); // written already
    m_now.loops.push_back(std::move(before));
    if (isLast)
        m_before.reset();
    return {m_done, isOver};
}

void TaskState::endEpoch(std::int64_t done, bool now)
{
    m_done = done;
    if (!m_store || (!now && Clock::now() - m_asked < askInterval))
        return;
    m_asked = Clock::now();
    if (!now && !m_store->isDue(m_now.task))
        return;
    const double before = platform::threadSeconds();
    takeLoop(false);
    save(before);
}

void TaskState::endLoop()
{
    if (m_store && !isReplaying())
        takeLoop(true);
    m_training = nullptr;
}

void TaskState::finish(TrainingState result)
{
    if (isReplaying()) // it has not come to where the checkpoint was made
        refuseCheckpoint(m_now.task);
    if (!m_store)
        return;
    const double before = platform::threadSeconds();
    m_now.finished = true;
    m_now.result = std::move(result);
    save(before);
}

void TaskState::takeLoop(bool ended)
{
    LoopState &loop = m_now.loops.back();
    loop.done = m_done;
    loop.ended = ended;
    loop.lines = m_store->lines(m_now.task);
    loop.state = {};
    if (m_training)
        m_training->save(loop.state);
    for (KeptValue *value : m_kept)
        value->save(loop.state);
    m_now.added.merge(loop.state.takeAdded());
}

/// `before`: what the thread had taken when the checkpoint was begun.
void TaskState::save(double before)
{
    TaskCheckpoint checkpoint = m_now;
    checkpoint.lines = m_store->lines(m_now.task);
    m_now.added.clear();
    m_store->save(std::move(checkpoint), platform::threadSeconds() - before);
}

} // namespace losslab
