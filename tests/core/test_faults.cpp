#include "experiments/registry.h"
#include "filefaults.h"
#include "filefixtures.h"
#include "recordeddisk.h"
#include "runs/csv.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "runs/verify.h"
#include "tests/runtoend.h"
#include "tests/smallruns.h"

#include <QTest>
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

constexpr int mostCalls = 1000; ///< a run here has some dozens

RunSpec tinySpec()
{
    const auto experiment = std::move(*makeExperiment("function-fit"));
    return specOf(*experiment, {{"epochs", std::int64_t(20)},
                                {"points", std::int64_t(20)},
                                {"batch", std::int64_t(1)},
                                {"models", std::string("a: 3; b: 2, 2")}});
}

/// How a run ended on a disk where something fails.
struct Outcome
{
    StateEvent end;
    bool isKept = false;
    std::vector<std::string>
        synced;         ///< of the journal, surely on the disk: this or, where it was replaced, that
    std::string failed; ///< what call
    bool isForever = false;
};

using Begin = std::function<Result<std::unique_ptr<Runner>>()>;

/// Runs until it ends; one that waits for room is stopped.
StateEvent endOf(const Begin &begin, bool &isKept)
{
    const auto runner = begin();
    if (!runner)
        return {RunState::Failed, runner.error().message, runner.error().kind};
    StateEvent end;
    while (!isEnded(end.state))
        for (const Event &event : (*runner)->waitTake(std::chrono::milliseconds(50)))
            if (const auto *state = std::get_if<StateEvent>(&event)) {
                end = *state;
                if (state->state == RunState::Paused)
                    (*runner)->stop();
            }
    isKept = (*runner)->isKept();
    return end;
}

/// Of a run in the folder.
Outcome runWith(FaultAt fault, const fs::path &folder, const Begin &begin)
{
    DiskRecorder recorder(folder.parent_path());
    Outcome outcome;
    outcome.isForever = fault.isForever();
    {
        const FileHookScope hook([&](platform::FileCall &call, const std::function<long()> &make) {
            return fault.answer(call, [&] { return recorder.answer(call, make); });
        });
        outcome.end = endOf(begin, outcome.isKept);
    }
    outcome.failed = fault.what();
    ModelDisk disk(recorder.root());
    for (const DiskStep &step : recorder.steps())
        disk.apply(step);
    if (const auto journal = disk.certain(folder / "metrics.jsonl"))
        outcome.synced = *journal;
    return outcome;
}

QString temporaryFileIn(const fs::path &folder)
{
    std::error_code none;
    for (fs::recursive_directory_iterator entry(folder, none), end; !none && entry != end; ++entry)
        if (entry->path().filename().string().starts_with(".losslab-"))
            return QString::fromStdString(entry->path().string());
    return {};
}

/// In words what is wrong with how the run ended; empty where all is well.
QString complaint(const Outcome &outcome, const fs::path &folder)
{
    const std::string &message = outcome.end.message;
    if (outcome.end.state == RunState::Failed
        && (outcome.end.kind != ErrorKind::Data || !message.ends_with('.')))
        return QString::fromStdString("it failed and says: " + message);
    const std::string journal = read(folder / "metrics.jsonl");
    if (!outcome.synced.empty()
        && std::none_of(outcome.synced.begin(), outcome.synced.end(),
                        [&](const std::string &synced) { return journal.starts_with(synced); }))
        return "lines that were synced are gone";
    if (!outcome.isKept)
        return {};
    if (!outcome.isForever && !journal.empty() && !journal.ends_with('\n'))
        return "a line is there in part";
    const auto record = readRun(folder);
    if (!record)
        return QString::fromStdString("it cannot be read: " + record.error().message);
    return temporaryFileIn(folder);
}

/// Bit for bit what a run leaves, but for the lines' order.
std::map<std::string, std::string> resultsOf(const fs::path &folder)
{
    std::map<std::string, std::string> results{{"summary.json", read(folder / "summary.json")}};
    for (const auto &entry : fs::directory_iterator(folder / "models"))
        results[entry.path().filename().string()] = read(entry.path());
    const auto record = readRun(folder);
    for (const ChartData &chart : record ? record->data.charts() : std::vector<ChartData>())
        results[chart.id] = chartCsv(chart);
    return results;
}

} // namespace

