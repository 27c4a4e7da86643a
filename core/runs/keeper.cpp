#include "runs/keeper.h"

#include "lab/run.h"

#include <exception>
#include <fmt/format.h>
#include <utility>

namespace losslab {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto writeInterval = std::chrono::milliseconds(20);
constexpr auto syncInterval = std::chrono::seconds(1);
constexpr auto roomInterval = std::chrono::milliseconds(500); ///< between two tries on a full disk
constexpr auto stopInterval = std::chrono::milliseconds(100); ///< between two looks whether to give up
constexpr std::size_t mostUnwritten = std::size_t{4} << 20;   ///< bytes that may wait in memory

} // namespace

Keeper::~Keeper()
{
    endThread();
}

void Keeper::begin()
{
    m_thread = std::thread([this] { work(); });
}

bool Keeper::keep(const Event &event, const std::string &task)
{
    const bool isKept = m_folder->append(event, task);
    if (isKept)
        m_begun = true;
    return isKept;
}

void Keeper::wake()
{
    wake(std::unique_lock(m_mutex));
}

/// The lock is let go.
void Keeper::wake(std::unique_lock<std::mutex> lock)
{
    const bool isAsleep = !std::exchange(m_dirty, true);
    lock.unlock();
    if (isAsleep)
        m_changed.notify_all();
}

void Keeper::settle()
{
    std::unique_lock lock(m_mutex);
    while (m_waiting > 0 && !m_failure && !m_watcher.isStopped())
        m_changed.wait_for(lock, stopInterval);
    if (m_failure)
        throw RunError(*m_failure);
    wake(std::move(lock));
    if (m_folder->unwritten() < mostUnwritten)
        return;
    if (const auto written = withRoom([this] { return m_folder->write(); }); !written)
        throw RunError(written.error());
}

void Keeper::saveModel(const std::string &name, const TaskKey &task, const std::vector<TensorData> &tensors)
{
    const auto saved = withRoom([&] { return m_folder->saveModel(name, task, tensors); });
    if (!saved)
        throw RunError(saved.error());
}

void Keeper::keepFacts(const RunFacts &facts)
{
    if (const auto written = withRoom([&] { return m_folder->writeFacts(facts); }); !written)
        throw RunError(written.error());
}

void Keeper::keepEnd(int repeat, std::int64_t length)
{
    m_folder->appendEnd(repeat, length);
}

/// Tries again as long as it is only room that is missing.
Result<void> Keeper::withRoom(const std::function<Result<void>()> &write)
{
    Result<void> written = write();
    if (written || !written.error().noRoom)
        return written;
    if (m_watcher.isStopped()) // there may be room since
        return write();
    std::unique_lock lock(m_mutex);
    if (m_waiting++ == 0)
        m_watcher.waits(written.error().message);
    while (!written && written.error().noRoom && !m_watcher.isStopped()) {
        const auto next = Clock::now() + roomInterval;
        while (Clock::now() < next && !m_watcher.isStopped())
            m_changed.wait_for(lock, stopInterval);
        lock.unlock();
        written = write();
        lock.lock();
    }
    if (--m_waiting == 0 && written)
        m_watcher.goesOn();
    lock.unlock();
    m_changed.notify_all();
    return written;
}

/// To the system; and once a second to the disk.
Result<void> Keeper::writeWhatCame()
{
    const std::size_t came = m_watcher.came();
    const bool syncs = Clock::now() - m_synced >= syncInterval;
    if (syncs)
        m_synced = Clock::now();
    const auto written = m_folder->write();
    if (!written)
        return written;
    m_watcher.written(came);
    return syncs ? m_folder->flush() : written;
}

/// No exception leaves the thread: it would end the program.
Result<void> Keeper::writeWhatCan()
try {
    return withRoom([this] { return writeWhatCame(); });
} catch (const std::exception &failure) { // no memory for it, say
    return trainingError(fmt::format("The run's journal could not be written: {}.", failure.what()));
}

void Keeper::work()
{
    std::unique_lock lock(m_mutex);
    bool synced = true;
    for (;;) {
        const auto hasWork = [this] { return m_dirty || m_ending; };
        if (synced)
            m_changed.wait(lock, hasWork);
        else
            m_changed.wait_for(lock, syncInterval, hasWork);
        if (m_ending)
            return;
        m_changed.wait_for(lock, writeInterval, [this] { return m_ending; });
        m_dirty = false;
        lock.unlock();
        const Clock::time_point before = m_synced;
        const auto written = writeWhatCan();
        synced = m_synced != before;
        lock.lock();
        if (!written) {
            m_failure = written.error();
            m_changed.notify_all();
            return;
        }
    }
}

void Keeper::endThread()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

Result<void> Keeper::finish(const Experiment &experiment, const RunData &data, RunState state,
                            const std::string &message, const RunFacts &facts)
{
    endThread();
    const std::size_t came = m_watcher.came();
    // What the system does not take is shown as well: the run fails over it, in words.
    (void)m_folder->write();
    m_watcher.written(came);
    return withRoom([&] { return m_folder->finish(experiment, data, state, message, facts); });
}

void Keeper::discard()
{
    endThread();
    RunFolder::discard(std::move(m_folder));
}

} // namespace losslab
