#include "runs/runqueue.h"

#include "runs/runjson.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <utility>

namespace losslab {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t largestFile = std::uint64_t{16} << 20; ///< bytes
constexpr std::chrono::seconds lockPatience{5};                ///< a change takes milliseconds

template <class Runs>
auto withId(Runs &runs, std::int64_t id)
{
    return std::find_if(runs.begin(), runs.end(), [id](const QueuedRun &run) { return run.id == id; });
}

auto firstWaiting(std::vector<QueuedRun> &runs)
{
    return std::find_if(runs.begin(), runs.end(), [](const QueuedRun &run) { return waits(run.state); });
}

/// The program that ran it has ended: after the run, or before. A person may have gone on with it, too.
void settle(QueuedRun &run)
{
    run.state = QueuedState::Interrupted;
    if (run.folder.empty())
        return;
    const auto kept = readRunJson(run.folder / "run.json");
    if (!kept || (kept->state != RunState::Finished && kept->state != RunState::Failed))
        return;
    run.state = kept->state == RunState::Finished ? QueuedState::Finished : QueuedState::Failed;
    run.message = kept->message;
    run.seconds = kept->facts.seconds;
}

Result<void> checkRoom(std::size_t there, std::size_t more)
{
    if (there + more <= mostQueued)
        return {};
    return usageError(fmt::format("The queue holds at most {} runs, and has {}. Clear those that have ended.",
                                  mostQueued, there));
}

} // namespace

RunQueue::RunQueue(fs::path file) : m_file(std::move(file)) {}

const QueuedRun *RunQueue::find(std::int64_t id) const
{
    const auto found = withId(runs(), id);
    return found == runs().end() ? nullptr : &*found;
}

std::size_t RunQueue::waiting() const
{
    return static_cast<std::size_t>(
        std::count_if(runs().begin(), runs().end(), [](const QueuedRun &run) { return waits(run.state); }));
}

fs::path RunQueue::beside(const std::string &name) const
{
    return m_file.parent_path() / name;
}

Result<RunQueue::Reading> RunQueue::read() const
{
    const auto facts = platform::look(m_file);
    if (!facts)
        return tl::unexpected(facts.error());
    Reading reading;
    if (!*facts)
        return reading;
    if (!(*facts)->isFile || (*facts)->size > largestFile) {
        reading.damage = fmt::format("{} is no queue of LossLab.", platform::quoted(m_file));
        return reading;
    }
    auto text = platform::readFile(m_file, largestFile);
    if (!text)
        return tl::unexpected(text.error());
    reading.text = std::move(*text);
    if (!m_text.empty() && reading.text == m_text) {
        reading.contents = m_contents;
        return reading;
    }
    if (auto contents = readQueueText(reading.text, m_file))
        reading.contents = std::move(*contents);
    else
        reading.damage = contents.error().message;
    return reading;
}

Result<bool> RunQueue::refresh()
{
    auto reading = read();
    if (!reading)
        return tl::unexpected(reading.error());
    if (!reading->damage.empty()) // which is looked at again, and put aside, under the lock
        return change([](QueueContents &) { return Result<void>(); }).map([] { return true; });
    const bool differs = reading->text != m_text;
    m_text = std::move(reading->text);
    m_contents = std::move(reading->contents);
    return differs;
}

std::vector<std::string> RunQueue::takeNotes()
{
    return std::exchange(m_notes, {});
}

/// Under a name that nothing has: the file is the person's.
Result<void> RunQueue::setAside(const std::string &damage)
{
    const std::string stem = fmt::format("queue-damaged-{}", platform::localStamp());
    fs::path to = beside(stem + ".json");
    for (int number = 2;; ++number) {
        const auto there = platform::look(to);
        if (!there)
            return tl::unexpected(there.error());
        if (!*there)
            break;
        to = beside(fmt::format("{}-{}.json", stem, number));
    }
    if (const auto moved = platform::rename(m_file, to); !moved)
        return moved;
    m_notes.push_back(
        fmt::format("{} It is kept as {}, and the queue is empty.", damage, platform::quoted(to.filename())));
    return {};
}

