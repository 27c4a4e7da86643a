#include "experiments/registry.h"
#include "filefaults.h"
#include "filefixtures.h"
#include "recordeddisk.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "tests/runtoend.h"
#include "tests/smallruns.h"

#include <QTest>
#include <algorithm>
#include <map>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

constexpr int mostCalls = 1000; ///< a run here has some dozens

RunSpec tinySpec()
{
    const auto experiment = std::move(*makeExperiment("function-fit"));
    return specOf(*experiment, {{"epochs", std::int64_t(6)},
                                {"points", std::int64_t(20)},
                                {"models", std::string("a: 3; b: 2, 2")}});
}

/// How a run ended on a disk where something fails.
struct Outcome
{
    StateEvent end;
    bool isKept = false;
    std::string synced; ///< of the journal, surely on the disk
    std::string failed; ///< what call
    bool isForever = false;
};

/// Runs until it ends; one that waits for room is stopped.
Outcome runWith(FaultAt fault, const fs::path &folder)
{
    DiskRecorder recorder(folder.parent_path());
    Outcome outcome;
    outcome.isForever = fault.isForever();
    {
        const FileHookScope hook([&](platform::FileCall &call, const std::function<long()> &make) {
            return fault.answer(call, [&] { return recorder.answer(call, make); });
        });
        const auto runner = Runner::start(tinySpec(), {.folder = folder});
        if (!runner)
            outcome.end = {RunState::Failed, runner.error().message, runner.error().kind};
        while (runner && !isEnded(outcome.end.state))
            for (const Event &event : (*runner)->waitTake(std::chrono::milliseconds(50)))
                if (const auto *state = std::get_if<StateEvent>(&event)) {
                    outcome.end = *state;
                    if (state->state == RunState::Paused)
                        (*runner)->stop();
                }
        outcome.isKept = runner && (*runner)->isKept();
    }
    outcome.failed = fault.what();
    ModelDisk disk(recorder.root());
    for (const DiskStep &step : recorder.steps())
        disk.apply(step);
    if (const auto journal = disk.certain(folder / "metrics.jsonl"))
        outcome.synced = journal->front();
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
    if (!journal.starts_with(outcome.synced))
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

} // namespace

/// What a run does where a change to a file fails: every one in turn.
class TestFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRunEndsInWordsWhateverFails_data()
    {
        QTest::addColumn<int>("error");
        QTest::addColumn<bool>("forever");
        for (const bool forever : {false, true}) {
            const std::string until = forever ? " from then on" : " once";
            QTest::addRow("the disk is full%s", until.c_str()) << ENOSPC << forever;
            QTest::addRow("the disk is broken%s", until.c_str()) << EIO << forever;
            QTest::addRow("no permission%s", until.c_str()) << EACCES << forever;
            QTest::addRow("read only%s", until.c_str()) << EROFS << forever;
        }
    }
    void aRunEndsInWordsWhateverFails()
    {
        QFETCH(int, error);
        QFETCH(bool, forever);
        const TemporaryFolder parent;
        std::map<std::string, int> failed;
        for (int number = 1; number < mostCalls; ++number) {
            const fs::path folder = parent / std::to_string(number) / "run";
            fs::create_directory(folder.parent_path());
            const Outcome outcome = runWith(
                FaultAt(number, error, forever ? FaultAt::Until::Forever : FaultAt::Until::Once), folder);
            const QString what = complaint(outcome, folder);
            QVERIFY2(what.isEmpty(), qPrintable(QString("call %1 (%2): %3")
                                                    .arg(number)
                                                    .arg(QString::fromStdString(outcome.failed), what)));
            if (outcome.failed.empty())
                break;
            ++failed[outcome.failed];
        }
        for (const char *call : {"open", "write", "sync", "sync the folder", "rename", "make the folder"})
            QVERIFY2(failed[call] > 0, call);
    }
};

QTEST_GUILESS_MAIN(TestFaults)
#include "test_faults.moc"
