#include "lab/experiment.h"
#include "lab/run.h"
#include "tests/stage.h"

#include <QtTest>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>

using namespace losslab;
using test::Stage;

namespace {

class Board final : public Experiment
{
public:
    Board() : Experiment({.id = "board", .title = "Board", .question = {}, .promise = {}}) {}
    void run(Run &) override {}

    Chart loss{this, "loss", "Loss", Axis{"epoch"}, Axis{"loss"}, {}};
    Chart fit{this, "fit", "Fit", Axis{"x"}, Axis{"y"}, {}};
};

/// Counts what it is asked to do.
class Counter final : public Training
{
public:
    std::string status() const override { return "counting"; }
    void save(TrainingState & /*state*/) const override {}
    void restore(const TrainingState & /*state*/) override {}
};

} // namespace

class TestRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void epochsCountFromOneAndEndWithTheLastCurve()
    {
        Board board;
        Stage stage({.threads = 2});
        Task &task = stage.run.task();
        Counter counter;
        int state = 0;
        board.fit.show(task, "model", [&] { return Chart::Curve{{0}, {double(state)}}; });
        std::vector<std::int64_t> epochs;
        for (const std::int64_t epoch : task.epochs(5, counter)) {
            epochs.push_back(epoch);
            state = int(epoch);
        }
        QCOMPARE(epochs, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
        const std::vector<CurveEvent> curves = stage.of<CurveEvent>();
        QVERIFY(curves.back().last);
        QCOMPARE(curves.back().y, std::vector<double>{5});
        QCOMPARE(
            std::count_if(curves.begin(), curves.end(), [](const CurveEvent &curve) { return curve.last; }),
            1);
    }

    void theLossIsFollowedWithinEpochsThatTakeLong()
    {
        Board board;
        Stage stage({.threads = 2});
        Task &task = stage.run.task();
        Counter counter;
        board.fit.follow(task, "model");
        board.fit.follow(task, "place", 64);
        for (const std::int64_t epoch : task.epochs(2, counter)) {
            std::this_thread::sleep_for(std::chrono::milliseconds(120));
            QVERIFY(task.wantsLoss());
            task.tellLoss(0.5, 1.0 / double(epoch));
        }
        QVERIFY(!task.wantsLoss()); // that was the loop's
        const std::vector<LiveEvent> told = stage.of<LiveEvent>();
        QCOMPARE(told.size(), std::size_t(4));
        QCOMPARE(told[0].x, 0.5); // within the first epoch, which ends at 1
        QCOMPARE(told[2].x, 1.5);
        QCOMPARE(told[2].y, 0.5);
        QCOMPARE(told[3].series, std::string("place"));
        QCOMPARE(told[3].x, 64.0);
    }

    void aBreakKeepsTheCurveOfThatEpoch()
    {
        Board board;
        Stage stage({.threads = 2});
        Task &task = stage.run.task();
        Counter counter;
        int state = 0;
        board.fit.show(task, "model", [&] { return Chart::Curve{{0}, {double(state)}}; });
        for (const std::int64_t epoch : task.epochs(100, counter)) {
            state = int(epoch);
            if (epoch == 3)
                break;
        }
        QCOMPARE(stage.of<CurveEvent>().back().y, std::vector<double>{3});
    }

    void stopLeavesTheLoopAndKeepsTheCurve()
    {
        Board board;
        Stage stage({.threads = 2});
        Task &task = stage.run.task();
        Counter counter;
        std::int64_t reached = 0;
        const auto train = [&] {
            board.fit.show(task, "model", [&] { return Chart::Curve{{0}, {1}}; });
            for (const std::int64_t epoch : task.epochs(1000000, counter)) {
                reached = epoch;
                if (epoch == 10)
                    stage.control.requestStop();
            }
        };
        QVERIFY_EXCEPTION_THROWN(train(), Stopped);
        QCOMPARE(reached, std::int64_t(10));
        QVERIFY(stage.of<CurveEvent>().back().last);
    }

    void aStopInTheLastCurvesEndsTheTaskAndNotTheProgram()
    {
        Board board;
        Stage stage({.threads = 2});
        Task &task = stage.run.task();
        Counter counter;
        bool ended = false;
        board.fit.show(task, "model", [&] {
            if (ended) { // the last of them, computed by the end of the loop
                stage.control.requestStop();
                task.tell(0.5, "computing");
            }
            return Chart::Curve{{0}, {1}};
        });
        for (const std::int64_t epoch : task.epochs(100, counter))
            if (epoch == 50) {
                ended = true;
                break;
            }
        QVERIFY(stage.of<CurveEvent>().back().last); // as shown before
        QVERIFY_EXCEPTION_THROWN(task.pulse(0), Stopped);
    }

    void aLoopEndsWhenItsTrainingHasSettled()
    {
        class Settling final : public Training
        {
        public:
            std::string status() const override { return {}; }
            bool settled() const override { return done == 4; }
            std::vector<Remark> remarks() override { return {{RemarkEvent::Kind::Converged, done}}; }
            void save(TrainingState & /*state*/) const override {}
            void restore(const TrainingState & /*state*/) override {}

            std::int64_t done = 0;
        } training;
        Stage stage({.threads = 2});
        for ([[maybe_unused]] const std::int64_t epoch : stage.run.task("deep").epochs(100, training))
            ++training.done;
        QCOMPARE(training.done, std::int64_t(4));
        QCOMPARE(stage.of<RemarkEvent>(),
                 (std::vector<RemarkEvent>{{"deep", 0, RemarkEvent::Kind::Converged, 4, {}}}));
    }

    void aTaskWithTwoLoopsIsDoneAfterItsSecond()
    {
        Stage stage({.threads = 2});
        Task &task = stage.run.task();
        Counter counter;
        task.stage(0.75);
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(3, counter)) {
        }
        QVERIFY(std::abs(stage.run.done() - 0.75) < 1e-12);
        task.stage(0.25);
        for (const std::int64_t epoch : task.epochs(4, counter))
            QVERIFY(std::abs(stage.run.done() - (0.75 + 0.25 * double(epoch - 1) / 4)) < 1e-12);
        QVERIFY(std::abs(stage.run.done() - 1) < 1e-12);
    }

    void pauseHoldsAndResumeGoesOn()
    {
        Stage stage({.threads = 2});
        Counter counter;
        std::atomic<std::int64_t> reached{0};
        std::atomic<bool> holding{false};
        stage.control.setPaused(true);
        std::thread worker([&] {
            Task &task = stage.run.task();
            holding = true;
            for (const std::int64_t epoch : task.epochs(3, counter))
                reached = epoch;
        });
        QTRY_VERIFY(holding);
        QTest::qWait(50);
        QCOMPARE(reached.load(), std::int64_t(0));
        stage.control.setPaused(false);
        worker.join();
        QCOMPARE(reached.load(), std::int64_t(3));
    }

    void stopEndsAPause()
    {
        Stage stage({.threads = 2});
        Counter counter;
        stage.control.setPaused(true);
        std::thread worker([&] {
            Task &task = stage.run.task();
            QVERIFY_EXCEPTION_THROWN(
                {
                    for ([[maybe_unused]] const std::int64_t epoch : task.epochs(3, counter)) {
                    }
                },
                Stopped);
        });
        stage.control.requestStop();
        worker.join();
    }

    void tasksRunSideBySideEachWithItsOwnStream()
    {
        const std::vector<std::string> models{"a", "b", "c"};
        Stage stage({.threads = 3});
        std::mutex mutex;
        std::map<std::string, std::uint64_t> own, shared;
        std::promise<void> bothThere;
        std::atomic<int> there{0};
        const std::shared_future<void> meeting = bothThere.get_future().share();
        stage.run.each(
            models, [](const std::string &name) { return name; },
            [&](const std::string &model, Task &task) {
                if (++there == 3)
                    bothThere.set_value();
                meeting.wait(); // returns only if all three run at once
                const std::lock_guard lock(mutex);
                own[model] = task.streamSeed("init");
                shared[model] = task.sharedSeed("order");
            });
        QVERIFY(own["a"] != own["b"] && own["b"] != own["c"] && own["a"] != own["c"]);
        QVERIFY(shared["a"] == shared["b"] && shared["b"] == shared["c"]);

        Stage again({.threads = 1});
        again.run.each(
            models, [](const std::string &name) { return name; },
            [&](const std::string &model, Task &task) { QCOMPARE(task.streamSeed("init"), own[model]); });
        Stage other({.seed = 2, .threads = 1});
        QVERIFY(other.run.task("a").streamSeed("init") != own["a"]);
    }

    void aFailureStopsTheOthersAndIsToldFirst()
    {
        Stage stage({.threads = 2});
        Counter counter;
        const std::vector<std::string> models{"good", "bad"};
        const auto train = [&] {
            stage.run.each(
                models, [](const std::string &name) { return name; },
                [&](const std::string &model, Task &task) {
                    if (model == "bad")
                        throw RunError({ErrorKind::Data, "the file is damaged"});
                    for ([[maybe_unused]] const std::int64_t epoch :
                         task.epochs(std::numeric_limits<std::int64_t>::max() - 1, counter))
                        std::this_thread::yield();
                });
        };
        try {
            train();
            QFAIL("no failure was told");
        } catch (const RunError &error) {
            QCOMPARE(error.error().message, std::string("the file is damaged"));
        }
    }

    void progressGrowsToTheWhole()
    {
        Stage stage({.threads = 2});
        Counter counter;
        Task &task = stage.run.task();
        Board board;
        board.fit.show(task, "model", [&] { // after the last epoch, too
            QTest::qSleep(120);
            task.pulse(1);
            return Chart::Curve{};
        });
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(4, counter))
            QTest::qSleep(120);
        const std::vector<ProgressEvent> progress = stage.of<ProgressEvent>();
        std::vector<double> done;
        for (const ProgressEvent &told : progress)
            done.push_back(told.done);
        QCOMPARE(done, (std::vector<double>{0, 0.25, 0.5, 0.75, 1}));
        QVERIFY(progress.back().text.find("counting") != std::string::npos);
        QVERIFY2(progress.back().text.find("epoch 4 of 4") != std::string::npos,
                 progress.back().text.c_str());
    }
};

QTEST_GUILESS_MAIN(TestRun)
#include "test_run.moc"
