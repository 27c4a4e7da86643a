#include "base/filehook.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "lab/experiment.h"
#include "lab/namedpreset.h"
#include "runs/runduration.h"
#include "runs/runlibrary.h"
#include "runs/runqueue.h"
#include "tests/smallruns.h"

#include <QScopeGuard>
#include <QTest>
#include <atomic>
#include <set>
#include <thread>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

constexpr const char *gradientNorm = "gradient-norm";

RunSpec specWithSeed(std::uint64_t seed)
{
    RunSpec spec = makeSpec(**makeExperiment(gradientNorm), Preset::Quick);
    *spec.find("epochs") = std::int64_t{123};
    spec.seed = seed;
    return spec;
}

/// "1 waiting, 2 waiting": seeds, and how their runs stand.
std::string standing(const RunQueue &queue)
{
    std::string text;
    for (const QueuedRun &run : queue.runs())
        text += (text.empty() ? "" : ", ") + std::to_string(run.spec.seed) + " "
                + std::string(queuedStateName(run.state));
    return text;
}

template <class T>
std::string problemOf(const Result<T> &result)
{
    return result ? std::string() : result.error().message;
}

bool has(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

/// The runs that wait for their turn: their order, their file, and who runs them.
class TestQueue : public QObject
{
    Q_OBJECT

    std::unique_ptr<TemporaryFolder> m_home;

    fs::path file() const { return *m_home / "queue.json"; }
    std::int64_t idOf(const RunQueue &queue, std::uint64_t seed) const
    {
        for (const QueuedRun &run : queue.runs())
            if (run.spec.seed == seed)
                return run.id;
        return -1;
    }
    /// Files beside the queue's that it was put aside under.
    std::vector<fs::path> putAside() const
    {
        std::vector<fs::path> found;
        for (const auto &entry : fs::directory_iterator(m_home->path()))
            if (entry.path().filename().string().starts_with("queue-damaged-"))
                found.push_back(entry.path());
        return found;
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<TemporaryFolder>();
        qputenv("LOSSLAB_HOME", QByteArray::fromStdString(m_home->path().string()));
    }
    void cleanup() { qunsetenv("LOSSLAB_HOME"); }

    /// Of every experiment and preset, all that decides a run.
    void whatIsAddedIsThereForTheNextProgram()
    {
        std::vector<RunSpec> specs;
        for (const ExperimentFactory make : registry()) {
            const auto experiment = make();
            for (const NamedPreset &preset : builtInPresets(*experiment)) {
                specs.push_back(makeSpec(*experiment, preset));
                specs.back().seed = 7;
                specs.back().repeats = 3;
                specs.back().threads = 2;
                specs.back().device = Device::Cpu;
                specs.back().data = m_home->path().string();
            }
        }
        RunQueue queue;
        QVERIFY(queue.add(specs));
        RunQueue next;
        QVERIFY(next.refresh());
        QCOMPARE(next.runs().size(), specs.size());
        for (std::size_t i = 0; i < specs.size(); ++i) {
            const RunSpec &spec = next.runs()[i].spec;
            QVERIFY2(next.runs()[i].misfit.empty(), next.runs()[i].misfit.c_str());
            QCOMPARE(spec.experiment, specs[i].experiment);
            QCOMPARE(spec.preset, specs[i].preset);
            QCOMPARE(spec.ownPreset, specs[i].ownPreset);
            QVERIFY(spec.parameters == specs[i].parameters);
            QCOMPARE(spec.seed, specs[i].seed);
            QCOMPARE(spec.repeats, specs[i].repeats);
            QCOMPARE(spec.threads, specs[i].threads);
            QCOMPARE(spec.device, specs[i].device);
            QCOMPARE(spec.data, specs[i].data);
        }
        QVERIFY(next.takeNotes().empty());
    }

    void nothingIsMadeBeforeARunIsAdded()
    {
        RunQueue queue(*m_home / "not there" / "queue.json");
        QVERIFY(queue.refresh());
        QVERIFY(queue.runs().empty());
        QVERIFY(m_home->isEmpty());
    }

    void theOrderIsChanged()
    {
        RunQueue queue;
        QVERIFY(queue.add({specWithSeed(1), specWithSeed(2), specWithSeed(3), specWithSeed(4)}));
        QVERIFY(queue.move(idOf(queue, 4), 0));
        QCOMPARE(standing(queue), std::string("4 waiting, 1 waiting, 2 waiting, 3 waiting"));
        QVERIFY(queue.move(idOf(queue, 1), 99)); // at the end
        QVERIFY(queue.move(idOf(queue, 3), 1));
        QCOMPARE(standing(queue), std::string("4 waiting, 3 waiting, 2 waiting, 1 waiting"));
        const auto removed = queue.remove({idOf(queue, 3), idOf(queue, 1)});
        QVERIFY(removed);
        QCOMPARE(standing(queue), std::string("4 waiting, 2 waiting"));
        QVERIFY(queue.putBack(*removed));
        QCOMPARE(standing(queue), std::string("4 waiting, 3 waiting, 2 waiting, 1 waiting"));
        RunQueue next;
        QVERIFY(next.refresh());
        QCOMPARE(standing(next), standing(queue));
    }

    void runsTakeTheirTurn()
    {
        RunQueue queue;
        QVERIFY(queue.add({specWithSeed(1), specWithSeed(2), specWithSeed(3)}));
        QVERIFY(*queue.claim());
        const auto first = queue.beginNext();
        QVERIFY(first && *first);
        QCOMPARE((*first)->spec.seed, std::uint64_t(1));
        QCOMPARE(standing(queue), std::string("1 running, 2 waiting, 3 waiting"));
        const fs::path folder = *m_home / "runs" / "Übung 1";
        QVERIFY(queue.setFolder((*first)->id, folder));

        QVERIFY(queue.remove({(*first)->id})); // what runs stays where it is
        QVERIFY(queue.move((*first)->id, 2));
        QVERIFY(queue.move(idOf(queue, 3), 0));
        QCOMPARE(standing(queue), std::string("1 running, 3 waiting, 2 waiting"));

        QVERIFY(queue.end((*first)->id, QueuedState::Failed, "The loss is no longer a number.", 2.5));
        const auto second = queue.beginNext();
        QCOMPARE((*second)->spec.seed, std::uint64_t(3));
        QVERIFY(queue.end((*second)->id, QueuedState::Finished, {}, 1));
        RunQueue next;
        QVERIFY(next.refresh());
        QCOMPARE(standing(next), std::string("1 failed, 3 finished, 2 waiting"));
        QCOMPARE(next.runs()[0].folder, folder);
        QCOMPARE(next.runs()[0].message, std::string("The loss is no longer a number."));
        QCOMPARE(next.runs()[0].seconds, 2.5);
        QVERIFY(queue.beginNext());
        QVERIFY(queue.end(idOf(queue, 2), QueuedState::Stopped, {}, 1));
        const auto none = queue.beginNext();
        QVERIFY(none && !*none);
    }

    /// As where it is killed: the claim is gone with it.
    void whatRanWhenTheProgramEndedStandsFirstAgain()
    {
        const fs::path folder = *m_home / "run";
        {
            RunQueue killed;
            QVERIFY(killed.add({specWithSeed(1), specWithSeed(2)}));
            QVERIFY(*killed.claim());
            QVERIFY(killed.setFolder((*killed.beginNext())->id, folder));
        }
        RunQueue next;
        QVERIFY(*next.claim());
        QCOMPARE(standing(next), std::string("1 interrupted, 2 waiting"));
        QCOMPARE(next.waiting(), std::size_t(2));
        const auto again = next.beginNext();
        QCOMPARE((*again)->spec.seed, std::uint64_t(1));
        QCOMPARE((*again)->state, QueuedState::Interrupted);
        QCOMPARE((*again)->folder, folder);
    }

    /// Killed after the run, and before the queue had noted it: nothing is run twice.
    void whatHasEndedInItsFolderHasEnded()
    {
        RunSpec spec = specWithSeed(1);
        *spec.find("epochs") = std::int64_t{2};
        spec.repeats = 1;
        const auto runner = Runner::start(spec, {.folder = freshRunFolder(spec)});
        QVERIFY2(runner, problemOf(runner).c_str());
        RunData data(**makeExperiment(gradientNorm), spec);
        {
            RunQueue killed;
            QVERIFY(killed.add({spec, specWithSeed(2)}));
            QVERIFY(*killed.claim());
            QVERIFY(killed.setFolder((*killed.beginNext())->id, (*runner)->folder()));
            runToEnd(**runner, data);
        }
        RunQueue next;
        QVERIFY(*next.claim());
        QCOMPARE(standing(next), std::string("1 finished, 2 waiting"));
        QVERIFY(next.runs()[0].seconds >= 0);
    }

    void oneProgramRunsItAndNoneLosesWhatTheOtherAdds()
    {
        RunQueue one, other;
        QVERIFY(one.add({specWithSeed(1), specWithSeed(2)}));
        QVERIFY(*one.claim());
        QVERIFY(*one.beginNext());
        const auto refused = other.claim();
        QVERIFY(refused && !*refused);
        QVERIFY(other.add({specWithSeed(3)}));
        QCOMPARE(standing(other), std::string("1 running, 2 waiting, 3 waiting")); // is not interrupted
        QVERIFY(other.move(idOf(other, 3), 0));
        QVERIFY(one.end(idOf(one, 1), QueuedState::Finished, {}, 1));
        QCOMPARE((*one.beginNext())->spec.seed, std::uint64_t(3));
        QVERIFY(*other.refresh());
        QVERIFY(!*other.refresh());
        QCOMPARE(standing(other), std::string("1 finished, 3 running, 2 waiting"));
        one.release();
        QVERIFY(*other.claim());
    }

    void programsThatAddAtOnceAllDo()
    {
        constexpr int programs = 4, each = 10;
        std::vector<std::thread> threads;
        std::atomic<int> failed{0};
        for (int i = 0; i < programs; ++i)
            threads.emplace_back([&, i] {
                RunQueue queue;
                for (int j = 0; j < each; ++j)
                    failed += queue.add({specWithSeed(static_cast<std::uint64_t>(each * i + j))}) ? 0 : 1;
            });
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(failed.load(), 0);
        RunQueue queue;
        QVERIFY(queue.refresh());
        std::set<std::uint64_t> seeds;
        std::set<std::int64_t> ids;
        for (const QueuedRun &run : queue.runs()) {
            seeds.insert(run.spec.seed);
            ids.insert(run.id);
        }
        QCOMPARE(seeds.size(), std::size_t(programs * each));
        QCOMPARE(ids.size(), seeds.size());
    }

    void aDamagedFileIsPutAsideAsItIs_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("why");
        const TemporaryFolder folder;
        RunQueue queue(folder / "queue.json");
        QVERIFY(queue.add({specWithSeed(1), specWithSeed(2)}));
        const QByteArray good = QByteArray::fromStdString(read(folder / "queue.json"));
        const auto row = [&](const char *name, QByteArray text, const char *why) {
            QVERIFY2(text != good, name);
            QTest::newRow(name) << text << QByteArray(why);
        };
        row("empty", "", "no queue");
        row("cut off", good.left(good.size() / 2), "no queue");
        row("no object", "[]", "not a JSON object");
        row("no runs", R"({"format": 1, "nextId": 1})", "“runs” is missing");
        row("another field", R"({"format": 1, "nextId": 1, "runs": [], "rums": 1})", "rums");
        row("of the future", R"({"format": 9, "runs": []})", "newer LossLab");
        row("of no format", R"({"format": 0, "runs": []})", "“format” cannot be 0");
        row("a state", QByteArray(good).replace("waiting", "flying"), "“state” cannot be “flying”");
        row("a number twice", QByteArray(good).replace("\"id\": 2", "\"id\": 1"), "the number 1");
        row("a number to come", QByteArray(good).replace("\"nextId\": 3", "\"nextId\": 2"), "a run has 2");
        row("a fraction", QByteArray(good).replace("\"id\": 2", "\"id\": 1.5"), "“id” cannot be 1.5");
        row("no spec", QByteArray(good).replace("\"spec\"", "\"spek\""), "spek");
        row("deep", QByteArray(100000, '['), "no queue");
        row("binary", QByteArray("\0\xff\x1b[31m", 6), "no queue");
    }

    void aDamagedFileIsPutAsideAsItIs()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, why);
        for (int time = 1; time <= 2; ++time) { // the same second: another name
            write(file(), text.toStdString());
            RunQueue queue;
            QVERIFY2(queue.refresh(), "It cannot be put aside.");
            QVERIFY(queue.runs().empty());
            const std::vector<std::string> notes = queue.takeNotes();
            QCOMPARE(notes.size(), std::size_t(1));
            QVERIFY2(has(notes[0], why.toStdString()) && has(notes[0], "queue-damaged-"), notes[0].c_str());
            QVERIFY(queue.takeNotes().empty());
            QVERIFY(!fs::exists(file()));
            QCOMPARE(putAside().size(), std::size_t(time));
            for (const fs::path &aside : putAside())
                QCOMPARE(read(aside), text.toStdString());
            QVERIFY(queue.add({specWithSeed(5)}));
            QCOMPARE(standing(queue), std::string("5 waiting"));
        }
    }

    /// As of a LossLab with other limits: it alone is not to be run, and is written as it was.
    void settingsThatDoNotFitAreTheirRunsOwnAffair()
    {
        RunQueue queue;
        QVERIFY(queue.add({specWithSeed(1), specWithSeed(2)}));
        std::string text = read(file());
        const std::string before = "\"epochs\": 123";
        text.replace(text.find(before), before.size(), "\"epochen\": 123");
        write(file(), text);
        RunQueue next;
        QVERIFY(next.refresh());
        QVERIFY(next.takeNotes().empty());
        QVERIFY2(has(next.runs()[0].misfit, "epochen"), next.runs()[0].misfit.c_str());
        QVERIFY(next.runs()[1].misfit.empty());
        QVERIFY(next.move(next.runs()[0].id, 1));
        QVERIFY(has(read(file()), "\"epochen\": 123"));
        RunQueue third;
        QVERIFY(third.refresh());
        QVERIFY(!third.runs()[1].misfit.empty());
    }

    void whereItCannotBeWrittenAllIsAsBefore()
    {
        RunQueue queue;
        QVERIFY(queue.add({specWithSeed(1)}));
        const std::string before = read(file());
        platform::limitRoom([](std::size_t) { return std::size_t{0}; });
        const auto unlimited = qScopeGuard([] { platform::limitRoom({}); });
        const auto added = queue.add({specWithSeed(2)});
        QVERIFY2(has(problemOf(added), "no more room"), problemOf(added).c_str());
        QCOMPARE(standing(queue), std::string("1 waiting"));
        QCOMPARE(read(file()), before);
        platform::limitRoom({});
        QVERIFY(queue.add({specWithSeed(2)}));
        QCOMPARE(standing(queue), std::string("1 waiting, 2 waiting"));
    }

    void itHoldsSoManyRunsAndNoMore()
    {
        RunQueue queue;
        QVERIFY(queue.add(std::vector<RunSpec>(mostQueued, specWithSeed(1))));
        const auto one = queue.add({specWithSeed(2)});
        QVERIFY2(has(problemOf(one), "at most 1000"), problemOf(one).c_str());
        QCOMPARE(queue.waiting(), mostQueued);
    }

    /// Only runs that are alike in all that costs time.
    void theTimeOfARunIsThatOfAnEarlierOne()
    {
        RunSpec spec = specWithSeed(1);
        *spec.find("epochs") = std::int64_t{3};
        spec.repeats = 1;
        QVERIFY(!secondsOfEarlierRun(spec));
        const auto runner = Runner::start(spec, {.folder = freshRunFolder(spec)});
        QVERIFY2(runner, problemOf(runner).c_str());
        RunData data(**makeExperiment(gradientNorm), spec);
        runToEnd(**runner, data);
        QCOMPARE(data.state(), RunState::Finished);
        const auto seconds = secondsOfEarlierRun(spec);
        QVERIFY(seconds && *seconds >= 0);
        spec.seed = 2;
        QCOMPARE(secondsOfEarlierRun(spec), seconds);
        RunSpec other = spec;
        *other.find("epochs") = std::int64_t{4};
        QVERIFY(!secondsOfEarlierRun(other));
        other = spec;
        other.repeats = 2;
        QVERIFY(!secondsOfEarlierRun(other));
        if (platform::cpuCount() > 1) {
            other = spec;
            other.threads = 1;
            QVERIFY(!secondsOfEarlierRun(other));
        }
    }
};

QTEST_GUILESS_MAIN(TestQueue)
#include "test_queue.moc"
