#include "lab/taskstate.h"

#include "base/platform.h"

#include <fmt/format.h>
#include <utility>

namespace losslab {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto askInterval = std::chrono::milliseconds(100); ///< a small network has many epochs in it

[[noreturn]] void refuseAsAnother(const std::string &task)
{
    refuseCheckpoint(fmt::format("The checkpoint of {} is of another training than this.", task));
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
        refuseAsAnother(m_now.task);
    LoopState &before = m_before->loops[loop];
    const bool isLast = m_loops == m_before->loops.size();
    if (before.done < 0 || before.done > before.count || count < before.count
        || (count > before.count && !isLast))
        refuseCheckpoint(fmt::format("{} had {} epochs when its checkpoint was made and now has {}, which it "
                                     "cannot go on with.",
                                     m_now.task, before.count, count));
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
    save(before, m_store->lines(m_now.task));
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
        refuseAsAnother(m_now.task);
    if (!m_store)
        return;
    const double before = platform::threadSeconds();
    m_now.finished = true;
    m_now.result = std::move(result);
    save(before, m_store->lines(m_now.task));
}

void TaskState::finishRun()
{
    if (m_store && !isReplaying() && !m_now.loops.empty())
        save(platform::threadSeconds(), m_now.loops.back().lines);
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

/// `before`: what the thread had taken when the checkpoint was begun; `lines`: of the task, that stay.
void TaskState::save(double before, std::uint64_t lines)
{
    TrainingState last; // moved, since it may be large, and is taken anew before the next one
    if (!m_now.loops.empty())
        std::swap(last, m_now.loops.back().state);
    TaskCheckpoint checkpoint = m_now;
    checkpoint.lines = lines;
    if (!m_now.loops.empty())
        checkpoint.loops.back().state = std::move(last);
    m_now.added.clear();
    m_store->save(std::move(checkpoint), platform::threadSeconds() - before);
}

} // namespace losslab
