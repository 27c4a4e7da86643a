#include "lab/run.h"

#include "base/device.h"
#include "base/numbertext.h"
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
constexpr auto curveInterval = std::chrono::milliseconds(33);
constexpr auto progressInterval = std::chrono::milliseconds(100);
constexpr auto lossInterval = std::chrono::milliseconds(100);

/// FNV-1a, so that a name gives the same number on every machine.
std::uint64_t hashed(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return hash;
}

} // namespace

void RunControl::requestStop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_changed.notify_all();
}

void RunControl::setPaused(bool paused)
{
    {
        const std::lock_guard lock(m_mutex);
        m_paused = paused;
    }
    m_changed.notify_all();
}

bool RunControl::stopRequested() const
{
    return m_stop;
}

bool RunControl::paused() const
{
    return m_paused;
}

void RunControl::waitWhilePaused(const std::atomic<bool> &cancelled) const
{
    if (!m_paused)
        return;
    std::unique_lock lock(m_mutex);
    while (m_paused && !m_stop && !cancelled)
        m_changed.wait_for(lock, std::chrono::milliseconds(100)); // `cancelled` wakes nobody by itself
}

EpochRange::EpochRange(Task &task, std::int64_t count, Training &training)
    : m_task(task), m_count(std::max<std::int64_t>(count, 0)), m_training(training)
{}

EpochRange::~EpochRange()
{
    m_task.endEpochs();
}

EpochRange::Iterator EpochRange::begin()
{
    m_task.beginEpochs(m_count, m_training);
    return {this, 1};
}

EpochRange::Iterator &EpochRange::Iterator::operator++()
{
    m_range->m_task.endEpoch(m_epoch++);
    if (m_range->m_training.settled())
        m_epoch = m_range->m_count + 1;
    return *this;
}

Task::Task(Run &run, std::string name, int threads) : m_run(run), m_name(std::move(name)), m_threads(threads)
{}

Task::~Task() = default;

Device Task::device() const
{
    return m_run.device();
}

std::uint64_t Task::streamSeed(std::string_view purpose) const
{
    return splitMix(sharedSeed(purpose) ^ hashed(m_name));
}

std::uint64_t Task::sharedSeed(std::string_view purpose) const
{
    return m_run.sharedSeed(purpose);
}

void Task::pulse(double done)
{
    m_run.checkpoint();
    if (m_epochCount > 0)
        reportProgress((static_cast<double>(m_epoch - 1) + done) / static_cast<double>(m_epochCount));
}

bool Task::wantsLoss() const
{
    return !m_followed.empty() && m_epochCount > 0 && Clock::now() - m_lossTold >= lossInterval;
}

void Task::tellLoss(double done, double loss)
{
    m_lossTold = Clock::now();
    for (Followed &followed : m_followed) {
        followed.event.x = followed.x.value_or(static_cast<double>(m_epoch - 1) + done);
        followed.event.y = loss;
        emit(followed.event);
    }
}

void Task::tell(double done, std::string where)
{
    m_run.checkpoint();
    m_where = std::move(where);
    reportProgress(done);
}

void Task::stage(double share)
{
    if (m_stageShare < 1)
        m_stageStart += m_stageShare;
    m_stageShare = share;
}

void Task::reportProgress(double done)
{
    m_run.reportProgress(*this, m_stageStart + m_stageShare * std::clamp(done, 0.0, 1.0));
}

void Task::note(NoteEvent::Level level, std::string text)
{
    emit(NoteEvent{level, std::move(text)});
}

void Task::remark(const Remark &remark)
{
    m_remarks.push_back({m_name, 0, remark.kind, remark.epoch, m_charts});
    m_run.emit(m_remarks.back());
}

/// What was remarked before is seen in this chart, too.
void Task::addChart(const std::string &chart)
{
    if (std::find(m_charts.begin(), m_charts.end(), chart) != m_charts.end())
        return;
    m_charts.push_back(chart);
    for (RemarkEvent remark : m_remarks) {
        remark.charts = {chart};
        m_run.emit(std::move(remark));
    }
}

void Task::usesEngine(std::string_view name)
{
    if (m_run.m_environment.usesEngine)
        m_run.m_environment.usesEngine(m_name, name);
}

void Task::saveModel(const std::vector<TensorData> &tensors, const std::string &suffix)
{
    m_run.m_environment.saveModel(m_name, suffix, tensors);
}

void Task::emit(Event event)
{
    if (const auto *point = std::get_if<PointEvent>(&event))
        addChart(point->chart);
    else if (const auto *curve = std::get_if<CurveEvent>(&event))
        addChart(curve->chart);
    m_run.emit(std::move(event));
}

