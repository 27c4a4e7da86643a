#include "ui/queuecontroller.h"

#include "experiments/registry.h"
#include "lab/experiment.h"
#include "runs/runduration.h"
#include "ui/backgroundjob.h"
#include "ui/runcontroller.h"
#include "ui/text.h"

#include <algorithm>
#include <utility>

namespace losslab::ui {

namespace {

QString titleOf(const RunSpec &spec)
{
    const auto experiment = makeExperiment(spec.experiment);
    return fromText(experiment ? (*experiment)->info().title : spec.experiment);
}

QueuedState endOf(RunState state)
{
    return state == RunState::Finished  ? QueuedState::Finished
           : state == RunState::Stopped ? QueuedState::Stopped
                                        : QueuedState::Failed;
}

} // namespace

QString queuedText(const QueuedRun &run)
{
    const auto experiment = makeExperiment(run.spec.experiment);
    return run.misfit.empty() && experiment ? fromText(caption(run.spec, **experiment)) : titleOf(run.spec);
}

QString outcomeText(const QueueOutcome &outcome)
{
    QStringList parts;
    const auto add = [&parts](int count, const QString &one, const QString &several) {
        if (count > 0)
            parts << (count == 1 ? one : several.arg(count));
    };
    add(outcome.finished, QueueController::tr("1 run finished"), QueueController::tr("%1 runs finished"));
    add(outcome.stopped, QueueController::tr("1 was stopped"), QueueController::tr("%1 were stopped"));
    if (!outcome.failed.isEmpty())
        parts << QueueController::tr("%1 failed (“%2”)")
                     .arg(outcome.failed.size())
                     .arg(outcome.failed.join(QueueController::tr("”, “")));
    return QueueController::tr("%1, in %2")
        .arg(parts.join(QStringLiteral(", ")), durationText(outcome.seconds));
}

QueueController::QueueController(Starter start, std::function<bool()> isTraining, QObject *parent)
    : QObject(parent), m_start(std::move(start)), m_isTraining(std::move(isTraining))
{}

double QueueController::currentSeconds() const
{
    return m_run ? static_cast<double>(m_since.elapsed()) / 1000 : 0;
}

bool QueueController::runsElsewhere() const
{
    return !m_queue.isClaimed() && std::any_of(runs().begin(), runs().end(), [](const QueuedRun &run) {
        return run.state == QueuedState::Running;
    });
}

std::optional<double> QueueController::expectedSeconds(std::int64_t id) const
{
    const auto known = m_expected.find(id);
    return known == m_expected.end() ? std::nullopt : known->second;
}

/// Once each: the file is looked at again and again.
void QueueController::tell(const std::string &sentence)
{
    if (m_told.insert(sentence).second)
        Q_EMIT failed(fromText(sentence));
}

void QueueController::tellNotes()
{
    for (const std::string &note : m_queue.takeNotes())
        tell(note);
}

/// What was asked of the queue: whether it was done, with words where it was not.
template <class T>
bool QueueController::take(const Result<T> &done)
{
    tellNotes();
    if (!done) {
        m_told.erase(done.error().message); // asked for again, it is told again
        tell(done.error().message);
    }
    Q_EMIT changed();
    estimate();
    return done.has_value();
}

bool QueueController::restore()
{
    refresh();
    return waiting() > 0 && !runsElsewhere();
}

void QueueController::refresh()
{
    auto differs = m_queue.refresh();
    if (differs && runsElsewhere())
        differs = recover().map([&](bool recovered) { return recovered || *differs; });
    tellNotes();
    if (!differs)
        return tell(differs.error().message);
    if (!*differs)
        return;
    Q_EMIT changed();
    estimate();
}

/// Where no program claims it, what seems to run ran in one that is no more, and waits again: true.
Result<bool> QueueController::recover()
{
    const auto claimed = m_queue.claim();
    m_queue.release();
    return claimed;
}

bool QueueController::add(const std::vector<RunSpec> &specs)
{
    return take(m_queue.add(specs));
}

void QueueController::remove(const std::vector<std::int64_t> &ids)
{
    auto removed = m_queue.remove(ids);
    if (removed && !removed->empty())
        m_removed = *removed;
    (void)take(removed);
}

void QueueController::undoRemoval()
{
    const auto done = m_queue.putBack(m_removed);
    if (done)
        m_removed.clear();
    (void)take(done);
}

void QueueController::move(std::int64_t id, int place)
{
    (void)take(m_queue.move(id, static_cast<std::size_t>(std::max(place, 0))));
}

void QueueController::start()
{
    if (m_on)
        return;
    const auto claimed = m_queue.claim();
    if (!take(claimed))
        return;
    if (!*claimed) {
        m_told.clear();
        return tell("Another window of LossLab runs the queue.");
    }
    m_on = true;
    Q_EMIT changed();
    goOn();
}

void QueueController::pause()
{
    if (!m_on)
        return;
    m_on = false;
    if (m_run || m_beginning)
        Q_EMIT changed();
    else
        rest();
}

void QueueController::prepareToClose()
{
    m_closing = true;
    m_on = false;
}

/// Not at once: what has just ended is still telling of it.
void QueueController::goOn()
{
    if (!m_on || m_run || m_due || m_beginning || m_isTraining())
        return;
    m_due = true;
    QMetaObject::invokeMethod(this, &QueueController::next, Qt::QueuedConnection);
}

void QueueController::next()
{
    m_due = false;
    if (!m_on || m_run || m_isTraining())
        return;
    const auto begun = m_queue.beginNext();
    if (!take(begun))
        return halt();
    if (!*begun) {
        m_on = false;
        return rest();
    }
    const QueuedRun &run = **begun;
    m_beginning = true;
    if (run.misfit.empty())
        m_start(run, [this, run](const Result<RunController *> &started) { takeBegun(run, started); });
    else
        takeBegun(run, dataError(run.misfit));
}

void QueueController::takeBegun(const QueuedRun &run, const Result<RunController *> &begun)
{
    m_beginning = false;
    if (!begun) {
        count(run, QueuedState::Failed, 0);
        if (!take(m_queue.end(run.id, QueuedState::Failed, begun.error().message, 0)))
            return halt();
        return m_on ? goOn() : rest();
    }
    m_run = *begun;
    m_id = run.id;
    m_since.start();
    connect(m_run, &RunController::stateChanged, this, &QueueController::noteEnd);
    (void)take(m_queue.setFolder(run.id, m_run->latestFolder()));
}

void QueueController::noteEnd()
{
    if (!m_run || m_run->isActive())
        return;
    RunController &run = *std::exchange(m_run, nullptr);
    disconnect(&run, nullptr, this, nullptr);
    const bool waitsAgain = m_closing && run.state() == RunState::Stopped;
    const QueuedState state = waitsAgain ? QueuedState::Interrupted : endOf(run.state());
    const double seconds = static_cast<double>(m_since.elapsed()) / 1000;
    if (const QueuedRun *queued = m_queue.find(m_id); queued && !waitsAgain)
        count(*queued, state, seconds);
    std::erase_if(m_expected, [](const auto &one) { return !one.second; }); // this one may have told
    const std::string why = state == QueuedState::Failed ? run.message() : std::string();
    if (!take(m_queue.end(std::exchange(m_id, 0), state, why, seconds)))
        halt();
    else if (m_on)
        goOn();
    else
        rest();
}

/// What cannot be kept does not go on; why is told.
void QueueController::halt()
{
    m_on = false;
    m_queue.release();
    Q_EMIT changed();
}

void QueueController::count(const QueuedRun &run, QueuedState state, double seconds)
{
    if (state == QueuedState::Finished)
        ++m_outcome.finished;
    else if (state == QueuedState::Stopped)
        ++m_outcome.stopped;
    else
        m_outcome.failed << titleOf(run.spec);
    m_outcome.seconds += seconds;
}

/// Nothing of it goes on any more.
void QueueController::rest()
{
    m_queue.release();
    Q_EMIT changed();
    if (m_closing)
        return;
    if (waiting() > 0)
        Q_EMIT paused();
    else if (m_outcome.finished + m_outcome.stopped + m_outcome.failed.size() > 0)
        Q_EMIT ended(std::exchange(m_outcome, {}));
}

/// In the background: it reads what is kept of earlier runs.
void QueueController::estimate()
{
    std::vector<std::pair<std::int64_t, RunSpec>> asked;
    for (const QueuedRun &run : runs())
        if (waits(run.state) && run.misfit.empty() && !m_expected.contains(run.id))
            asked.emplace_back(run.id, run.spec);
    if (m_estimating || asked.empty())
        return;
    m_estimating = true;
    using Found = std::map<std::int64_t, std::optional<double>>;
    BackgroundJob<Found>::start(
        this,
        [asked] {
            Found found;
            for (const auto &[id, spec] : asked)
                found[id] = secondsOfEarlierRun(spec);
            return found;
        },
        [this](Found found) {
            m_estimating = false;
            m_expected.merge(found);
            Q_EMIT changed();
            estimate(); // what was added meanwhile
        });
}

} // namespace losslab::ui
