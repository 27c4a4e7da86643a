#include "lab/task.h"

#include "base/numbertext.h"
#include "base/splitmix.h"
#include "lab/run.h"

#include <algorithm>
#include <exception>
#include <fmt/format.h>

namespace losslab {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto curveInterval = std::chrono::milliseconds(33);
constexpr auto lossInterval = std::chrono::milliseconds(100);

} // namespace

EpochRange::EpochRange(Task &task, std::int64_t count, Training *training)
    : m_task(task), m_count(std::max<std::int64_t>(count, 0)), m_training(training)
{}

EpochRange::~EpochRange()
{
    m_task.endEpochs();
}

EpochRange::Iterator EpochRange::begin()
{
    return {this, m_task.beginEpochs(m_count, m_training)};
}

EpochRange::Iterator &EpochRange::Iterator::operator++()
{
    m_range->m_task.endEpoch(m_epoch++);
    if (m_range->m_training && m_range->m_training->settled())
        m_epoch = m_range->m_count + 1;
    return *this;
}

KeptValue::KeptValue(Task &task) : m_task(task)
{
    m_task.m_state.keep(*this);
}

KeptValue::~KeptValue()
{
    m_task.m_state.forget(*this);
}

Task::Task(Run &run, std::string name, int threads)
    : m_run(run), m_name(std::move(name)), m_threads(threads), m_state(m_name, run.m_environment.checkpoints)
{}

Task::~Task() = default;

Device Task::device() const
{
    return m_run.device();
}

std::uint64_t Task::streamSeed(std::string_view purpose) const
{
    return splitMix(sharedSeed(purpose) ^ hashOf(m_name));
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
    m_remarks.push_back({m_name, 0, remark.kind, remark.epoch, m_state.charts()});
    tellRun(m_remarks.back());
}

/// What was remarked before is seen in this chart, too.
void Task::addChart(const std::string &chart)
{
    const std::vector<std::string> &charts = m_state.charts();
    if (std::find(charts.begin(), charts.end(), chart) != charts.end())
        return;
    m_state.addChart(chart);
    for (RemarkEvent remark : m_remarks) {
        remark.charts = {chart};
        tellRun(std::move(remark));
    }
}

void Task::isTrainedWith(const ModelFacts &facts)
{
    m_state.setFacts(facts);
    if (m_run.m_environment.isTrainedWith)
        m_run.m_environment.isTrainedWith(m_name, facts);
}

void Task::saveModel(const std::vector<TensorData> &tensors, const std::string &suffix)
{
    if (!m_state.isReplaying())
        m_run.m_environment.saveModel(m_name, suffix, tensors);
}

void Task::emit(Event event)
{
    if (const auto *point = std::get_if<PointEvent>(&event))
        addChart(point->chart);
    else if (const auto *curve = std::get_if<CurveEvent>(&event))
        addChart(curve->chart);
    tellRun(std::move(event));
}

/// What a task says that is on its way to where it was left has been said.
void Task::tellRun(Event event)
{
    const bool isNew =
        std::holds_alternative<ProgressEvent>(event) || std::holds_alternative<NoteEvent>(event);
    if (isNew || !m_state.isReplaying())
        m_run.emitOf(m_name, std::move(event));
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
    if (!m_training)
        return m_where;
    const std::string figures = m_training->status();
    return fmt::format("epoch {} of {}{}{}", countText(std::min(m_epoch, m_epochCount)),
                       countText(m_epochCount), figures.empty() ? "" : " · ", figures);
}

/// The number of the first epoch that is to be trained.
std::int64_t Task::beginEpochs(std::int64_t count, Training *training)
{
    const TaskState::Begin begin = m_state.beginLoop(count, training);
    m_epochCount = count;
    m_epoch = begin.ended ? count + 1 : begin.done + 1;
    m_curvesCurrent = false;
    m_training = training;
    m_lossTold = Clock::now();
    if (m_epoch <= count)
        pulse(0);
    return m_epoch;
}

void Task::endEpoch(std::int64_t epoch)
{
    const bool refreshed = refreshCurves();
    m_curvesCurrent = refreshed && (epoch == m_epochCount || (m_training && m_training->settled()));
    m_state.endEpoch(epoch, m_run.isStopping());
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
        attempt([this] {
            m_state.endLoop();
            completeCurves();
        });
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

} // namespace losslab
