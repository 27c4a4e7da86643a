#include "lab/run.h"

#include "base/device.h"
#include "base/platform.h"
#include "base/splitmix.h"
#include "lab/memory.h"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <system_error>
#include <thread>

namespace losslab {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto progressInterval = std::chrono::milliseconds(100);

} // namespace

Run::Run(Environment environment) : m_environment(std::move(environment))
{
    if (m_environment.device == Device::Cuda)
        useFullPrecision();
}

Run::~Run() = default;

std::uint64_t Run::sharedSeed(std::string_view purpose) const
{
    return splitMix(splitMix(seed()) ^ hashOf(purpose));
}

void Run::usesData(const std::string &checksum) const
{
    if (!checksum.empty() && m_environment.usesData)
        m_environment.usesData(checksum);
}

void Run::emitOf(const std::string &task, Event event)
{
    m_environment.sink(std::move(event), task);
}

bool Run::isStopping() const
{
    return m_environment.control->stopRequested() || m_cancelled;
}

std::optional<TaskCheckpoint> Run::checkpointOf(const std::string &task) const
{
    return m_environment.checkpoints ? m_environment.checkpoints->take(task) : std::nullopt;
}

void Run::stage(double share)
{
    const std::lock_guard lock(m_mutex);
    if (m_stageShare < 1)
        m_stageStart += m_stageShare;
    m_stageShare = share;
    m_progress.clear();
}

/// Waits while paused; throws Stopped.
void Run::checkpoint() const
{
    m_environment.control->waitWhilePaused(m_cancelled);
    if (isStopping())
        throw Stopped{};
}

void Run::finish()
{
    checkpoint(); // as after each of its tasks
    if (m_task)
        m_task->m_state.finishRun();
}

double Run::done() const
{
    const std::lock_guard lock(m_mutex);
    return doneSoFar();
}

double Run::doneSoFar() const
{
    double done = m_stageStart;
    for (const TaskProgress &progress : m_progress)
        done += m_stageShare * progress.done / static_cast<double>(m_progress.size());
    return done;
}

/// A model's part of the memory, while it is at work: it waits until those that are there leave room for it.
/// One alone always has room.
class Run::MemoryShare
{
public:
    MemoryShare(Run &run, double bytes) : m_run(run), m_bytes(bytes)
    {
        std::unique_lock lock(run.m_mutex);
        while (run.m_memoryTaken > 0 && run.m_memoryTaken + bytes > run.m_environment.memoryBudget) {
            run.m_memoryFreed.wait_for(lock, std::chrono::milliseconds(100)); // a stop wakes nobody
            lock.unlock();
            run.checkpoint();
            lock.lock();
        }
        if (run.isStopping()) // one that was stopped may be what has left the room
            throw Stopped{};
        run.m_memoryTaken += bytes;
    }
    ~MemoryShare()
    {
        {
            const std::lock_guard lock(m_run.m_mutex);
            m_run.m_memoryTaken -= m_bytes;
        }
        m_run.m_memoryFreed.notify_all();
    }
    MemoryShare(const MemoryShare &) = delete;
    MemoryShare &operator=(const MemoryShare &) = delete;

private:
    Run &m_run;
    double m_bytes;
};

Task &Run::task(const std::string &name)
{
    if (!m_task) {
        m_task = std::make_unique<Task>(*this, name, m_environment.threads);
        if (auto before = checkpointOf(name); before && !before->loops.empty())
            m_task->m_state.resumeFrom(std::move(*before));
        m_progress.push_back({name, 0, {}, true});
        setThreads(m_environment.threads);
    }
    return *m_task;
}

void Run::runTasks(const std::vector<std::string> &names, const TaskWork &work)
{
    // One more side by side than there are cores, where all of the machine's may be used: none idles at the
    // end, and three models on two cores all move.
    const int spare = m_environment.threads >= platform::cpuCount() ? 1 : 0;
    const int workers = std::min(static_cast<int>(names.size()), m_environment.threads + spare);
    const int threadsEach = std::max(1, m_environment.threads / std::max(workers, 1));
    m_progress.clear();
    for (const std::string &name : names)
        m_progress.push_back({name, 0, {}, false});

    std::atomic<std::size_t> next{0};
    {
        std::vector<std::jthread> others;
        const auto takeTasks = [&] { this->work(names, next, work, threadsEach); };
        try {
            for (int i = 0; i < workers; ++i)
                others.emplace_back(takeTasks);
        } catch (const std::system_error &) { // fewer threads than wished for will do, or none but this one
            if (others.empty())
                takeTasks();
        }
    }
    if (m_failure)
        std::rethrow_exception(std::exchange(m_failure, nullptr));
}

/// One of the threads that take the tasks.
void Run::work(const std::vector<std::string> &names, std::atomic<std::size_t> &next, const TaskWork &work,
               int threads)
{
    try {
        setThreads(threads);
        const DeviceQueue queue(m_environment.device);
        for (std::size_t index = next++; index < names.size() && !m_cancelled; index = next++)
            try {
                runTask(index, names[index], work, threads);
            } catch (const Diverged &) { // the others are well
                fail(false);
                setRunning(index, false);
            }
    } catch (...) {
        fail(true);
    }
}

void Run::runTask(std::size_t index, const std::string &name, const TaskWork &work, int threads)
{
    auto before = checkpointOf(name);
    if (before && before->finished) {
        if (m_environment.isTrainedWith && !before->facts.empty())
            m_environment.isTrainedWith(name, before->facts);
        work.restore(index, *before);
        return setRunning(index, false);
    }
    const MemoryShare memory(*this, memoryOf(m_environment.memory, name));
    Task task(*this, name, threads);
    if (before)
        task.m_state.resumeFrom(std::move(*before));
    setRunning(index, true);
    TrainingState result = work.run(index, task);
    checkpoint(); // a stop may have cut the end of its last loop short: see Task::endEpochs()
    task.m_state.finish(std::move(result));
    setRunning(index, false);
}

/// Keeps the failure at hand, if it is the first; one that is fatal ends the other tasks.
void Run::fail(bool isFatal)
{
    const std::lock_guard lock(m_mutex);
    if (!m_failure || (isFatal && !m_cancelled))
        m_failure = std::current_exception();
    m_cancelled = m_cancelled || isFatal;
}

void Run::setRunning(std::size_t index, bool running)
{
    const std::lock_guard lock(m_mutex);
    m_progress[index].running = running;
    if (!running)
        m_progress[index].done = 1;
}

void Run::reportProgress(const Task &task, double done)
{
    const auto now = Clock::now();
    ProgressEvent event;
    {
        const std::lock_guard lock(m_mutex);
        const auto mine =
            std::find_if(m_progress.begin(), m_progress.end(),
                         [&](const TaskProgress &progress) { return progress.name == task.name(); });
        if (mine == m_progress.end())
            return;
        mine->done = std::max(mine->done, done);
        if (now - mine->told < progressInterval)
            return;
        mine->told = now;
        mine->text = task.status();
        if (now - m_lastProgress < progressInterval)
            return;
        m_lastProgress = now;
        event.done = doneSoFar();
        for (const TaskProgress &progress : m_progress) {
            if (!progress.running || progress.text.empty())
                continue;
            const std::string name = m_progress.size() > 1 ? fmt::format("{}: ", progress.name) : "";
            event.text += fmt::format("{}{}{}", event.text.empty() ? "" : "  ·  ", name, progress.text);
        }
    }
    emit(std::move(event));
}

} // namespace losslab
