#include "ui/runcontroller.h"

#include "base/platform.h"
#include "lab/experiment.h"
#include "runs/runjson.h"
#include "runs/runlibrary.h"
#include "ui/text.h"

#include <algorithm>
#include <utility>

namespace losslab::ui {

namespace {

constexpr int drainEvery = 33;   // ms
constexpr int followEvery = 200; // ms

QString sentence(const std::string &text)
{
    QString shown = fromText(text);
    shown[0] = shown[0].toUpper();
    return shown;
}

/// A series of the run's own: a curve to compare with is there before anything has been trained.
bool hasPoints(const ChartData &chart)
{
    return std::any_of(chart.series.begin(), chart.series.end(), [&](const SeriesData &series) {
        const bool any = std::any_of(series.repeats.begin(), series.repeats.end(),
                                     [](const SeriesPoints &points) { return !points.x.empty(); });
        return any && !chart.info.seriesInfo(series.key).isTarget;
    });
}

} // namespace

RunController::RunController(const Experiment &experiment, QObject *parent)
    : QObject(parent), m_experiment(experiment)
{
    m_run.data = RunData(experiment);
    connect(&m_timer, &QTimer::timeout, this, &RunController::drain);
}

bool RunController::hasAnything(const RunData &data)
{
    return !data.figures().empty() || std::any_of(data.charts().begin(), data.charts().end(), hasPoints)
           || std::any_of(data.tables().begin(), data.tables().end(),
                          [](const TableData &table) { return !table.rows.empty(); });
}

Result<void> RunController::start(const RunSpec &spec)
{
    const std::filesystem::path folder = freshRunFolder(spec);
    auto runner = Runner::start(spec, {.folder = folder});
    if (!runner) {
        (void)platform::removeEmptyFolder(folder);
        return tl::unexpected(runner.error());
    }
    if (!m_before && hasAnything(m_run.data))
        m_before = std::move(m_run);
    m_log.clear();
    m_secondsBefore = 0;
    begin(std::move(*runner), QDateTime::currentDateTime());
    note(NoteEvent::Level::Info, tr("Started: %1").arg(fromText(caption(m_run.spec, m_experiment))));
    note(NoteEvent::Level::Info, tr("Saved in %1").arg(fromPath(m_run.folder)));
    setState(RunState::Running);
    return {};
}

/// With what the run had said before it was left.
void RunController::begin(std::unique_ptr<Runner> runner, const QDateTime &started)
{
    m_runner = std::move(runner);
    m_follower.reset();
    m_isElsewhere = false;
    const Kept last = std::exchange(m_run, {m_runner->spec(), m_runner->folder(), started, m_runner->kept()});
    m_message.clear();
    m_unread.clear();
    m_notesLogged = 0;
    m_stopAsked = false;
    m_standing.clear();
    ++m_generation;
    m_sinceStart.start();
    m_pace.start();
    m_sinceAdvance.start();
    m_spentBefore = platform::threadSeconds();
    m_timer.start(drainEvery);
}

/// The run before has been shown for long enough. What shows it is told before it is gone.
void RunController::showNewRun()
{
    const std::optional<Kept> before = std::exchange(m_before, std::nullopt);
    ++m_generation;
    Q_EMIT stateChanged();
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
    if (!isActive())
        return;
    m_stopAsked = true;
    if (m_runner)
        m_runner->stop();
    setState(RunState::Stopping);
}

void RunController::show(RunRecord record)
{
    m_log.clear();
    m_notesLogged = 0;
    ++m_generation;
    const QDateTime started =
        QDateTime::fromString(fromText(record.facts.started), Qt::ISODate).toLocalTime();
    const std::optional<Kept> before = std::exchange(m_before, std::nullopt);
    m_run = {record.spec, record.folder, started, std::exchange(record.data, {})};
    m_log.push_back({started, NoteEvent::Level::Info,
                     tr("Started: %1 (on %2)")
                         .arg(fromText(caption(m_run.spec, m_experiment)), fromText(record.facts.device))});
    takeStanding(record);
    logNotes();
    note(NoteEvent::Level::Info, tr("Read from %1").arg(fromPath(m_run.folder)));
    if (m_isElsewhere) {
        m_follower.emplace(record);
        m_pace.start();
        m_sinceAdvance.start();
        m_spentBefore = platform::threadSeconds();
        m_timer.start(followEvery);
    }
    Q_EMIT stateChanged();
    Q_EMIT advanced();
}

/// As the folder says, and in its words.
void RunController::takeStanding(const RunRecord &record)
{
    m_timer.stop();
    m_follower.reset();
    m_isElsewhere = record.journal != nullptr;
    m_run.end = record;
    m_message = record.message;
    m_unread = record.unread;
    const bool ended = isEnded(record.state);
    const QString standing =
        m_isElsewhere ? tr("Written by another LossLab") : sentence(standingText(record));
    m_standing = ended && m_unread.empty() ? QString() : standing;
    const QDateTime end = QDateTime::fromString(fromText(record.facts.ended), Qt::ISODate).toLocalTime();
    QString told = standing;
    if (m_isElsewhere)
        told = tr("%1. It is shown as it grows.").arg(standing);
    else if (!ended)
        told = tr("%1. Everything it had written is shown.").arg(standing);
    m_log.push_back({ended ? end : m_run.started, NoteEvent::Level::Info, told});
    // Older runs have no duration of their own, and a clock may have been set back between their times.
    m_seconds = record.facts.seconds;
    if (ended && m_seconds < 0 && m_run.started.isValid() && end >= m_run.started)
        m_seconds = static_cast<double>(m_run.started.secsTo(end));
    const bool cutShort = record.state == RunState::Finished && !m_unread.empty();
    m_state = m_isElsewhere ? RunState::Running : ended && !cutShort ? record.state : RunState::Stopped;
}

QString RunController::outcome() const
{
    const QString name = fromPath(m_run.folder.filename());
    if (!m_standing.isEmpty())
        return tr("%1  ·  %2").arg(m_standing, name);
    if (m_seconds < 0)
        return tr("%1  ·  %2").arg(stateText(m_state), name);
    return tr("%1 after %2  ·  %3").arg(stateText(m_state), durationText(m_seconds), name);
}

void RunController::drain()
{
    if (m_follower)
        return readOn();
    const bool ended = m_runner->ended();
    const std::vector<Event> events = m_runner->take();
    for (const Event &event : events)
        m_run.data.apply(event);
    logNotes();
    if (m_before && (hasAnything(m_run.data) || (ended && m_run.data.state() == RunState::Finished)))
        showNewRun();
    if (ended) {
        m_timer.stop();
        m_run.isKept = m_runner->isKept();
        m_runner.reset();
        m_run.end.format = runFormat;
        m_run.end.state = m_run.data.state();
        m_message = m_run.data.stateMessage();
        noteOutcome();
        advance();
        setState(m_run.data.state(), m_message);
        return;
    }
    if (!m_stopAsked && !isEnded(m_run.data.state()) && m_run.data.state() != RunState::Idle)
        setState(m_run.data.state(), m_run.data.stateMessage());
    m_advanced = m_advanced || !events.empty();
    advanceWhenDue();
}

void RunController::advanceWhenDue()
{
    const double waited = static_cast<double>(m_sinceAdvance.elapsed()) / 1000;
    if (m_advanced && m_pace.isDue(waited, platform::threadSeconds() - m_spentBefore))
        advance();
}

void RunController::advance()
{
    m_advanced = false;
    m_sinceAdvance.start();
    const double now = platform::threadSeconds();
    m_pace.begin(now - m_spentBefore);
    m_spentBefore = now;
    Q_EMIT advanced();
}

void RunController::setState(RunState state, const std::string &message)
{
    if (m_state == state && m_message == message && !isEnded(state))
        return;
    m_message = message;
    const bool changes = state != m_state;
    if (changes && (state == RunState::Paused || (state == RunState::Running && m_state == RunState::Paused)))
        note(NoteEvent::Level::Info, state == RunState::Paused ? tr("Paused") : tr("Resumed"));
    m_state = state;
    Q_EMIT stateChanged();
}

void RunController::note(NoteEvent::Level level, const QString &text)
{
    m_log.push_back({QDateTime::currentDateTime(), level, text});
}

void RunController::warn(const std::vector<std::string> &sentences)
{
    if (sentences.empty())
        return;
    for (const std::string &sentence : sentences)
        note(NoteEvent::Level::Warning, fromText(sentence));
    Q_EMIT advanced();
}

/// What the run itself has said since.
void RunController::logNotes()
{
    for (; m_notesLogged < m_run.data.notes().size(); ++m_notesLogged)
        note(m_run.data.notes()[m_notesLogged].level, fromText(m_run.data.notes()[m_notesLogged].text));
}

void RunController::noteOutcome()
{
    m_seconds = m_secondsBefore + static_cast<double>(m_sinceStart.elapsed()) / 1000;
    const bool failed = m_run.data.state() == RunState::Failed;
    QString text = tr("%1 after %2.").arg(stateText(m_run.data.state()), durationText(m_seconds));
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
