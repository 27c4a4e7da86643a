// A run that was left goes on as if it had not been.

#include "experiments/registry.h"
#include "lab/run.h"
#include "runs/checkpointfile.h"
#include "runs/continuation.h"
#include "runs/journalreader.h"
#include "runs/runjson.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "runs/verify.h"
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
    for (const auto &[key, value] : settings)
        *spec.find(key) = value;
    shorten(spec, *experiment, experiment->needsImages(spec) ? 5 : 40);
    if (Value *hidden = spec.find("hidden"))
        *hidden = std::string("24");
    if (Value *trainings = spec.find("trainings"))
        *trainings = std::int64_t{4};
    if (Value *batches = spec.find("batches"))
        *batches = std::string("50, 100, 200");
    return spec;
}

RunState ended(Runner &runner)
{
    RunState state = RunState::Running;
    while (!isEnded(state))
        for (const Event &event : runner.waitTake(std::chrono::milliseconds(100)))
            if (const auto *said = std::get_if<StateEvent>(&event))
                state = said->state;
    return state;
}

/// Runs it, to the end or to where it asks for the nth time whether to stop.
RunState run(const RunSpec &spec, const fs::path &folder, std::int64_t questions = 0)
{
    auto runner = Runner::start(spec, {folder, questions});
    return runner ? ended(**runner) : RunState::Failed;
}

RunState goOn(const fs::path &folder, const ResumeOptions &options = {})
{
    auto runner = Runner::resume(folder, options);
    return runner ? ended(**runner) : RunState::Failed;
}

/// Begins the run and leaves it once it has a checkpoint; false where it ends before.
bool leaveWithCheckpoint(const RunSpec &spec, const fs::path &folder)
{
    for (std::int64_t questions = 60;; questions += 20) {
        if (run(spec, folder, questions) != RunState::Stopped)
            return false;
        std::error_code none;
        if (fs::directory_iterator(checkpointsFolder(folder), none) != fs::directory_iterator())
            return true;
        fs::remove_all(folder);
    }
}

