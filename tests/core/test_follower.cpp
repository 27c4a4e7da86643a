// A run that another program writes is watched as it grows.

#include "base/growingfile.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "runs/follower.h"
#include "runs/journaltail.h"
#include "runs/runjson.h"
#include "runs/runner.h"
#include "tests/runcontent.h"
#include "tests/shortsettings.h"
#include "tests/smallruns.h"

#include <QtTest>
#include <atomic>
#include <fstream>
#include <map>
#include <thread>
#include <tuple>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

RunSpec shortSpec(std::int64_t epochs)
{
    const auto experiment = std::move(*makeExperiment("function-fit"));
    RunSpec spec = makeSpec(*experiment, Preset::Quick);
    spec.device = Device::Cpu;
    spec.repeats = 1;
    shorten(spec, *experiment, epochs);
    return spec;
}

/// A finished run, and a folder in which it is written once more, as slowly as a test likes.
class WrittenAgain
{
public:
    WrittenAgain()
    {
        RunData data;
        const auto runner = Runner::start(shortSpec(60), {m_folder / "whole"});
        if (!runner)
            QTest::qFail(runner.error().message.c_str(), __FILE__, __LINE__);
        runToEnd(**runner, data);
        lines = read(m_folder / "whole" / "metrics.jsonl");
        whole = *readRun(m_folder / "whole");
        fs::create_directory(folder());
        setState("running");
        journal = *platform::AppendFile::create(folder() / "metrics.jsonl");
    }

    fs::path folder() const { return m_folder / "again"; }
    fs::path journalFile() const { return folder() / "metrics.jsonl"; }

    void setState(const std::string &state)
    {
        RunFacts facts = whole.facts;
        if (state == "running")
            facts.lines = -1;
        const RunStanding standing{state == "running" ? RunState::Running : RunState::Finished, {}};
        write(folder() / "run.json", runJson(whole.spec, facts, standing));
    }
    void append(std::size_t from, std::size_t count)
    {
        if (!journal->append(std::string_view(lines).substr(from, count)))
            QTest::qFail("the journal cannot be written", __FILE__, __LINE__);
    }

    std::string lines;
    RunRecord whole;
    std::optional<platform::AppendFile> journal; ///< locked as long as it is there

private:
    TemporaryFolder m_folder;
};

/// What the follower has to say is put together with what was there before.
Follower::News pollInto(Follower &follower, RunData &data)
{
    auto news = follower.poll();
    if (!news)
        QTest::qFail(news.error().message.c_str(), __FILE__, __LINE__);
    for (const Event &event : news->events)
        data.apply(event);
    return news ? std::move(*news) : Follower::News();
}

} // namespace

