#pragma once

#include "runs/runqueue.h"

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace losslab::ui {

class RunController;

/// What has become of the runs since the queue was started.
struct QueueOutcome
{
    int finished = 0;
    int stopped = 0;
    QStringList failed; ///< titles of their experiments
    double seconds = 0; ///< that all of them took
};

/// "3 runs finished, 1 was stopped, 1 failed (“Gradient norm”), in 12 min".
QString outcomeText(const QueueOutcome &outcome);

/// Runs what waits in the queue, one after the other, as if Run were pressed for each; never without having
/// been asked to. What fails is noted, and the next begins.
class QueueController : public QObject
{
    Q_OBJECT

public:
    /// Where a run goes on that has begun. Error: why it cannot begin.
    using Begun = std::function<void(Result<RunController *>)>;
    /// Starts a run in its experiment's panel, and tells at once or later what has become of that.
    using Starter = std::function<void(const QueuedRun &, const Begun &)>;

    /// `isTraining`: whether any run of the window goes on, of the queue or not.
    QueueController(Starter start, std::function<bool()> isTraining, QObject *parent = nullptr);

    const std::vector<QueuedRun> &runs() const { return m_queue.runs(); }
    int waiting() const { return static_cast<int>(m_queue.waiting()); }
    /// Whether the next is begun when nothing trains any more.
    bool isOn() const { return m_on; }
    /// The queue's run that goes on in this window, or nullptr.
    const RunController *current() const { return m_run; }
    std::int64_t currentId() const { return m_id; }
    double currentSeconds() const; ///< since it was begun
    bool runsElsewhere() const;    ///< another program runs the queue
    /// Seconds that a run of these settings took before; nothing where that is not known (yet).
    std::optional<double> expectedSeconds(std::int64_t id) const;
    bool canUndoRemoval() const { return !m_removed.empty(); }

    /// Of an earlier start of the program: whether anything waits that no program runs.
    bool restore();
    /// Takes what other windows have changed.
    void refresh();
    /// False where they could not be added; failed() says why.
    bool add(const std::vector<RunSpec> &specs);
    void remove(const std::vector<std::int64_t> &ids);
    void undoRemoval();
    void move(std::int64_t id, int place);
    void start();
    /// After the run that goes on.
    void pause();
    /// The run that goes on is to be stopped as the window closes, and waits again.
    void prepareToClose();
    /// Begins the next where it may: something has ended.
    void goOn();

Q_SIGNALS:
    void changed();
    void failed(const QString &sentence);
    void paused(); ///< nothing of the queue goes on any more, and some wait
    void ended(const losslab::ui::QueueOutcome &outcome);

private:
    template <class T>
    bool take(const Result<T> &done);
    Result<bool> recover();
    void tellNotes();
    void tell(const std::string &sentence);
    void next();
    void takeBegun(const QueuedRun &run, const Result<RunController *> &begun);
    void noteEnd();
    void count(const QueuedRun &run, QueuedState state, double seconds);
    void halt();
    void rest();
    void estimate();

    Starter m_start;
    std::function<bool()> m_isTraining;
    RunQueue m_queue;
    RunController *m_run = nullptr;
    std::int64_t m_id = 0;
    QElapsedTimer m_since;
    bool m_on = false;
    bool m_due = false;       ///< next() is on its way
    bool m_beginning = false; ///< a run is being started
    bool m_closing = false;
    QueueOutcome m_outcome;
    std::vector<RunQueue::Removed> m_removed;                 ///< last
    std::map<std::int64_t, std::optional<double>> m_expected; ///< by id
    bool m_estimating = false;
    std::set<std::string> m_told; ///< sentences
};

/// "Gradient norm · quick preset, at most 50 epochs".
QString queuedText(const QueuedRun &run);

} // namespace losslab::ui
