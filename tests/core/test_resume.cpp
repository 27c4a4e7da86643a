// A run that was left goes on as if it had not been.

#include "experiments/registry.h"
#include "lab/run.h"
#include "runs/checkpointfile.h"
#include "runs/continuation.h"
#include "runs/journalreader.h"
#include "runs/runjson.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "tests/everyexperiment.h"
#include "tests/shortsettings.h"
#include "tests/smallruns.h"

#include <QtTest>
#include <fstream>
#include <map>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

/// So short that every experiment can be run several times in a test.
RunSpec smallSpec(const std::string &id, const Settings &settings = {})
{
    const auto experiment = std::move(*makeExperiment(id));
    RunSpec spec = makeSpec(*experiment, Preset::Quick);
    spec.data = fewImages();
    spec.device = Device::Cpu;
    spec.repeats = 1;
    shorten(spec, *experiment, experiment->needsImages(spec) ? 4 : 40);
    if (Value *hidden = spec.find("hidden"))
        *hidden = std::string("24");
    if (Value *trainings = spec.find("trainings"))
        *trainings = std::int64_t{4};
    for (const auto &[key, value] : settings)
        *spec.find(key) = value;
    return spec;
}

/// Tells the runner to stop once so many kept events have come; what it says to the end.
RunState goThrough(Runner &runner, int stopAfter)
{
    RunState state = RunState::Running;
    int seen = 0;
    while (!isEnded(state))
        for (const Event &event : runner.waitTake(std::chrono::milliseconds(100))) {
            const bool isKept = std::holds_alternative<PointEvent>(event)
                                || std::holds_alternative<RowEvent>(event)
                                || std::holds_alternative<FigureEvent>(event);
            if (isKept && ++seen == stopAfter)
                runner.stop();
            if (const auto *said = std::get_if<StateEvent>(&event))
                state = said->state;
        }
    return state;
}

RunState runWhole(const RunSpec &spec, const fs::path &folder)
{
    auto runner = Runner::start(spec, {folder});
    return runner ? goThrough(**runner, -1) : RunState::Failed;
}

/// Starts the run, leaves it after so many points, goes on, and so forth; how often it was left.
int runInPieces(const RunSpec &spec, const fs::path &folder, int pointsAtOnce)
{
    auto runner = Runner::start(spec, {folder});
    int left = 0;
    while (runner && goThrough(**runner, pointsAtOnce) == RunState::Stopped) {
        ++left;
        runner->reset();   // lets the folder go
        pointsAtOnce += 3; // else a task that is stopped in its first epoch would never come on
        runner = Runner::resume(folder);
    }
    if (!runner)
        QTest::qFail(runner.error().message.c_str(), __FILE__, __LINE__);
    return left;
}

/// Each task's lines in their order, without their numbers and checksums.
std::map<TaskKey, std::vector<std::string>> linesByTask(const fs::path &folder)
{
    std::map<TaskKey, std::vector<std::string>> lines;
    const auto read = readJournal(folder / "metrics.jsonl", {runFormat, 100}, [&](const JournalEntry &entry) {
        lines[entry.task].emplace_back(entry.fields);
    });
    if (!read || !read->leftOut.empty())
        QTest::qFail("the journal is not whole", __FILE__, __LINE__);
    return lines;
}

std::map<std::string, std::string> modelsIn(const fs::path &folder)
{
    std::map<std::string, std::string> models;
    for (const auto &entry : fs::directory_iterator(folder / "models"))
        models[entry.path().filename().string()] = read(entry.path());
    return models;
}

/// In words, where two runs are not alike; empty where they are, bit for bit.
std::string difference(const fs::path &a, const fs::path &b)
{
    if (read(a / "summary.json") != read(b / "summary.json"))
        return "summary.json";
    if (modelsIn(a) != modelsIn(b))
        return "models";
    const auto linesA = linesByTask(a), linesB = linesByTask(b);
    for (const auto &[task, lines] : linesA)
        if (!linesB.contains(task) || linesB.at(task) != lines)
            return "lines of " + task.second;
    return linesA.size() == linesB.size() ? std::string() : "tasks";
}

void setText(const fs::path &file, const std::string &text)
{
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

} // namespace

