#include "base/filehook.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "lab/run.h"
#include "runs/keeper.h"
#include "runs/outcome.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "tests/runcontent.h"
#include "tests/runtoend.h"
#include "tests/shortsettings.h"

#include <QScopeGuard>
#include <QTest>
#include <c10/util/Exception.h>
#include <system_error>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

/// A disk that has room for so many bytes.
class Disk
{
public:
    explicit Disk(std::size_t room) : m_room(room)
    {
        platform::limitRoom([this](std::size_t wanted) {
            const std::size_t fits = std::min<std::size_t>(wanted, m_room);
            m_room -= fits;
            return fits;
        });
    }
    ~Disk() { platform::limitRoom({}); }

    void set(std::size_t room) { m_room = room; }

private:
    std::atomic<std::size_t> m_room;
};

constexpr std::size_t plenty = std::size_t{1} << 30;

RunSpec shortSpec(int epochs)
{
    const auto experiment = std::move(*makeExperiment("gradient-norm"));
    RunSpec spec = makeSpec(*experiment, Preset::Quick);
    for (const auto &[key, value] : shortSettings(*experiment, epochs))
        *spec.find(key) = value;
    spec.device = Device::Cpu;
    return spec;
}

/// A keeper and what it has told.
struct Watched
{
    std::atomic<bool> stopped{false};
    std::atomic<int> waits{0};
    std::atomic<int> goesOn{0};
    std::unique_ptr<Keeper> keeper;

    explicit Watched(const fs::path &folder)
    {
        auto made = RunFolder::create(folder, shortSpec(3), {});
        keeper = std::make_unique<Keeper>(
            std::move(*made),
            Keeper::Watcher{[this] { return stopped.load(); }, [this](const std::string &) { ++waits; },
                            [this] { ++goesOn; }, [] { return std::size_t{0}; }, [](std::size_t) {}});
        keeper->begin();
    }

    void keep(const Event &event) const
    {
        keeper->keep(event, "model");
        keeper->settle();
    }
};

PointEvent point(int number)
{
    return {"loss", "model", 0, static_cast<double>(number), 1.0 / number};
}

