#include "ui/runcontroller.h"

#include "lab/experiment.h"
#include "store/platform.h"
#include "ui/redrawpace.h"
#include "ui/text.h"

namespace losslab::ui {

namespace {

constexpr int drainEvery = 33; // ms

QString sentence(const std::string &text)
{
    QString shown = fromText(text);
    shown[0] = shown[0].toUpper();
    return shown;
}

} // namespace

RunController::RunController(const Experiment &experiment, QObject *parent)
    : QObject(parent), m_experiment(experiment), m_data(experiment)
{
    m_timer.setInterval(drainEvery);
    connect(&m_timer, &QTimer::timeout, this, &RunController::drain);
}

Result<void> RunController::start(const RunSpec &spec)
{
    const std::filesystem::path folder = freshRunFolder(spec);
    auto runner = Runner::start(spec, {.folder = folder});
    if (!runner) {
        std::error_code notEmpty;
        std::filesystem::remove(folder, notEmpty);
        return tl::unexpected(runner.error());
    }
    m_runner = std::move(*runner);
    m_spec = m_runner->spec();
    m_folder = m_runner->folder();
    m_message.clear();
    m_data = RunData(m_experiment);
    m_log.clear();
    m_notesLogged = 0;
    m_stopAsked = false;
    m_standing.clear();
    ++m_generation;
    m_started = QDateTime::currentDateTime();
    note(NoteEvent::Level::Info, tr("Started: %1").arg(fromText(caption(m_spec, m_experiment))));
    note(NoteEvent::Level::Info, tr("Kept in %1").arg(fromPath(m_folder)));
    setState(RunState::Running);
    m_sinceAdvance.start();
    m_spentBefore = platform::threadSeconds();
    m_timer.start();
    return {};
}

void RunController::pause()
{
    if (m_runner)
        m_runner->pause();
}

void RunController::resume()
{
    if (m_runner)
        m_runner->resume();
}

void RunController::stop()
{
    if (!m_runner)
        return;
    m_stopAsked = true;
    m_runner->stop();
    setState(RunState::Stopping);
}

void RunController::show(RunRecord record)
{
    const QString standing = sentence(standingText(record));
    m_spec = std::move(record.spec);
    m_folder = std::move(record.folder);
    m_message = std::move(record.message);
    m_data = std::move(record.data);
    m_log.clear();
    m_notesLogged = 0;
    ++m_generation;
    const QDateTime started =
        QDateTime::fromString(fromText(record.facts.started), Qt::ISODate).toLocalTime();
    m_log.push_back({started, NoteEvent::Level::Info,
                     tr("Started: %1 (on %2)")
                         .arg(fromText(caption(m_spec, m_experiment)), fromText(record.facts.device))});
    const bool ended = isEnded(record.state);
    m_standing = ended ? QString() : standing;
    const QDateTime end = QDateTime::fromString(fromText(record.facts.ended), Qt::ISODate).toLocalTime();
    m_log.push_back({ended ? end : started, NoteEvent::Level::Info,
                     ended ? standing : tr("%1. Shown is all that it had written.").arg(standing)});
    m_seconds = ended ? static_cast<double>(started.secsTo(end)) : 0;
    logNotes();
    note(NoteEvent::Level::Info, tr("Read from %1").arg(fromPath(m_folder)));
    m_state = ended ? record.state : RunState::Stopped;
    Q_EMIT stateChanged();
    Q_EMIT advanced();
}

QString RunController::outcome() const
{
    const QString name = fromPath(m_folder.filename());
    if (!m_standing.isEmpty())
        return tr("%1  ·  %2").arg(m_standing, name);
    return tr("%1 after %2  ·  %3").arg(stateText(m_state), durationText(m_seconds), name);
}

void RunController::drain()
{
    const bool ended = m_runner->ended();
    const std::vector<Event> events = m_runner->take();
    for (const Event &event : events)
        m_data.apply(event);
    logNotes();
    if (ended) {
        m_timer.stop();
        m_runner.reset();
        m_message = m_data.stateMessage();
        noteOutcome();
        advance();
        setState(m_data.state());
        return;
    }
    if (!m_stopAsked && !isEnded(m_data.state()) && m_data.state() != RunState::Idle)
        setState(m_data.state());
    m_advanced = m_advanced || !events.empty();
    const double waited = static_cast<double>(m_sinceAdvance.elapsed()) / 1000;
    if (m_advanced && redrawIsDue(waited, platform::threadSeconds() - m_spentBefore))
        advance();
}

void RunController::advance()
{
    m_advanced = false;
    m_sinceAdvance.start();
    m_spentBefore = platform::threadSeconds();
    Q_EMIT advanced();
}

void RunController::setState(RunState state)
{
    if (m_state == state && !isEnded(state))
        return;
    if (state == RunState::Paused || (state == RunState::Running && m_state == RunState::Paused))
        note(NoteEvent::Level::Info, state == RunState::Paused ? tr("Paused") : tr("Resumed"));
    m_state = state;
    Q_EMIT stateChanged();
}

void RunController::note(NoteEvent::Level level, const QString &text)
{
    m_log.push_back({QDateTime::currentDateTime(), level, text});
}

/// What the run itself has said since.
void RunController::logNotes()
{
    for (; m_notesLogged < m_data.notes().size(); ++m_notesLogged)
        note(m_data.notes()[m_notesLogged].level, fromText(m_data.notes()[m_notesLogged].text));
}

void RunController::noteOutcome()
{
    m_seconds = static_cast<double>(m_started.msecsTo(QDateTime::currentDateTime())) / 1000;
    const bool failed = m_data.state() == RunState::Failed;
    QString text = tr("%1 after %2.").arg(stateText(m_data.state()), durationText(m_seconds));
    if (!m_message.empty())
        text += QLatin1Char(' ') + fromText(m_message);
    note(failed ? NoteEvent::Level::Error : NoteEvent::Level::Info, text);
}

QString stateText(RunState state)
{
    switch (state) {
    case RunState::Idle:
        return RunController::tr("Ready");
    case RunState::Running:
        return RunController::tr("Running");
    case RunState::Paused:
        return RunController::tr("Paused");
    case RunState::Stopping:
        return RunController::tr("Stopping");
    case RunState::Finished:
        return RunController::tr("Finished");
    case RunState::Stopped:
        return RunController::tr("Stopped");
    case RunState::Failed:
        return RunController::tr("Failed");
    }
    return {};
}

} // namespace losslab::ui