class TestResume : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesOnAsIfItHadNotBeenLeft_data() { everyExperiment(); }
    void goesOnAsIfItHadNotBeenLeft()
    {
        QFETCH(QString, id);
        const TemporaryFolder folder;
        RunSpec spec = smallSpec(id);
        spec.repeats = 2;
        QCOMPARE(runWhole(spec, folder / "whole"), RunState::Finished);
        QVERIFY(runInPieces(spec, folder / "pieces", 7) > 1);
        QCOMPARE(difference(folder / "whole", folder / "pieces"), std::string());
    }

    void trainsLongerAsIfItHadFromTheBegin_data() { everyExperiment(); }
    void trainsLongerAsIfItHadFromTheBegin()
    {
        QFETCH(QString, id);
        const TemporaryFolder folder;
        RunSpec spec = smallSpec(id);
        const auto experiment = std::move(*makeExperiment(id));
        const Parameter *length = lengthParameter(spec, *experiment);
        QVERIFY(length);
        auto &epochs = std::get<std::int64_t>(*spec.find(length->info().key));
        epochs = 2;
        QCOMPARE(runWhole(spec, folder / "longer"), RunState::Finished);
        auto runner = Runner::resume(folder / "longer", {.moreEpochs = 1});
        VERIFY_RESULT(runner);
        QCOMPARE(goThrough(**runner, -1), RunState::Finished);
        epochs = 3;
        QCOMPARE(runWhole(spec, folder / "whole"), RunState::Finished);
        QCOMPARE(difference(folder / "whole", folder / "longer"), std::string());
    }

    /// Every engine's and optimizer's own state.
    void everyTrainingIsKeptWhole_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::addColumn<Settings>("settings");
        for (const char *method : {"adam", "adamw", "sgd", "rmsprop", "adagrad"}) {
            const Value name = std::string(method);
            QTest::addRow("lanes, %s", method)
                << std::string("gradient-norm") << Settings{{"optimizer", name}};
            QTest::addRow("dense, %s", method)
                << std::string("random-labels") << Settings{{"optimizer", name}};
            QTest::addRow("conv, %s", method) << std::string("cnn-mnist") << Settings{{"optimizer", name}};
        }
        const Settings momentum{{"optimizer", std::string("sgd")}, {"momentum", 0.9}, {"nesterov", true}};
        QTest::newRow("Nesterov") << std::string("random-labels") << momentum;
        QTest::newRow("autograd") << std::string("random-labels")
                                  << Settings{{"hidden", std::string("24 tanh, 12, dropout 0.2")}};
        QTest::newRow("bfloat16") << std::string("random-labels")
                                  << Settings{{"precision", std::string("bfloat16")}};
        QTest::newRow("rate by cosine")
            << std::string("random-labels") << Settings{{"schedule", std::string("cosine")}};
        QTest::newRow("mini-batches") << std::string("function-fit") << Settings{{"batch", std::int64_t{50}}};
        QTest::newRow("by iteration")
            << std::string("gradient-norm") << Settings{{"measured", std::string("iteration")}};
        QTest::newRow("gradients summed")
            << std::string("sensitivity") << Settings{{"measure", std::string("published")}};
        QTest::newRow("Levenberg–Marquardt")
            << std::string("gradient-zero") << Settings{{"way", std::string("levenberg-marquardt")}};
    }
    void everyTrainingIsKeptWhole()
    {
        QFETCH(QString, id);
        QFETCH(Settings, settings);
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec(id, settings);
        QCOMPARE(runWhole(spec, folder / "whole"), RunState::Finished);
        QVERIFY(runInPieces(spec, folder / "pieces", 5) > 0);
        QCOMPARE(difference(folder / "whole", folder / "pieces"), std::string());
    }

    /// A damaged checkpoint, or a journal that is damaged before it, costs time alone.
    void damageCostsTimeAlone_data()
    {
        QTest::addColumn<std::string>("file");
        QTest::newRow("journal") << std::string("metrics.jsonl");
        QTest::newRow("checkpoint") << std::string("checkpoints/deep.safetensors");
    }
    void damageCostsTimeAlone()
    {
        QFETCH(std::string, file);
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec("function-fit", {{"epochs", std::int64_t{400}}});
        QCOMPARE(runWhole(spec, folder / "whole"), RunState::Finished);
        auto runner = Runner::start(spec, {folder / "run"});
        VERIFY_RESULT(runner);
        QCOMPARE(goThrough(**runner, 200), RunState::Stopped);
        runner->reset();
        std::string text = read(folder / "run" / file);
        text[text.size() / 2] ^= 1;
        setText(folder / "run" / file, text);
        runner = Runner::resume(folder / "run");
        VERIFY_RESULT(runner);
        QCOMPARE(goThrough(**runner, -1), RunState::Finished);
        QCOMPARE(difference(folder / "whole", folder / "run"), std::string());
    }

    /// A program that is killed leaves the state "running", and a last line that breaks off.
    void goesOnAfterAKill()
    {
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec("function-fit", {{"epochs", std::int64_t{400}}});
        QCOMPARE(runWhole(spec, folder / "whole"), RunState::Finished);
        auto runner = Runner::start(spec, {folder / "run"});
        VERIFY_RESULT(runner);
        QCOMPARE(goThrough(**runner, 200), RunState::Stopped);
        const RunFacts facts = readRun(folder / "run")->facts;
        runner->reset();
        setText(folder / "run" / "run.json", runJson(spec, facts, {}));
        std::ofstream(folder / "run" / "metrics.jsonl", std::ios::app) << R"({"seq":9999,"task":"de)";
        runner = Runner::resume(folder / "run");
        VERIFY_RESULT(runner);
        QCOMPARE(goThrough(**runner, -1), RunState::Finished);
        QCOMPARE(difference(folder / "whole", folder / "run"), std::string());
    }

    /// What a follower needs that comes in the middle: the rows so far, then the others, none twice.
    void whatIsKeptComesBeforeTheEvents()
    {
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec("gradient-norm", {{"epochs", std::int64_t{300}}});
        auto runner = Runner::start(spec, {folder / "run"});
        VERIFY_RESULT(runner);
        QCOMPARE(goThrough(**runner, 200), RunState::Stopped);
        runner->reset();
        runner = Runner::resume(folder / "run");
        VERIFY_RESULT(runner);
        RunData data = (*runner)->kept();
        QVERIFY(!data.findChart("loss")->empty());
        data.apply(StateEvent{RunState::Running});
        runToEnd(**runner, data);
        QCOMPARE(data.findChart("loss")->find("model")->repeats.at(0).x.size(), std::size_t{300});
        QCOMPARE(readRun(folder / "run")->facts.resumed.size(), std::size_t{1});
    }

    void refusesWhatCannotGoOn()
    {
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec("gradient-norm");
        QCOMPARE(runWhole(spec, folder / "run"), RunState::Finished);
        const auto refused = [&](const char *why) {
            const std::string before = read(folder / "run" / "run.json");
            const auto runner = Runner::resume(folder / "run");
            return !runner && runner.error().message.find(why) != std::string::npos
                   && read(folder / "run" / "run.json") == before;
        };
        QVERIFY(refused("has finished"));
        std::string old = read(folder / "run" / "run.json");
        old.replace(old.find("\"format\": 2"), 11, "\"format\": 1");
        setText(folder / "run" / "run.json", old);
        QVERIFY(refused("earlier version"));
        QVERIFY(!Runner::resume(folder / "none"));

        auto going =
            Runner::start(smallSpec("gradient-norm", {{"epochs", std::int64_t{100000}}}), {folder / "going"});
        VERIFY_RESULT(going);
        const auto second = Runner::resume(folder / "going");
        QVERIFY(!second);
        QVERIFY(second.error().message.find("another LossLab") != std::string::npos);
    }

    void refusesOtherImages()
    {
        const TemporaryFolder folder;
        const auto mnist = loadDataset("mnist");
        const fs::path images = folder / "images";
        fs::create_directory(images);
        writeImages(images, "train", (*mnist)->train, 300);
        writeImages(images, "t10k", (*mnist)->test, 100);
        RunSpec spec = smallSpec("random-labels");
        spec.data = images.string();
        auto runner = Runner::start(spec, {folder / "run"});
        VERIFY_RESULT(runner);
        QCOMPARE(goThrough(**runner, 3), RunState::Stopped);
        runner->reset();
        writeImages(images, "train", (*mnist)->train, 299);
        runner = Runner::resume(folder / "run");
        VERIFY_RESULT(runner);
        QCOMPARE(goThrough(**runner, -1), RunState::Failed);
        QVERIFY(readRun(folder / "run")->message.find("others than those") != std::string::npos);
    }

    /// One that diverges ends neither its neighbours nor the other seeds.
    void healthyNeighboursGoOn()
    {
        const TemporaryFolder folder;
        RunSpec spec =
            smallSpec("function-fit", {{"optimizer", std::string("sgd")},
                                       {"models", std::string("mad: 8 | lr 100000; well: 8 | lr 0.01")}});
        spec.repeats = 2;
        QCOMPARE(runWhole(spec, folder / "run"), RunState::Failed);
        const auto record = readRun(folder / "run");
        VERIFY_RESULT(record);
        QVERIFY(record->message.find("loss of mad") != std::string::npos);
        const FigureData *loss = record->data.findFigure("well", "loss");
        QVERIFY(loss);
        QCOMPARE(loss->values.size(), std::size_t{2});
        QVERIFY(!record->data.findFigure("mad", "loss"));
    }
};

QTEST_GUILESS_MAIN(TestResume)
#include "test_resume.moc"