std::size_t linesIn(const fs::path &journal)
{
    const std::string text = read(journal);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

class TestKeeper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A long epoch may follow: nothing else comes, and nobody asks.
    void whatCameIsWithTheSystemSoonAfter()
    {
        const TemporaryFolder folder;
        Watched kept(folder / "run");
        for (int i = 1; i <= 4; ++i)
            kept.keep(point(i));
        QTRY_COMPARE(linesIn(folder / "run" / "metrics.jsonl"), std::size_t{4});
        kept.keep(point(5));
        QTRY_COMPARE(linesIn(folder / "run" / "metrics.jsonl"), std::size_t{5});
    }

    void aFullDiskHoldsUntilThereIsRoom()
    {
        const TemporaryFolder folder;
        const fs::path journal = folder / "run" / "metrics.jsonl";
        Watched kept(folder / "run");
        Disk disk(1000);
        std::atomic<bool> through{false};
        std::atomic<int> come{0};
        std::thread training([&] {
            while (kept.waits == 0 && come < 1'000'000)
                kept.keep(point(++come));
            kept.keep(point(++come)); // waits here
            through = true;
        });
        QTRY_COMPARE(kept.waits.load(), 1);
        QTest::qWait(50);
        QVERIFY(!through);
        QVERIFY(linesIn(journal) > 5); // what there was room for stays
        VERIFY_RESULT(readRun(folder / "run"));
        QCOMPARE(kept.goesOn.load(), 0);

        disk.set(plenty);
        training.join();
        QTRY_COMPARE(kept.goesOn.load(), 1);
        QTRY_COMPARE(linesIn(journal), static_cast<std::size_t>(come.load()));
        const auto record = readRun(folder / "run"); // strict: no line is lost or twice
        VERIFY_RESULT(record);
        QCOMPARE(pointsIn(record->data), static_cast<std::size_t>(come.load()));
        QCOMPARE(kept.waits.load(), 1);
    }

    void stopEndsTheWaiting()
    {
        const TemporaryFolder folder;
        Watched kept(folder / "run");
        const Disk disk(0);
        kept.keep(point(1));
        QTRY_COMPARE(kept.waits.load(), 1);
        std::thread training([&] {
            try {
                kept.keep(point(2));
            } catch (const RunError &) { // where the writing has given up before
            }
        });
        kept.stopped = true;
        training.join();
        const auto experiment = std::move(*makeExperiment("gradient-norm"));
        VERIFY_DATA_ERROR(
            kept.keeper->finish(*experiment, RunData(*experiment), RunState::Stopped, "", RunFacts()),
            "no more room");
        QCOMPARE(kept.goesOn.load(), 0);
        QCOMPARE(kept.waits.load(), 1); // its end does not wait again
    }

    void aModelWaitsForRoomToo()
    {
        const TemporaryFolder folder;
        Watched kept(folder / "run");
        Disk disk(10);
        const TensorData bias{"0.bias", TensorType::Float32, {1}, std::vector<std::byte>(4, std::byte{1})};
        std::thread training([&] { kept.keeper->saveModel("model", {0, "model"}, {bias}); });
        QTRY_COMPARE(kept.waits.load(), 1);
        QVERIFY(!fs::exists(folder / "run" / "models" / "model.safetensors"));
        disk.set(plenty);
        training.join();
        QVERIFY(fs::exists(folder / "run" / "models" / "model.safetensors"));
    }

    void aRunThatIsGoneEndsTheTraining()
    {
        const TemporaryFolder folder;
        Watched kept(folder / "run");
        kept.keep(point(1));
        fs::remove_all(folder / "run");
        const auto train = [&] {
            for (int i = 2;; ++i) {
                kept.keep(point(i));
                QTest::qSleep(1);
            }
        };
        QVERIFY_EXCEPTION_THROWN(train(), RunError);
        QVERIFY(!kept.keeper->isInPlace());
        kept.keeper->discard();
        QVERIFY(!fs::exists(folder / "run"));
    }

    void aRunOnAFullDiskPausesAndIsWholeInTheEnd()
    {
        const TemporaryFolder folder;
        Disk disk(plenty);
        const auto runner = Runner::start(shortSpec(400), {.folder = folder / "run"});
        VERIFY_RESULT(runner);
        disk.set(500); // less than what its end takes
        RunData data(**makeExperiment("gradient-norm"));
        std::vector<RunState> states;
        bool freed = false;
        test::runToEnd(**runner, data, [&](const Event &event) {
            const auto *state = std::get_if<StateEvent>(&event);
            if (state)
                states.push_back(state->state);
            if (state && state->state == RunState::Paused) {
                QVERIFY2(state->message.find("no more room") != std::string::npos, state->message.c_str());
                disk.set(plenty);
                freed = true;
            }
        });
        QVERIFY(freed);
        QCOMPARE(states.back(), RunState::Finished);
        QCOMPARE(states[states.size() - 2], RunState::Running);
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QCOMPARE(record->state, RunState::Finished);
        QCOMPARE(pointsIn(record->data), pointsIn(data));
        QVERIFY(record->facts.seconds >= 0);
    }

    /// Pausing what waits anyway takes nothing from what is said of it.
    void aPauseKeepsTheReasonForWaiting()
    {
        const TemporaryFolder folder;
        Disk disk(plenty);
        const auto runner = Runner::start(shortSpec(400), {.folder = folder / "run"});
        VERIFY_RESULT(runner);
        disk.set(500);
        std::vector<std::string> reasons;
        for (bool ended = false; !ended;)
            for (const Event &event : (*runner)->waitTake(std::chrono::milliseconds(50))) {
                const auto *state = std::get_if<StateEvent>(&event);
                ended = ended || (state && isEnded(state->state));
                if (!state || state->state != RunState::Paused)
                    continue;
                reasons.push_back(state->message);
                if (reasons.size() == 1)
                    (*runner)->pause();
                else
                    disk.set(plenty);
                if (state->message.empty()) // there is room again
                    (*runner)->resume();
            }
        QVERIFY(reasons.size() >= 3);
        QVERIFY2(reasons[0].find("no more room") != std::string::npos, reasons[0].c_str());
        QCOMPARE(reasons[1], reasons[0]);
        QCOMPARE(reasons[2], std::string());
    }

    void whoseTheFailureIsIsTold_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("LibTorch") << QByteArray("torch") << QByteArray("an error of LibTorch: shapes differ");
        QTest::newRow("the system") << QByteArray("system") << QByteArray("a system call failed");
        QTest::newRow("memory") << QByteArray("memory") << QByteArray("Memory ran out");
        QTest::newRow("LossLab") << QByteArray("own") << QByteArray("an error of LossLab itself: vector::at");
        QTest::newRow("whatever") << QByteArray("number") << QByteArray("an unknown error");
    }
    void whoseTheFailureIsIsTold()
    {
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, says);
        StateEvent outcome;
        try {
            if (kind == "torch")
                TORCH_CHECK(false, "shapes differ");
            if (kind == "system")
                throw std::system_error(EAGAIN, std::generic_category());
            if (kind == "memory")
                throw std::bad_alloc();
            if (kind == "own")
                throw std::out_of_range("vector::at");
            throw 7;
        } catch (...) {
            outcome = outcomeOf(std::current_exception());
        }
        QCOMPARE(outcome.state, RunState::Failed);
        QVERIFY2(outcome.message.find(says.toStdString()) != std::string::npos, outcome.message.c_str());
        QCOMPARE(outcome.message.find("LibTorch") != std::string::npos, kind == "torch");
    }
};

QTEST_GUILESS_MAIN(TestKeeper)
#include "test_keeper.moc"