/// What a run does where a change to a file fails: every one in turn.
class TestFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        ::setenv("LOSSLAB_CHECKPOINT_SECONDS", "0", 1);
        bool isKept = false;
        const StateEvent end = endOf([&] { return Runner::start(tinySpec(), {m_parent / "whole"}); }, isKept);
        QVERIFY2(end.state == RunState::Finished, end.message.c_str());
        m_whole = resultsOf(m_parent / "whole");
    }

    void aRunEndsInWordsWhateverFails_data() { addFaults(); }
    void aRunEndsInWordsWhateverFails()
    {
        const std::map<std::string, int> failed = tryAll("run", [](const fs::path &folder) -> Begin {
            return [folder] { return Runner::start(tinySpec(), {folder}); };
        });
        for (const char *call : {"open", "write", "sync", "sync the folder", "rename", "make the folder"})
            QVERIFY2(failed.contains(call), call);
    }

    void aRunThatGoesOnEndsInWordsWhateverFails_data() { addFaults(); }
    void aRunThatGoesOnEndsInWordsWhateverFails()
    {
        if (!fs::exists(m_parent / "stopped")) {
            const auto runner = Runner::start(tinySpec(), {m_parent / "stopped"});
            VERIFY_RESULT(runner);
            (*runner)->stop();
        }
        const auto stopped = readRun(m_parent / "stopped");
        VERIFY_RESULT(stopped);
        QCOMPARE(stopped->state, RunState::Stopped);
        const std::map<std::string, int> failed = tryAll("on", [this](const fs::path &folder) -> Begin {
            fs::copy(m_parent / "stopped", folder, fs::copy_options::recursive);
            return [folder] { return Runner::resume(folder); };
        });
        for (const char *call : {"open", "write", "sync", "sync the folder", "rename", "remove"})
            QVERIFY2(failed.contains(call), call);
    }

private:
    static void addFaults()
    {
        QTest::addColumn<int>("error");
        QTest::addColumn<bool>("forever");
        for (const bool forever : {false, true}) {
            const char *until = forever ? "from then on" : "once";
            QTest::addRow("the disk is full %s", until) << ENOSPC << forever;
            QTest::addRow("the disk is broken %s", until) << EIO << forever;
            QTest::addRow("no permission %s", until) << EACCES << forever;
            QTest::addRow("read only %s", until) << EROFS << forever;
        }
    }

    /// Fails one call after another, until there are no more; how often which. Each run that is kept can go
    /// on afterwards, to the same end.
    std::map<std::string, int> tryAll(const std::string &name,
                                      const std::function<Begin(const fs::path &)> &prepared)
    {
        QFETCH(int, error);
        QFETCH(bool, forever);
        std::map<std::string, int> failed;
        for (int number = 1; number < mostCalls; ++number) {
            const TemporaryFolder parent;
            const fs::path folder = parent / name;
            const Begin begin = prepared(folder);
            const Outcome outcome =
                runWith(FaultAt(number, error, forever ? FaultAt::Until::Forever : FaultAt::Until::Once),
                        folder, begin);
            QString what = complaint(outcome, folder);
            if (what.isEmpty() && (outcome.isKept || name == "on"))
                what = complaintOfResumed(folder);
            if (!what.isEmpty())
                QTest::qFail(qPrintable(QString("call %1 (%2): %3")
                                            .arg(number)
                                            .arg(QString::fromStdString(outcome.failed), what)),
                             __FILE__, __LINE__);
            if (!what.isEmpty() || outcome.failed.empty())
                break;
            ++failed[outcome.failed];
        }
        return failed;
    }

    QString complaintOfResumed(const fs::path &folder) const
    {
        const auto record = readRun(folder);
        if (record && record->state != RunState::Finished) {
            bool isKept = false;
            const StateEvent end = endOf([&] { return Runner::resume(folder); }, isKept);
            if (end.state != RunState::Finished)
                return QString::fromStdString("it does not go on: " + end.message);
        }
        const auto results = resultsOf(folder);
        if (results.size() != m_whole.size())
            return QString("it leaves %1 results").arg(results.size());
        for (const auto &[name, content] : m_whole)
            if (const auto found = results.find(name); found == results.end() || found->second != content)
                return QString::fromStdString("it comes to another end: " + name);
        const auto verified = verifyRun(folder);
        if (!verified)
            return QString::fromStdString(verified.error().message);
        return verified->isSound() ? QString()
                                   : QString::fromStdString(verified->findings.first().front().what);
    }

    TemporaryFolder m_parent;
    std::map<std::string, std::string> m_whole;
};

QTEST_GUILESS_MAIN(TestFaults)
#include "test_faults.moc"