void Task::show(std::string key, std::function<CurveEvent()> compute)
{
    m_curves[std::move(key)] = {std::move(compute), std::nullopt};
}

/// False where the last refresh was too short a time ago.
bool Task::refreshCurves()
{
    if (Clock::now() - m_lastCurves < curveInterval)
        return false;
    for (auto &[key, curve] : m_curves) {
        curve.shown = curve.compute();
        emit(*curve.shown);
    }
    m_lastCurves = Clock::now();
    return true;
}

/// The curves as the loop leaves them.
void Task::completeCurves()
{
    for (auto &[key, curve] : m_curves)
        if (!curve.shown || !m_curvesCurrent)
            curve.shown = curve.compute();
}

/// Those shown last.
void Task::keepCurves()
{
    for (auto &[key, curve] : m_curves) {
        if (!curve.shown)
            continue;
        curve.shown->last = true;
        emit(*curve.shown);
    }
}

std::string Task::status() const
{
    if (m_epochCount == 0)
        return m_where;
    const std::string figures = m_training ? m_training->status() : std::string();
    return fmt::format("epoch {} of {}{}{}", countText(std::min(m_epoch, m_epochCount)),
                       countText(m_epochCount), figures.empty() ? "" : " · ", figures);
}

void Task::beginEpochs(std::int64_t count, Training &training)
{
    m_epochCount = count;
    m_epoch = 1;
    m_curvesCurrent = false;
    m_training = &training;
    m_lossTold = Clock::now();
    pulse(0);
}

void Task::endEpoch(std::int64_t epoch)
{
    const bool refreshed = refreshCurves();
    m_curvesCurrent = refreshed && (epoch == m_epochCount || m_training->settled());
    pulse(1);
    m_epoch = epoch + 1;
    m_lossTold = Clock::now();
}

/// Called by a destructor, which nothing may leave: a stop, or a failure to keep, is met again by the task's
/// next step. Where the loop was stopped or failed, the curves shown last stand: they belong to a whole
/// epoch.
void Task::endEpochs()
{
    const bool failing = std::uncaught_exceptions() > 0;
    const auto attempt = [&](const auto &work) {
        try {
            work();
        } catch (const Stopped &) {
        } catch (const std::exception &failure) {
            if (!failing) // else what ended the loop is told already
                note(NoteEvent::Level::Warning,
                     fmt::format("{}: the end of the training could not be kept whole ({}).", m_name,
                                 failure.what()));
        }
    };
    if (!failing)
        attempt([this] { completeCurves(); });
    attempt([this] { keepCurves(); });
    if (!failing && m_training)
        attempt([this] {
            for (const Remark &said : m_training->remarks())
                remark(said);
        });
    m_curves.clear();
    m_followed.clear();
    m_training = nullptr;
    m_epochCount = 0;
    m_epoch = 0;
}

Run::Run(Environment environment) : m_environment(std::move(environment))
{
    if (m_environment.device == Device::Cuda)
        useFullPrecision();
}

Run::~Run() = default;

std::uint64_t Run::sharedSeed(std::string_view purpose) const
{
    return splitMix(splitMix(seed()) ^ hashed(purpose));
}

void Run::emit(Event event)
{
    m_environment.sink(std::move(event));
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
    const RunControl &control = *m_environment.control;
    control.waitWhilePaused(m_cancelled);
    if (control.stopRequested() || m_cancelled)
        throw Stopped{};
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
        m_progress.push_back({name, 0, {}, true});
        setThreads(m_environment.threads);
    }
    return *m_task;
}

void Run::runTasks(const std::vector<std::string> &names,
                   const std::function<void(std::size_t, Task &)> &body)
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
        const auto work = [&] { this->work(names, next, body, threadsEach); };
        try {
            for (int i = 0; i < workers; ++i)
                others.emplace_back(work);
        } catch (const std::system_error &) { // fewer threads than wished for will do, or none but this one
            if (others.empty())
                work();
        }
    }
    if (m_failure)
        std::rethrow_exception(std::exchange(m_failure, nullptr));
}

/// One of the threads that take the tasks.
void Run::work(const std::vector<std::string> &names, std::atomic<std::size_t> &next,
               const std::function<void(std::size_t, Task &)> &body, int threads)
{
    try {
        setThreads(threads);
        const DeviceQueue queue(m_environment.device);
        for (std::size_t index = next++; index < names.size() && !m_cancelled; index = next++) {
            const MemoryShare memory(*this, memoryOf(m_environment.memory, names[index]));
            Task task(*this, names[index], threads);
            setRunning(index, true);
            body(index, task);
            setRunning(index, false);
        }
    } catch (...) {
        const std::lock_guard lock(m_mutex);
        if (!m_failure)
            m_failure = std::current_exception();
        m_cancelled = true;
    }
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
