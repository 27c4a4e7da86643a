#include "runs/checkpoints.h"

#include "base/platform.h"
#include "base/text.h"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <system_error>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr double leastInterval = 2;                           ///< seconds between two checkpoints of a task
constexpr double intervalPerCost = 150;                       ///< so many times what a checkpoint takes
constexpr auto roomInterval = std::chrono::milliseconds(500); ///< between two tries on a full disk

/// For tests, which kill runs of a second: seconds between two checkpoints of a task, whatever they cost.
std::optional<double> chosenInterval()
{
    const char *chosen = std::getenv("LOSSLAB_CHECKPOINT_SECONDS");
    return chosen ? readNumber<double>(chosen) : std::nullopt;
}

} // namespace

Checkpoints::Checkpoints(fs::path run, int repeats, std::int64_t length, Journal journal, Kept before)
    : m_run(std::move(run)),
      m_repeats(repeats),
      m_length(length),
      m_interval(chosenInterval()),
      m_journal(std::move(journal)),
      m_before(std::move(before))
{
    for (const auto &[task, file] : m_before)
        m_paces[task].parts = file.parts;
}

Checkpoints::~Checkpoints()
{
    finish();
}

void Checkpoints::begin()
{
    m_thread = std::thread([this] { work(); });
}

std::optional<TaskCheckpoint> Checkpoints::take(const TaskKey &task)
{
    const std::lock_guard lock(m_mutex);
    m_paces[task].last = Clock::now();
    auto found = m_before.extract(task);
    if (found.empty())
        return std::nullopt;
    return std::move(found.mapped().checkpoint);
}

bool Checkpoints::isDue(const TaskKey &task) const
{
    const std::lock_guard lock(m_mutex);
    const Pace &pace = m_paces[task];
    const std::chrono::duration<double> since = Clock::now() - pace.last;
    const double interval = m_interval.value_or(std::max(leastInterval, intervalPerCost * pace.seconds));
    return pace.waiting == 0 && !pace.hasGap && since.count() >= interval;
}

void Checkpoints::save(int repeat, TaskCheckpoint checkpoint, double seconds)
{
    {
        const std::lock_guard lock(m_mutex);
        Pace &pace = m_paces[{repeat, checkpoint.task}];
        if (m_ending || pace.hasGap)
            return;
        pace.last = Clock::now();
        pace.seconds = seconds;
        m_seconds += seconds;
        ++pace.waiting;
        m_waiting.push_back({repeat, m_length, 0, std::move(checkpoint)});
    }
    m_changed.notify_all();
}

void Checkpoints::work()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_ending || !m_waiting.empty(); });
        if (m_waiting.empty())
            return;
        CheckpointFile file = std::move(m_waiting.front());
        m_waiting.pop_front();
        Pace &pace = m_paces[{file.repeat, file.checkpoint.task}];
        file.parts = pace.parts;
        lock.unlock();
        const double before = platform::threadSeconds();
        const bool added = !file.checkpoint.added.empty(), written = write(file);
        const double seconds = platform::threadSeconds() - before;
        lock.lock();
        pace.parts = file.parts;
        pace.seconds += seconds;
        m_seconds += seconds;
        pace.hasGap = pace.hasGap || (added && !written);
        --pace.waiting;
    }
}

/// The lines that it counts on come first. Where the disk is full, the run waits as a whole, and so does
/// this.
bool Checkpoints::write(CheckpointFile &file)
try {
    for (;;) {
        auto written = m_journal.sync();
        if (written)
            written = writeCheckpoint(m_run, m_repeats, file);
        if (written)
            return true;
        std::unique_lock lock(m_mutex);
        if (!written.error().noRoom || m_ending || m_journal.isStopped()) {
            const bool isFirst = !std::exchange(m_hasFailed, true);
            lock.unlock();
            if (isFirst)
                m_journal.failed(written.error().message);
            return false;
        }
        m_changed.wait_for(lock, roomInterval);
    }
} catch (const std::exception &failure) { // no memory for it, say: the thread goes on
    try {
        if (!std::exchange(m_hasFailed, true))
            m_journal.failed(std::string("A checkpoint could not be written: ") + failure.what() + '.');
    } catch (const std::exception &) { // nor for words
    }
    return false;
}

double Checkpoints::seconds() const
{
    const std::lock_guard lock(m_mutex);
    return m_seconds;
}

void Checkpoints::finish()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void Checkpoints::clearParts() const
{
    const fs::path folder = partsFolder(checkpointsFolder(m_run));
    std::error_code ignored;
    std::vector<fs::path> parts;
    for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
         entry.increment(ignored))
        parts.push_back(entry->path());
    for (const fs::path &part : parts)
        (void)platform::removeFile(part);
    (void)platform::removeEmptyFolder(folder);
}

} // namespace losslab