/// Begins the run, leaves it, goes on, and so forth; how often it was left.
int runInPieces(const RunSpec &spec, const fs::path &folder, std::int64_t questions)
{
    RunState state = run(spec, folder, questions);
    int left = 0;
    for (; state == RunState::Stopped; ++left) {
        questions += questions / 4 + 1; // else a task that is stopped in its first epoch would never come on
        state = goOn(folder, {.stopAtQuestion = questions});
    }
    return state == RunState::Finished ? left : -1;
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
QString difference(const fs::path &a, const fs::path &b)
{
    if (read(a / "summary.json") != read(b / "summary.json"))
        return QStringLiteral("summary.json: ") + QString::fromStdString(readRun(b)->message);
    if (modelsIn(a) != modelsIn(b))
        return QStringLiteral("models");
    const auto linesA = linesByTask(a), linesB = linesByTask(b);
    for (const auto &[task, lines] : linesA)
        if (!linesB.contains(task) || linesB.at(task) != lines)
            return QString::fromStdString("lines of " + task.second);
    return linesA.size() == linesB.size() ? QString() : QStringLiteral("tasks");
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
        const std::string name = id.toStdString();
        const TemporaryFolder folder;
        RunSpec spec = smallSpec(name);
        spec.repeats = 2;
        QCOMPARE(run(spec, folder / "whole"), RunState::Finished);
        QVERIFY(runInPieces(spec, folder / "pieces", 9) > 2);
        QCOMPARE(difference(folder / "whole", folder / "pieces"), QString());
    }

    void trainsLongerAsIfItHadFromTheBegin_data() { everyExperiment(); }
    void trainsLongerAsIfItHadFromTheBegin()
    {
        QFETCH(QString, id);
        const std::string name = id.toStdString();
        const TemporaryFolder folder;
        RunSpec spec = smallSpec(name);
        const auto experiment = std::move(*makeExperiment(name));
        const Parameter *length = lengthParameter(spec, *experiment);
        QVERIFY(length);
        auto &epochs = std::get<std::int64_t>(*spec.find(length->info().key));
        epochs = 2;
        QCOMPARE(run(spec, folder / "longer"), RunState::Finished);
        QCOMPARE(goOn(folder / "longer", {.moreEpochs = 1}), RunState::Finished);
        epochs = 3;
        QCOMPARE(run(spec, folder / "whole"), RunState::Finished);
        QCOMPARE(difference(folder / "whole", folder / "longer"), QString());
    }

    /// So that nothing is trained twice when it is to be trained for longer.
    void aFinishedRunHasItsLastEpochs_data() { everyExperiment(); }
    void aFinishedRunHasItsLastEpochs()
    {
        QFETCH(QString, id);
        if (id == "weight-pca")
            QSKIP("it needs the path of the weights as well, which does not stay on the disk");
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec(id.toStdString());
        QCOMPARE(run(spec, folder / "run"), RunState::Finished);
        int checkpoints = 0;
        for (const auto &entry : fs::directory_iterator(checkpointsFolder(folder / "run"))) {
            const auto file = readCheckpoint(entry.path());
            VERIFY_RESULT(file);
            QVERIFY(!file->checkpoint.loops.empty());
            for (const LoopState &loop : file->checkpoint.loops)
                QVERIFY(loop.ended && loop.done > 0);
            ++checkpoints;
        }
        QVERIFY(checkpoints > 0);
    }

    /// What is measured of trained networks is measured anew, even in as many pieces as there were epochs.
    void whatDependsOnLongerTrainingIsDoneAnew()
    {
        const TemporaryFolder folder;
        RunSpec spec = smallSpec("interpolation", {{"alphas", std::int64_t{5}}, {"epochs", std::int64_t{5}}});
        QCOMPARE(run(spec, folder / "longer"), RunState::Finished);
        QCOMPARE(goOn(folder / "longer", {.moreEpochs = 1}), RunState::Finished);
        *spec.find("epochs") = std::int64_t{6};
        QCOMPARE(run(spec, folder / "whole"), RunState::Finished);
        QCOMPARE(difference(folder / "whole", folder / "longer"), QString());
    }

    void aSchedulesEpochsAreNotTheTrainings_data() { everyExperiment(); }
    void aSchedulesEpochsAreNotTheTrainings()
    {
        QFETCH(QString, id);
        const auto experiment = std::move(*makeExperiment(id.toStdString()));
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        if (Value *schedule = spec.find("schedule"))
            *schedule = std::string("step");
        const Parameter *length = lengthParameter(spec, *experiment);
        QVERIFY(length && length->info().key.ends_with("epochs"));
        QVERIFY(length->info().key.find("schedule") == std::string::npos);
    }

    /// A loop that has settled in its last epoch before the stop has no other.
    void aSettledTrainingHasNoFurtherEpoch()
    {
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec("function-fit", {{"converged", 1.0}});
        QCOMPARE(run(spec, folder / "whole"), RunState::Finished);
        for (int question = 2; question < 24; ++question) {
            const fs::path left = folder / std::to_string(question);
            if (run(spec, left, question) == RunState::Stopped)
                QCOMPARE(goOn(left), RunState::Finished);
            QCOMPARE(difference(folder / "whole", left), QString());
        }
    }

    /// So that one that is killed does not go on with others.
    void whatARunTrainsOnIsKnownFromTheFirst()
    {
        const TemporaryFolder folder;
        RunSpec endless = smallSpec("random-labels");
        *endless.find("epochs") = std::int64_t{100000};
        auto runner = Runner::start(endless, {folder / "run"});
        VERIFY_RESULT(runner);
        for (bool begun = false; !begun;)
            for (const Event &event : (*runner)->waitTake(std::chrono::milliseconds(100)))
                begun = begun || std::holds_alternative<PointEvent>(event);
        const auto record = readRunJson(folder / "run" / "run.json");
        VERIFY_RESULT(record);
        QCOMPARE(record->facts.dataChecksum.size(), std::size_t{64});
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
                                  << Settings{{"hidden", std::string("24, dropout 0.2")}};
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
        QFETCH(std::string, id);
        QFETCH(Settings, settings);
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec(id, settings);
        QCOMPARE(run(spec, folder / "whole"), RunState::Finished);
        QVERIFY(runInPieces(spec, folder / "pieces", 9) > 1);
        QCOMPARE(difference(folder / "whole", folder / "pieces"), QString());
    }

    /// A damaged checkpoint, or a journal that is damaged before it, costs time alone.
    void damageCostsTimeAlone_data()
    {
        QTest::addColumn<bool>("ofJournal");
        QTest::newRow("journal") << true;
        QTest::newRow("checkpoint") << false;
    }
    void damageCostsTimeAlone()
    {
        QFETCH(bool, ofJournal);
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec("function-fit");
        QCOMPARE(run(spec, folder / "whole"), RunState::Finished);
        QVERIFY(leaveWithCheckpoint(spec, folder / "run"));
        const fs::path file = ofJournal ? folder / "run" / "metrics.jsonl"
                                        : fs::directory_iterator(checkpointsFolder(folder / "run"))->path();
        std::string text = read(file);
        text.at(text.size() / 2) ^= 1;
        setText(file, text);
        QCOMPARE(goOn(folder / "run"), RunState::Finished);
        QCOMPARE(difference(folder / "whole", folder / "run"), QString());
    }

    /// A checkpoint that is gone is said, as one that is damaged.
    void whatIsTrainedAnewIsSaid()
    {
        const TemporaryFolder folder;
        QVERIFY(leaveWithCheckpoint(smallSpec("function-fit"), folder / "run"));
        fs::remove_all(checkpointsFolder(folder / "run"));
        const auto opened = openToContinue(folder / "run", 0);
        VERIFY_RESULT(opened);
        QVERIFY(std::any_of(opened->notes.begin(), opened->notes.end(), [](const std::string &note) {
            return note.ends_with(" has no checkpoint to go on from, and is trained anew.");
        }));
    }

    /// What is of the run as it was gives way: else a model of it would be taken for the run's, and verify
    /// would find that its CSV files do not follow from the journal.
    void nothingOfBeforeStays()
    {
        const TemporaryFolder folder;
        QCOMPARE(run(smallSpec("function-fit"), folder / "run"), RunState::Finished);
        const fs::path run = folder / "run", csv = run / "charts" / "function-fit-loss.csv",
                       picture = run / "charts" / "mine.png";
        fs::create_directories(csv.parent_path());
        setText(csv, "of before");
        setText(picture, "a picture");
        QVERIFY(!modelsIn(run).empty());
        {
            auto opened = openToContinue(run, 5);
            VERIFY_RESULT(opened);
            QVERIFY(prepareToContinue(*opened));
        }
        QVERIFY(!fs::exists(csv) && fs::exists(picture));
        QVERIFY(!fs::exists(run / "summary.json"));
        const auto verified = verifyRun(run);
        QVERIFY(verified && verified->isSound());
        for (const auto &[name, content] : modelsIn(run))
            QVERIFY2(read(run / "metrics.jsonl").find('"' + fs::path(name).stem().string() + '"')
                         != std::string::npos,
                     name.c_str());
        QCOMPARE(goOn(run), RunState::Finished);
        QVERIFY(verifyRun(run)->isSound());
    }

    /// In all of its folders.
    void leftoversOfAKilledProgramAreCleared()
    {
        const TemporaryFolder folder;
        QCOMPARE(run(smallSpec("function-fit"), folder / "run", 60), RunState::Stopped);
        std::vector<fs::path> left;
        for (const char *name : {"", "models", "checkpoints", "checkpoints/parts", "charts", "tables"}) {
            fs::create_directories(folder / "run" / name);
            setText(left.emplace_back(folder / "run" / name / ".losslab-17-0.tmp"), "half");
        }
        QCOMPARE(goOn(folder / "run"), RunState::Finished);
        for (const fs::path &file : left)
            QVERIFY2(!fs::exists(file), file.c_str());
    }

    /// A program that is killed leaves the state "running", and a last line that breaks off.
    void goesOnAfterAKill()
    {
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec("function-fit");
        QCOMPARE(run(spec, folder / "whole"), RunState::Finished);
        QCOMPARE(run(spec, folder / "run", 60), RunState::Stopped);
        const RunFacts facts = readRun(folder / "run")->facts;
        setText(folder / "run" / "run.json", runJson(spec, facts, {}));
        std::ofstream(folder / "run" / "metrics.jsonl", std::ios::app) << "{\"seq\":9999,\"task\":\"de";
        QCOMPARE(goOn(folder / "run"), RunState::Finished);
        QCOMPARE(difference(folder / "whole", folder / "run"), QString());
    }

    /// What a follower needs that comes in the middle: the rows so far, then the others, none twice.
    void whatIsKeptComesBeforeTheEvents()
    {
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec("gradient-norm", {{"converged", 0.0}});
        QCOMPARE(run(spec, folder / "run", 60), RunState::Stopped);
        auto runner = Runner::resume(folder / "run");
        VERIFY_RESULT(runner);
        RunData data = (*runner)->kept();
        QVERIFY(!data.findChart("loss")->empty());
        data.apply(StateEvent{RunState::Running});
        runToEnd(**runner, data);
        QCOMPARE(data.findChart("loss")->find("model")->repeats.at(0).x.size(), std::size_t{40});
        QCOMPARE(readRun(folder / "run")->facts.resumed.size(), std::size_t{1});
    }

    void refusesWhatCannotGoOn()
    {
        const TemporaryFolder folder;
        const RunSpec spec = smallSpec("gradient-norm");
        QCOMPARE(run(spec, folder / "run"), RunState::Finished);
        const auto refused = [&](const char *why) {
            const std::string before = read(folder / "run" / "run.json");
            const auto runner = Runner::resume(folder / "run");
            return !runner && runner.error().message.find(why) != std::string::npos
                   && read(folder / "run" / "run.json") == before;
        };
        QVERIFY(refused("has finished"));
        for (const std::int64_t many : {std::int64_t{10'000'000}, std::numeric_limits<std::int64_t>::max()}) {
            const auto endless = openToContinue(folder / "run", many);
            QVERIFY(!endless);
            QVERIFY2(endless.error().message.find("at most") != std::string::npos,
                     endless.error().message.c_str());
        }
        std::string old = read(folder / "run" / "run.json");
        old.replace(old.find("\"format\": 2"), 11, "\"format\": 1");
        setText(folder / "run" / "run.json", old);
        QVERIFY(refused("earlier version"));
        const auto none = Runner::resume(folder / "none");
        QVERIFY(!none && none.error().message.find("is no run folder") != std::string::npos);

        RunSpec endless = smallSpec("gradient-norm", {{"converged", 0.0}});
        *endless.find("epochs") = std::int64_t{100000};
        auto going = Runner::start(endless, {folder / "going"});
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
        QCOMPARE(run(spec, folder / "run", 6), RunState::Stopped);
        writeImages(images, "train", (*mnist)->train, 299);
        QCOMPARE(goOn(folder / "run"), RunState::Failed);
        QVERIFY(readRun(folder / "run")->message.find("others than those") != std::string::npos);
    }

    /// One that diverges ends neither its neighbours nor the other seeds.
    void healthyNeighboursGoOn()
    {
        const TemporaryFolder folder;
        RunSpec spec =
            smallSpec("function-fit", {{"optimizer", std::string("sgd")},
                                       {"activation", std::string("tanh")},
                                       {"lr-factor", 1000.0},
                                       {"models", std::string("mad: 8 | lr 1; well: 8 | lr 0.00001")}});
        spec.repeats = 2;
        QCOMPARE(run(spec, folder / "run"), RunState::Failed);
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
