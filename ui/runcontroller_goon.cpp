#include "lab/experiment.h"
#include "runs/continuation.h"
#include "ui/backgroundjob.h"
#include "ui/runcontroller.h"
#include "ui/runlibrary.h"
#include "ui/text.h"

#include <algorithm>
#include <utility>

/// A run that goes on: one that was left, and one that another program writes.
namespace losslab::ui {

void RunController::continueRun(const std::filesystem::path &folder, std::function<void(Result<void>)> told)
{
    resumeInBackground(folder, 0, [this, told = std::move(told)](Result<std::unique_ptr<Runner>> runner) {
        if (!runner) {
            Q_EMIT stateChanged();
            return told(tl::unexpected(runner.error()));
        }
        m_log.clear();
        takeContinued(std::move(*runner), QDateTime::currentDateTime(), 0);
        told({});
    });
}

void RunController::goOn(std::int64_t moreEpochs)
{
    if (isActive() || !whyNotContinued(moreEpochs > 0).isEmpty())
        return;
    resumeInBackground(left().folder, moreEpochs, [this](Result<std::unique_ptr<Runner>> runner) {
        if (runner)
            return takeContinued(std::move(*runner), left().started,
                                 m_run.isKept ? std::max(m_seconds, 0.0) : 0);
        note(NoteEvent::Level::Error, fromText(runner.error().message));
        Q_EMIT stateChanged();
        Q_EMIT couldNotGoOn(fromText(runner.error().message));
    });
}

/// All that the run has written is read. Where it cannot go on, what is shown is as it was; the caller tells.
void RunController::resumeInBackground(const std::filesystem::path &folder, std::int64_t moreEpochs,
                                       std::function<void(Result<std::unique_ptr<Runner>>)> then)
{
    m_isGoingOn = true;
    m_stopAsked = false;
    BackgroundJob<Result<std::unique_ptr<Runner>>>::start(
        this, [folder, moreEpochs] { return Runner::resume(folder, {.moreEpochs = moreEpochs}); },
        [this, then = std::move(then), state = m_state,
         message = m_message](Result<std::unique_ptr<Runner>> runner) {
            m_isGoingOn = false;
            if (!runner) {
                m_state = state;
                m_message = message;
            }
            then(std::move(runner));
        });
    setState(RunState::Running);
}

/// `started` is often of m_run itself, which gives way here.
void RunController::takeContinued(std::unique_ptr<Runner> runner, QDateTime started, double secondsBefore)
{
    const bool stopAsked = m_stopAsked;
    m_secondsBefore = secondsBefore;
    std::optional<Kept> before; // shown until stateChanged()
    if (!m_run.isKept || hasAnything(runner->kept()))
        before = std::exchange(m_before, std::nullopt);
    const Kept last = std::move(m_run);
    begin(std::move(runner), started);
    note(NoteEvent::Level::Info, tr("Goes on: %1").arg(fromText(caption(m_run.spec, m_experiment))));
    if (stopAsked)
        stop();
    Q_EMIT stateChanged();
    Q_EMIT wentOn();
}

QString RunController::whyNotContinued(bool longer) const
{
    if (!hasRun())
        return tr("There is no run yet that could go on.");
    if (m_isElsewhere)
        return tr("Another LossLab is training this run.");
    if (!left().isKept)
        return tr("This run left nothing to go on from.");
    if (const auto why = losslab::whyNotContinued(left().end, longer))
        return fromText(*why);
    return longer && !lengthParameter(leftSpec(), m_experiment)
               ? tr("This experiment has no number of epochs.")
               : QString();
}

/// What another program has written since.
void RunController::readOn()
{
    const auto news = m_follower->poll();
    if (!news || news->isReplaced)
        return readAnew();
    for (const Event &event : news->events)
        m_run.data.apply(event);
    logNotes();
    m_advanced = m_advanced || !news->events.empty();
    if (!news->end)
        return advanceWhenDue();
    takeStanding(*news->end);
    advance();
    Q_EMIT stateChanged();
}

/// What was read no longer holds, or cannot be read.
void RunController::readAnew()
{
    m_timer.stop();
    m_follower.reset();
    readRunFolder(m_run.folder, this, [this, generation = m_generation](Result<RunRecord> record) {
        if (generation != m_generation)
            return; // another run is shown by now
        if (record)
            return show(std::move(*record));
        m_isElsewhere = false;
        m_run.isKept = false;
        m_unread = {record.error().message};
        m_standing = fromText(record.error().message);
        m_state = RunState::Stopped;
        note(NoteEvent::Level::Error, m_standing);
        Q_EMIT stateChanged();
    });
}

} // namespace losslab::ui