Result<void> RunQueue::change(const Change &change)
{
    if (const auto made = platform::makeFolder(m_file.parent_path()); !made)
        return made;
    const auto lock = platform::FileLock::tryTake(beside(".queue.lock"), lockPatience);
    if (!lock)
        return tl::unexpected(lock.error());
    if (!*lock)
        return dataError("Another LossLab is changing the queue, and does not come to an end. Try again.");
    auto reading = read();
    if (!reading)
        return tl::unexpected(reading.error());
    if (!reading->damage.empty()) {
        if (const auto aside = setAside(reading->damage); !aside)
            return aside;
        *reading = {};
    }
    m_text = std::move(reading->text);
    m_contents = std::move(reading->contents);
    QueueContents changed = m_contents;
    if (const auto made = change(changed); !made)
        return made;
    putInOrder(changed.runs);
    std::string text = queueText(changed);
    if (text == m_text || (changed.runs.empty() && m_text.empty()))
        return {};
    if (const auto written = platform::writeFileAtomically(m_file, text); !written)
        return written;
    m_text = std::move(text);
    m_contents = std::move(changed);
    return {};
}

Result<void> RunQueue::add(const std::vector<RunSpec> &specs)
{
    return change([&](QueueContents &queue) {
        const auto room = checkRoom(queue.runs.size(), specs.size());
        if (room)
            for (const RunSpec &spec : specs)
                queue.runs.push_back({.id = queue.nextId++, .spec = spec});
        return room;
    });
}

Result<std::vector<RunQueue::Removed>> RunQueue::remove(const std::vector<std::int64_t> &ids)
{
    std::vector<Removed> removed;
    const auto isMeant = [&](const QueuedRun &run) {
        return run.state != QueuedState::Running && std::find(ids.begin(), ids.end(), run.id) != ids.end();
    };
    const auto done = change([&](QueueContents &queue) {
        for (std::size_t place = 0; place < queue.runs.size(); ++place)
            if (isMeant(queue.runs[place]))
                removed.push_back({place, queue.runs[place]});
        std::erase_if(queue.runs, isMeant);
        return Result<void>();
    });
    return done.map([&] { return std::move(removed); });
}

Result<void> RunQueue::putBack(const std::vector<Removed> &removed)
{
    return change([&](QueueContents &queue) {
        auto &runs = queue.runs;
        const auto room = checkRoom(runs.size(), removed.size());
        for (const auto &[place, run] : room ? removed : std::vector<Removed>())
            if (withId(runs, run.id) == runs.end()) {
                runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(std::min(place, runs.size())), run);
                queue.nextId = std::max(queue.nextId, run.id + 1); // the file may be another by now
            }
        return room;
    });
}

Result<void> RunQueue::move(std::int64_t id, std::size_t place)
{
    return change([&](QueueContents &queue) {
        auto &runs = queue.runs;
        const auto found = withId(runs, id);
        if (found == runs.end() || !waits(found->state))
            return Result<void>();
        QueuedRun moved = std::move(*found);
        runs.erase(found);
        const auto first = firstWaiting(runs);
        const auto others = static_cast<std::size_t>(runs.end() - first);
        runs.insert(first + static_cast<std::ptrdiff_t>(std::min(place, others)), std::move(moved));
        return Result<void>();
    });
}

Result<bool> RunQueue::claim()
{
    if (m_claim)
        return true;
    if (const auto made = platform::makeFolder(m_file.parent_path()); !made)
        return tl::unexpected(made.error());
    auto lock = platform::FileLock::tryTake(beside(".queue-claim.lock"));
    if (!lock)
        return tl::unexpected(lock.error());
    if (!*lock)
        return false;
    platform::clearLeftovers(m_file.parent_path());
    const auto recovered = change([](QueueContents &queue) {
        for (QueuedRun &run : queue.runs)
            if (run.state == QueuedState::Running || run.state == QueuedState::Interrupted)
                settle(run);
        return Result<void>();
    });
    if (!recovered)
        return tl::unexpected(recovered.error());
    m_claim.emplace(std::move(**lock));
    return true;
}

Result<std::optional<QueuedRun>> RunQueue::beginNext()
{
    std::optional<QueuedRun> next;
    const auto done = change([&](QueueContents &queue) {
        if (const auto first = firstWaiting(queue.runs); first != queue.runs.end()) {
            next = *first;
            first->state = QueuedState::Running;
        }
        return Result<void>();
    });
    return done.map([&] { return std::move(next); });
}

Result<void> RunQueue::setFolder(std::int64_t id, const fs::path &folder)
{
    return change([&](QueueContents &queue) {
        if (const auto found = withId(queue.runs, id); found != queue.runs.end())
            found->folder = folder;
        return Result<void>();
    });
}

Result<void> RunQueue::end(std::int64_t id, QueuedState state, const std::string &message, double seconds)
{
    return change([&](QueueContents &queue) {
        if (const auto found = withId(queue.runs, id); found != queue.runs.end()) {
            found->state = state;
            found->message = message;
            found->seconds = waits(state) ? -1 : seconds;
        }
        return Result<void>();
    });
}

} // namespace losslab
