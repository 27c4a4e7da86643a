#pragma once

#include "lab/rundata.h"
#include "lab/runspec.h"
#include "runs/follower.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "ui/logline.h"
#include "ui/redrawpace.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace losslab {
class Experiment;
}

namespace losslab::ui {

/// The window's side of a run: starts it, hands its events to a RunData 30 times a second, tells of them as
/// often as its RedrawPace, and keeps the data when the run has ended. Training itself happens in the
/// Runner's threads; nothing here waits for them.
class RunController : public QObject
{
    Q_OBJECT

public:
    explicit RunController(const Experiment &experiment, QObject *parent = nullptr);

    /// Starts into a fresh run folder. The run before, which is on disk, is shown until the new one has
    /// something to show. Errors: usage, data.
    Result<void> start(const RunSpec &spec);
    /// Goes on with a run in its own folder, and shows what it has from the first; told(result) when it does,
    /// or cannot. Errors: as Runner::resume().
    void continueRun(const std::filesystem::path &folder, std::function<void(Result<void>)> told);
    /// Goes on with the run started or opened last (where that left no folder, the one shown), for so many
    /// epochs more than it was to have: wentOn() tells when it does, couldNotGoOn() why not.
    void goOn(std::int64_t moreEpochs);
    /// Why it cannot go on; `longer`: with more epochs. Empty where it can.
    QString whyNotContinued(bool longer) const;
    /// What it was to have.
    const RunSpec &leftSpec() const { return left().spec; }
    void pause();
    void resume();
    /// Asks the run to end; stateChanged() tells when it has.
    void stop();
    /// Shows a run read back from disk; one that another program writes is followed.
    void show(RunRecord record);
    /// Puts sentences into the log.
    void warn(const std::vector<std::string> &sentences);

    /// Running, paused or stopping: from start() or goOn() until the folder is complete.
    bool isActive() const { return m_runner != nullptr || m_isGoingOn; }
    /// Whether another program trains the run.
    bool isWrittenElsewhere() const { return m_isElsewhere; }
    RunState state() const { return m_state; }
    /// Whether there is a run to look at.
    bool hasRun() const { return m_state != RunState::Idle; }
    /// Whether what is shown is the run before, the one started last having nothing to show yet, or having
    /// failed so.
    bool showsRunBefore() const { return m_before.has_value(); }
    /// How far the run has come that was started or opened last.
    const ProgressEvent &progress() const { return m_run.data.progress(); }
    /// The folder of that one.
    const std::filesystem::path &latestFolder() const { return m_run.folder; }

    /// The run that is shown.
    const RunData &data() const { return shown().data; }
    const RunSpec &spec() const { return shown().spec; }
    const std::filesystem::path &folder() const { return shown().folder; }
    /// When it was started.
    const QDateTime &started() const { return shown().started; }
    /// Changes when data() is another run's.
    int generation() const { return m_generation; }
    /// Why the run failed, or what else there is to say of how it stands.
    const std::string &message() const { return m_message; }
    /// Why the run is paused without having been asked to; empty where it is not.
    std::string whyPaused() const { return m_state == RunState::Paused ? m_message : std::string(); }
    /// Sentences: what could not be read of a run that was shown with show().
    const std::vector<std::string> &unread() const { return m_unread; }
    /// How the run ended and where it is kept: "Finished after 12 s · 2026-11-24-101530-gradient-norm",
    /// "Interrupted (the program ended before the run did) · …".
    QString outcome() const;
    const std::vector<LogLine> &log() const { return m_log; }

Q_SIGNALS:
    void stateChanged();
    void advanced(); ///< data() or log() has grown
    void wentOn();
    void couldNotGoOn(const QString &why);

private:
    struct Kept
    {
        RunSpec spec;
        std::filesystem::path folder;
        QDateTime started;
        RunData data;
        RunRecord end = {}; ///< how it stands in its folder, without data
        bool isKept = true; ///< there
    };

    static bool hasAnything(const RunData &data);
    const Kept &shown() const { return m_before ? *m_before : m_run; }
    const Kept &left() const { return m_run.isKept ? m_run : shown(); }
    void begin(std::unique_ptr<Runner> runner, const QDateTime &started);
    void resumeInBackground(const std::filesystem::path &folder, std::int64_t moreEpochs,
                            std::function<void(Result<std::unique_ptr<Runner>>)> then);
    void takeContinued(std::unique_ptr<Runner> runner, QDateTime started, double secondsBefore);
    void showNewRun();
    void takeStanding(const RunRecord &record);
    void drain();
    void readOn();
    void readAnew();
    void advanceWhenDue();
    void advance();
    void setState(RunState state, const std::string &message = {});
    void note(NoteEvent::Level level, const QString &text);
    void logNotes();
    void noteOutcome();

    const Experiment &m_experiment;
    std::unique_ptr<Runner> m_runner;
    bool m_isGoingOn = false;           ///< a runner is being made in the background
    bool m_isElsewhere = false;         ///< see isWrittenElsewhere()
    std::optional<Follower> m_follower; ///< of a run that is written elsewhere
    QTimer m_timer;
    Kept m_run;                   ///< started or opened last
    std::optional<Kept> m_before; ///< shown in its place
    std::string m_message;
    std::vector<std::string> m_unread;
    RunState m_state = RunState::Idle;
    bool m_stopAsked = false;
    bool m_advanced = false; ///< since advanced() was last told
    RedrawPace m_pace;
    QElapsedTimer m_sinceAdvance;
    double m_spentBefore = 0; ///< processor seconds of this thread when advanced() was last told
    QString m_standing;       ///< in the commands' words, of a run read back that is not whole
    int m_generation = 0;
    std::size_t m_notesLogged = 0;
    double m_seconds = 0;       ///< that the run took; negative: not known
    double m_secondsBefore = 0; ///< of them, before it went on
    QElapsedTimer m_sinceStart; ///< whatever becomes of the clock
    std::vector<LogLine> m_log;
};

/// "Running", "Paused", …: for people.
QString stateText(RunState state);

} // namespace losslab::ui
