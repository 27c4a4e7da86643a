// What a run may take of a machine: memory, cores, threads; and what is said where there is not enough.

#include "base/controlgroups.h"
#include "base/device.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "lab/memory.h"
#include "lab/run.h"
#include "runs/runner.h"
#include "tests/stage.h"
#include "train/footprint.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <QtTest>
#include <future>
#include <pthread.h>

using namespace losslab;
using test::Stage;
using namespace losslab::test;

namespace {

/// As long as it lives, this process gets no thread: each would take more address space than there is. What a
/// limit on processes does, for root as well.
class NoThreads
{
public:
    NoThreads()
    {
        pthread_attr_init(&m_before);
        pthread_getattr_default_np(&m_before);
        pthread_attr_t huge;
        pthread_attr_init(&huge);
        pthread_attr_setstacksize(&huge, std::size_t{1} << 47);
        pthread_setattr_default_np(&huge);
        pthread_attr_destroy(&huge);
    }
    ~NoThreads()
    {
        pthread_setattr_default_np(&m_before);
        pthread_attr_destroy(&m_before);
    }

private:
    pthread_attr_t m_before;
};

std::unique_ptr<Experiment> withSettings(const std::string &id,
                                         const std::vector<std::pair<std::string, std::int64_t>> &settings)
{
    auto experiment = std::move(*makeExperiment(id));
    RunSpec spec = makeSpec(*experiment, Preset::Report);
    for (const auto &[key, value] : settings)
        *spec.find(key) = value;
    if (const auto applied = applyParameters(spec, *experiment); !applied)
        QTest::qFail(applied.error().message.c_str(), __FILE__, __LINE__);
    return experiment;
}

Run::Environment withMemory(MemoryNeed need, double budget)
{
    return {.threads = 3, .memory = std::move(need), .memoryBudget = budget};
}

void writeBelow(const std::filesystem::path &path, const std::string &text)
{
    std::filesystem::create_directories(path.parent_path());
    test::write(path, text);
}

} // namespace

class TestLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPresetFitsAMachineOfFourGigabytes()
    {
        for (const ExperimentFactory make : registry())
            for (const Preset preset : {Preset::Report, Preset::Quick}) {
                const auto experiment = make();
                QVERIFY(applyParameters(makeSpec(*experiment, preset), *experiment));
                const auto conflict = memoryConflict(*experiment, 4e9);
                QVERIFY2(!conflict, conflict ? conflict->message.c_str() : "");
            }
    }

    void everyExperimentSaysWhatMemoryItsModelsNeed()
    {
        for (const ExperimentFactory make : registry()) {
            const auto experiment = make();
            const MemoryNeed need = experiment->memoryNeed();
            const std::string &id = experiment->info().id;
            QVERIFY2(!need.models.empty() && !need.parameters.empty(), id.c_str());
            for (const auto &[model, bytes] : need.models)
                QVERIFY2(bytes > 1e4, (id + ": " + model).c_str());
        }
    }

    void whatExceedsTheMemoryIsRefusedWithWhatToLower_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("key");
        QTest::addColumn<qlonglong>("value");
        QTest::addColumn<double>("budget");
        QTest::newRow("width") << "capacity"
                               << "largest" << 10000LL << 3e8;
        QTest::newRow("history") << "weight-pca"
                                 << "epochs" << 10000LL << 20e9;
        QTest::newRow("Hessian") << "gradient-zero"
                                 << "hidden" << 1000LL << 2e8;
        QTest::newRow("samples") << "function-fit"
                                 << "points" << 10000LL << 1e5;
        QTest::newRow("batch of images") << "random-labels"
                                         << "batch" << 60000LL << 6e7;
        QTest::newRow("batch of a CNN") << "cnn-mnist"
                                        << "batch" << 60000LL << 4e7;
        QTest::newRow("batches of a pair") << "interpolation"
                                           << "large-batch" << 60000LL << 6e7;
    }

    void whatExceedsTheMemoryIsRefusedWithWhatToLower()
    {
        QFETCH(QString, id);
        QFETCH(QString, key);
        QFETCH(qlonglong, value);
        QFETCH(double, budget);
        const auto experiment = withSettings(id.toStdString(), {{key.toStdString(), value}});
        QVERIFY(!memoryConflict(*withSettings(id.toStdString(), {}), budget));
        const auto conflict = memoryConflict(*experiment, budget);
        QVERIFY(conflict);
        QCOMPARE(conflict->parameter, key.toStdString());
        QVERIFY(conflict->message.find(experiment->findParameter(conflict->parameter)->info().label)
                != std::string::npos);
        QVERIFY(conflict->message.find("GB") != std::string::npos);
        QVERIFY(!memoryConflict(*experiment, 1e15));
        const auto bytes = [&] {
            const MemoryNeed need = experiment->memoryNeed();
            double sum = need.together;
            for (const auto &[model, its] : need.models)
                sum += its;
            return sum;
        };
        for (const std::string &one : experiment->memoryNeed().parameters) {
            Parameter *parameter = experiment->findParameter(one);
            QVERIFY2(conflict->message.find("“" + parameter->info().label + "”") != std::string::npos,
                     conflict->message.c_str());
            const double before = bytes();
            const auto *whole = std::get_if<std::int64_t>(&parameter->value());
            QVERIFY(whole ? parameter->set(*whole / 2).has_value()
                          : parameter->set(std::string("1")) || parameter->set(std::string("a: 1")));
            QVERIFY2(bytes() < before, one.c_str());
        }
    }

    /// A run made on a larger machine opens here all the same: memory is no matter of reading.
    void theMemoryNeededIsNoMatterOfOpeningARun()
    {
        const auto experiment = std::move(*makeExperiment("weight-pca"));
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        *spec.find("epochs") = std::int64_t{10000};
        *spec.find("runs") = std::int64_t{64};
        QVERIFY(memoryConflict(*withSettings("weight-pca", {{"epochs", 10000}, {"runs", 64}})));
        QVERIFY(applyParameters(spec, *experiment));
        const TemporaryFolder parent;
        const auto runner = Runner::start(spec, {.folder = parent / "run"});
        QVERIFY(!runner && runner.error().kind == ErrorKind::Usage);
        QVERIFY(runner.error().message.find("GB") != std::string::npos);
        QVERIFY(!std::filesystem::exists(parent / "run"));
    }

    void aLargeBatchGoesInBlocksAndTakesLittle()
    {
        const double one = trainingBytes(mlp({784, 10000, 10}), Loss::CrossEntropy, 500);
        const double all = trainingBytes(mlp({784, 10000, 10}), Loss::CrossEntropy, 60000);
        QVERIFY(one > 3 * 4 * 7950010.0); // parameters and moments at least
        QVERIFY(all < one + 60000 * 800 + 1);
    }

    void modelsThatDoNotFitSideBySideTakeTurns()
    {
        const std::vector<std::string> models{"a", "b", "c", "d"};
        Stage stage(withMemory({.models = {{"a", 60}, {"b", 60}, {"c", 60}, {"d", 1000}}}, 100));
        std::atomic<int> together{0}, most{0}, done{0};
        stage.run.each(models, std::identity(), [&](const std::string &, Task &) {
            const int now = ++together;
            most = std::max(most.load(), now);
            std::this_thread::sleep_for(std::chrono::milliseconds(5)); // so that another would come
            --together;
            ++done;
        });
        QCOMPARE(most.load(), 1);
        QCOMPARE(done.load(), 4); // even the one that is larger than all: it is alone
    }

    void modelsThatFitTrainSideBySide()
    {
        const std::vector<std::string> models{"a", "b", "c"};
        Stage stage(withMemory({.models = {{"a", 30}, {"b", 30}, {"c", 30}}}, 100));
        std::promise<void> allThere;
        std::atomic<int> there{0};
        const std::shared_future<void> meeting = allThere.get_future().share();
        stage.run.each(models, std::identity(), [&](const std::string &, Task &) {
            if (++there == 3)
                allThere.set_value();
            meeting.wait(); // returns only if all three are at work
        });
        QCOMPARE(there.load(), 3);
    }

    void aStopEndsTheWaitForMemory()
    {
        const std::vector<std::string> models{"a", "b"};
        Stage stage(withMemory({.models = {{"a", 60}, {"b", 60}}}, 100));
        std::atomic<int> begun{0};
        const auto train = [&] {
            stage.run.each(models, std::identity(), [&](const std::string &, Task &task) {
                ++begun;
                stage.control.requestStop();
                task.pulse(0);
            });
        };
        QVERIFY_EXCEPTION_THROWN(train(), Stopped);
        QCOMPARE(begun.load(), 1);
    }

    void controlGroupsLimit_data()
    {
        QTest::addColumn<QString>("groups");
        QTest::addColumn<QStringList>("files"); // path, content, …
        QTest::addColumn<double>("memory");     // 0: no limit
        QTest::addColumn<double>("cores");
        const QString none = "9223372036854771712\n";
        QTest::newRow("none") << "0::/\n" << QStringList{} << 0.0 << 0.0;
        QTest::newRow("version 2, no limit")
            << "0::/\n"
            << QStringList{"memory.max", "max\n", "cpu.max", "max 100000\n"} << 0.0 << 0.0;
        QTest::newRow("version 2, a container that sees itself as the top")
            << "0::/\n"
            << QStringList{"memory.max", "2147483648\n", "cpu.max", "150000 100000\n"} << 2147483648.0 << 1.5;
        QTest::newRow("version 2, by a path from outside")
            << "0::/docker/abc\n"
            << QStringList{"memory.max", "1000000\n"} << 1000000.0 << 0.0;
        QTest::newRow("version 2, the group above is stricter")
            << "0::/user.slice/job\n"
            << QStringList{"user.slice/job/memory.max", "5000\n",         "user.slice/memory.max", "4000\n",
                           "user.slice/job/cpu.max",    "200000 100000\n"}
            << 4000.0 << 2.0;
        QTest::newRow("version 1") << "12:cpu,cpuacct:/job\n4:memory:/job\n1:name=systemd:/x\n"
                                   << QStringList{"memory/job/memory.limit_in_bytes",  "3000\n",
                                                  "memory/memory.limit_in_bytes",      none,
                                                  "cpu,cpuacct/job/cpu.cfs_quota_us",  "50000\n",
                                                  "cpu,cpuacct/job/cpu.cfs_period_us", "100000\n"}
                                   << 3000.0 << 0.5;
        QTest::newRow("version 1, no limit")
            << "12:cpu,cpuacct:/\n4:memory:/\n"
            << QStringList{"memory/memory.limit_in_bytes",  none,      "cpu,cpuacct/cpu.cfs_quota_us", "-1\n",
                           "cpu,cpuacct/cpu.cfs_period_us", "100000\n"}
            << 0.0 << 0.0;
        QTest::newRow("both versions, as on older systems")
            << "4:memory:/job\n0::/system\n"
            << QStringList{"memory/job/memory.limit_in_bytes", "7000\n", "unified/memory.max", "max\n"}
            << 7000.0 << 0.0;
        QTest::newRow("rubbish") << "rubbish\n::\n4:memory\n"
                                 << QStringList{"memory.max", "rubbish"} << 0.0 << 0.0;
    }

    void controlGroupsLimit()
    {
        QFETCH(QString, groups);
        QFETCH(QStringList, files);
        QFETCH(double, memory);
        QFETCH(double, cores);
        const TemporaryFolder folder;
        writeBelow(folder / "cgroup", groups.toStdString());
        for (qsizetype i = 0; i < files.size(); i += 2)
            writeBelow(folder / "mount" / files[i].toStdString(), files[i + 1].toStdString());
        const platform::ControlGroups limits{folder / "cgroup", folder / "mount"};
        QCOMPARE(static_cast<double>(limits.memory().value_or(0)), memory);
        QCOMPARE(limits.cores().value_or(0), cores);
    }

    void theMachineHasMemoryAndCores()
    {
        QVERIFY(platform::memoryBytes() > 100'000'000);
        QVERIFY(platform::cpuCount() >= 1);
        QVERIFY(memoryBudget() < static_cast<double>(platform::memoryBytes()));
    }

    void noMoreThreadsThanCores()
    {
        const auto experiment = std::move(*makeExperiment("function-fit"));
        RunSpec spec = makeSpec(*experiment, Preset::Quick);
        *spec.find("epochs") = std::int64_t{1};
        spec.threads = 1024;
        const auto runner = Runner::start(spec, {});
        QVERIFY(runner);
        QCOMPARE((*runner)->spec().threads, platform::cpuCount());
        spec.threads = 1;
        QCOMPARE((*Runner::start(spec, {}))->spec().threads, 1);
    }

    void whereNoThreadIsToBeHadOneWorks()
    {
        const NoThreads none;
        QVERIFY_EXCEPTION_THROWN(std::thread([] {}), std::system_error); // it is so
        setThreads(8);
        QCOMPARE(at::get_num_threads(), 1);
        Stage stage(withMemory({}, 100));
        int done = 0;
        stage.run.each(std::vector<std::string>{"a", "b", "c"}, std::identity(),
                       [&](const std::string &, Task &) { ++done; });
        QCOMPARE(done, 3);
    }

    void aRunThatGetsNoThreadSaysSoAndLeavesNothing()
    {
        const auto experiment = std::move(*makeExperiment("function-fit"));
        const TemporaryFolder parent;
        const NoThreads none;
        const auto runner = Runner::start(makeSpec(*experiment, Preset::Quick), {.folder = parent / "run"});
        QVERIFY(!runner);
        QVERIFY2(runner.error().message.find("no thread") != std::string::npos,
                 runner.error().message.c_str());
        QVERIFY(!std::filesystem::exists(parent / "run"));
    }

    void askingForADeviceChangesNothing()
    {
        at::globalContext().setAllowTF32CuDNN(true);
        QVERIFY(resolveDevice(Device::Auto));
        QVERIFY(at::globalContext().allowTF32CuDNN());
        RunControl control;
        Run::Environment environment;
        environment.control = &control;
        environment.device = Device::Cuda;
        const Run run(std::move(environment)); // a run on a GPU is what wants it
        QVERIFY(!at::globalContext().allowTF32CuDNN());
    }
};

QTEST_GUILESS_MAIN(TestLimits)
#include "test_limits.moc"