class TestFollower : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// In pieces that end anywhere, lines among them that break off: no point is lost or comes twice.
    void growsPieceByPiece()
    {
        WrittenAgain run;
        std::size_t at = run.lines.size() / 3;
        run.append(0, at);
        auto record = readRun(run.folder());
        VERIFY_RESULT(record);
        QVERIFY(record->journal && !record->interrupted);
        QVERIFY(record->unread.empty());
        QVERIFY(record->data.notes().empty()); // a line that breaks off here is still being written
        QVERIFY(!contentOf(record->data).empty());
        Follower follower(*record);
        int grew = 0;
        for (constexpr std::size_t piece = 701; at < run.lines.size(); at += piece) {
            run.append(at, piece);
            const auto news = pollInto(follower, record->data);
            QVERIFY(!news.isReplaced && !news.end);
            grew += news.events.empty() ? 0 : 1;
        }
        QVERIFY(grew > 3);
        QVERIFY(pollInto(follower, record->data).events.empty());
        run.setState("finished");
        run.journal.reset();
        const auto news = pollInto(follower, record->data);
        QVERIFY(news.end);
        QCOMPARE(news.end->state, RunState::Finished);
        QVERIFY(!news.end->interrupted && news.end->unread.empty());
        QCOMPARE(record->data.state(), RunState::Finished);
        QVERIFY(contentOf(record->data) == contentOf(run.whole.data));
    }

    /// A writer that is killed leaves its lock, and perhaps a part of a line.
    void aWriterThatIsGoneLeavesAnInterruptedRun()
    {
        WrittenAgain run;
        run.append(0, 1000);
        auto record = readRun(run.folder());
        VERIFY_RESULT(record);
        Follower follower(*record);
        run.append(1000, run.lines.size() / 2);
        run.journal.reset();
        const auto news = pollInto(follower, record->data);
        QVERIFY(news.end && news.end->interrupted);
        QCOMPARE(record->data.state(), RunState::Running);
        QVERIFY(contentOf(record->data) == contentOf(readRun(run.folder())->data));
    }

    /// What is missing of a run that has ended is said as where it is opened then, and once.
    void aDamagedLineIsSaidOnce()
    {
        WrittenAgain run;
        run.lines[run.lines.find("\"y\":") + 4] ^= 1;
        run.append(0, run.lines.size() / 2);
        auto record = readRun(run.folder());
        VERIFY_RESULT(record);
        QCOMPARE(record->unread.size(), std::size_t{1});
        Follower follower(*record);
        run.append(run.lines.size() / 2, run.lines.size());
        (void)pollInto(follower, record->data);
        run.setState("finished");
        run.journal.reset();
        const auto news = pollInto(follower, record->data);
        QVERIFY(news.end);
        QCOMPARE(news.end->unread, readRun(run.folder())->unread);
        QCOMPARE(record->data.notes().size(), std::size_t{1});
    }

    /// A run that is gone on with from an earlier checkpoint has another journal, or a shorter one.
    void aReplacedJournalIsReadAnew_data()
    {
        QTest::addColumn<bool>("another");
        QTest::newRow("another file") << true;
        QTest::newRow("cut") << false;
    }
    void aReplacedJournalIsReadAnew()
    {
        QFETCH(bool, another);
        WrittenAgain run;
        run.append(0, run.lines.size() / 2);
        auto record = readRun(run.folder());
        VERIFY_RESULT(record);
        Follower follower(*record);
        QVERIFY(!pollInto(follower, record->data).isReplaced);
        if (another) {
            const fs::path fresh = run.folder() / ".fresh.tmp";
            auto file = platform::AppendFile::create(fresh);
            VERIFY_RESULT(file);
            VERIFY_RESULT(file->append(std::string_view(run.lines).substr(0, run.lines.find('\n') + 1)));
            VERIFY_RESULT(file->moveTo(run.journalFile()));
            run.journal = std::move(*file);
        } else {
            fs::resize_file(run.journalFile(), 200);
        }
        const auto news = pollInto(follower, record->data);
        QVERIFY(news.isReplaced && !news.end && news.events.empty());
        const auto again = readRun(run.folder());
        VERIFY_RESULT(again);
        QVERIFY(again->journal);
    }

    void aFolderThatIsGoneIsReplaced()
    {
        WrittenAgain run;
        run.append(0, 2000);
        auto record = readRun(run.folder());
        VERIFY_RESULT(record);
        Follower follower(*record);
        fs::remove_all(run.folder());
        QVERIFY(pollInto(follower, record->data).isReplaced);
        QVERIFY(!readRun(run.folder()));
    }

    /// Of a run that trains: several watch it, are in nobody's way, and see all of it.
    void severalWatchARunThatTrains()
    {
        const TemporaryFolder folder;
        auto runner = Runner::start(shortSpec(3000), {folder / "run"});
        VERIFY_RESULT(runner);
        QTRY_VERIFY(fs::file_size(folder / "run" / "metrics.jsonl") > 5000);
        auto first = readRun(folder / "run"), second = readRun(folder / "run");
        VERIFY_RESULT(first);
        VERIFY_RESULT(second);
        QVERIFY(first->journal && second->journal);
        Follower one(*first), other(*second);
        QVERIFY(!pollInto(one, first->data).end);
        (*runner)->stop();
        RunData seen;
        runToEnd(**runner, seen);
        runner->reset();
        Follower::News news;
        QTRY_VERIFY((news = pollInto(one, first->data), news.end));
        QCOMPARE(news.end->state, RunState::Stopped);
        QTRY_VERIFY(pollInto(other, second->data).end);
        QVERIFY(contentOf(first->data) == contentOf(readRun(folder / "run")->data));
        QVERIFY(contentOf(second->data) == contentOf(first->data));
    }

    /// Who asks whether a file is written holds its lock for a moment.
    void readersKeepNoWriterOut()
    {
        const TemporaryFolder folder;
        const fs::path file = folder / "metrics.jsonl";
        write(file, "a line\n");
        std::atomic<bool> ended{false};
        std::vector<std::thread> readers;
        for (int i = 0; i < 4; ++i)
            readers.emplace_back([&] {
                while (!ended) {
                    (void)platform::isBeingAppended(file);
                    std::this_thread::sleep_for(std::chrono::microseconds(200));
                }
            });
        int kept = 0;
        for (int i = 0; i < 300; ++i)
            kept += platform::AppendFile::reopen(file) ? 1 : 0;
        ended = true;
        for (std::thread &reader : readers)
            reader.join();
        QCOMPARE(kept, 300);
        const auto writer = platform::AppendFile::reopen(file);
        VERIFY_RESULT(writer);
        QVERIFY(platform::isBeingAppended(file));
        VERIFY_DATA_ERROR(platform::AppendFile::reopen(file), "another LossLab");
    }
};

QTEST_GUILESS_MAIN(TestFollower)
#include "test_follower.moc"
