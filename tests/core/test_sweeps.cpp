// Models that differ in one variable each have their value of it, and nothing else that differs; shares of
// noisy labels are those that were asked for; what cannot be compared is refused before a run begins.

#include "data/dataset.h"
#include "data/safetensors.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "lab/rundata.h"
#include "runs/presetfile.h"
#include "runs/runfolder.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "tests/idxfiles.h"
#include "tests/runtoend.h"

#include <QtTest>
#include <cmath>

using namespace losslab;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

constexpr int images = 400;

std::string fewImages()
{
    static const test::TemporaryFolder folder;
    if (folder.isEmpty()) {
        const auto mnist = loadDataset("mnist");
        test::writeImages(folder.path(), "train", (*mnist)->train, images);
        test::writeImages(folder.path(), "t10k", (*mnist)->test, 100);
    }
    return folder.path().string();
}

/// Few epochs on few images, with these settings as a person types them.
Result<RunSpec> specOf(const Experiment &experiment, const Settings &settings)
{
    RunSpec spec = makeSpec(experiment, Preset::Report);
    *spec.find("epochs") = std::int64_t(1);
    for (const auto &[key, text] : settings) {
        const Result<Value> value = experiment.findParameter(key)->info().parse(text);
        if (!value)
            return tl::unexpected(value.error());
        *spec.find(key) = *value;
    }
    spec.device = Device::Cpu;
    spec.data = fewImages();
    return spec;
}

ChartInfo chart(const std::string &id, const std::string &chartId, const Settings &settings)
{
    const auto experiment = *makeExperiment(id);
    return RunData(*experiment, specOf(*experiment, settings).value()).findChart(chartId)->info;
}

/// A run to its end, and what its folder holds.
class Finished
{
public:
    Finished(const std::string &id, const Settings &settings)
    {
        const auto experiment = *makeExperiment(id);
        const RunSpec spec = specOf(*experiment, settings).value();
        data = RunData(*experiment, spec);
        const auto runner = Runner::start(spec, {.folder = m_parent / "run"});
        if (!runner)
            QTest::qFail(runner.error().message.c_str(), __FILE__, __LINE__);
        else
            test::runToEnd(**runner, data);
    }

    std::string fact(const std::string &model, const std::string &name) const
    {
        const auto record = readRun(m_parent / "run");
        return record ? record->facts.models.at(model).at(name) : record.error().message;
    }
    std::vector<TensorData> tensors(const std::string &model) const
    {
        return readSafetensors(m_parent / "run" / "models" / (model + ".safetensors")).value();
    }
    /// A final figure of the model; not a number where there is none.
    double figure(const std::string &model, const std::string &key) const
    {
        const FigureData *found = data.findFigure(model, key);
        return found ? found->values.at(0) : std::numeric_limits<double>::quiet_NaN();
    }

    RunData data;

private:
    test::TemporaryFolder m_parent;
};

} // namespace

class TestSweeps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyModelHasItsOptimizer_data()
    {
        QTest::addColumn<QString>("over");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("list");
        QTest::addColumn<QStringList>("models");
        QTest::addColumn<QStringList>("optimizers");
        QTest::newRow("rate") << "rate"
                              << "rates"
                              << "0.001, 0.1" << QStringList{"rate0.001", "rate0.1"}
                              << QStringList{"adam, learning rate 0.001, weight decay 0.0001",
                                             "adam, learning rate 0.1, weight decay 0.0001"};
        QTest::newRow("decay") << "decay"
                               << "decays"
                               << "0, 0.01" << QStringList{"decay0", "decay0.01"}
                               << QStringList{"adam, learning rate 0.001",
                                              "adam, learning rate 0.001, weight decay 0.01"};
        QTest::newRow("optimizer")
            << "optimizer"
            << "optimizers"
            << "SGD, nesterov, momentum, rmsprop" << QStringList{"sgd", "nesterov", "momentum", "rmsprop"}
            << QStringList{"sgd, learning rate 0.001, weight decay 0.0001",
                           "sgd, learning rate 0.001, weight decay 0.0001, momentum 0.9, nesterov",
                           "sgd, learning rate 0.001, weight decay 0.0001, momentum 0.9",
                           "rmsprop, learning rate 0.001, weight decay 0.0001"};
    }
    void everyModelHasItsOptimizer()
    {
        QFETCH(QString, over);
        QFETCH(QString, key);
        QFETCH(QString, list);
        QFETCH(QStringList, models);
        QFETCH(QStringList, optimizers);
        const Finished run(
            "sensitivity",
            {{"over", over.toStdString()}, {key.toStdString(), list.toStdString()}, {"hidden", "20"}});
        QCOMPARE(run.data.state(), RunState::Finished);
        for (int i = 0; i < models.size(); ++i)
            QCOMPARE(QString::fromStdString(run.fact(models[i].toStdString(), "optimizer")), optimizers[i]);
        QCOMPARE(run.data.findChart("loss")->find("test")->repeats.at(0).x.size(),
                 static_cast<std::size_t>(models.size()));
    }

    void everyModelHasItsWidth()
    {
        const Finished run("sensitivity", {{"over", "width"}, {"widths", "7, 30"}, {"hidden", "50, 50"}});
        for (const std::int64_t width : {7, 30}) {
            const auto tensors = run.tensors("width" + std::to_string(width));
            QCOMPARE(tensors.at(0).shape, (std::vector<std::int64_t>{width, 784}));
            QCOMPARE(tensors.at(2).shape, (std::vector<std::int64_t>{width, width}));
        }
        QCOMPARE(run.data.findChart("loss")->find("sensitivity")->repeats.at(0).x,
                 (std::vector<double>{7, 30}));
    }

    /// A model of one value is the one that a run has which knows that value alone.
    void everyModelIsTheOneOfItsSettings()
    {
        const Finished batches("sensitivity", {{"batches", "50, 100"}, {"hidden", "20"}});
        for (const char *size : {"50", "100"}) {
            const Finished alone("sensitivity",
                                 {{"over", "rate"}, {"rates", "0.001"}, {"batch", size}, {"hidden", "20"}});
            QVERIFY2(batches.tensors(std::string("batch") + size) == alone.tensors("rate0.001"), size);
        }
        const Finished dropouts(
            "sensitivity", {{"over", "dropout"}, {"dropouts", "0, 0.5"}, {"batch", "50"}, {"hidden", "20"}});
        QVERIFY(dropouts.tensors("dropout0") == batches.tensors("batch50"));
        const Finished written("sensitivity", {{"batches", "50"}, {"hidden", "20, dropout 0.5"}});
        QCOMPARE(written.tensors("batch50-init").size(), dropouts.tensors("dropout0.5-init").size());
        QVERIFY(written.tensors("batch50-init") == dropouts.tensors("dropout0.5-init"));
        QVERIFY(dropouts.tensors("dropout0.5") != dropouts.tensors("dropout0"));
    }

    void chartsFollowTheVariable()
    {
        QCOMPARE(chart("sensitivity", "loss", {}).x.title, std::string("Batch size"));
        QCOMPARE(chart("sensitivity", "loss", {}).x.scale, Scale::Linear);
        QCOMPARE(chart("sensitivity", "loss", {{"batches", "16..1024 double"}}).x.scale, Scale::Log);
        QCOMPARE(chart("sensitivity", "loss", {{"over", "rate"}}).x.title, std::string("Learning rate"));
        QCOMPARE(chart("sensitivity", "loss", {{"over", "rate"}}).x.scale, Scale::Log);
        QCOMPARE(chart("sensitivity", "loss", {{"over", "dropout"}}).x.scale, Scale::Linear);
        QCOMPARE(chart("sensitivity", "loss", {{"over", "decay"}, {"decays", "0, 0.0001, 0.01"}}).x.scale,
                 Scale::Log);
        QCOMPARE(chart("sensitivity", "loss", {{"over", "decay"}, {"decays", "0, 0.005, 0.01"}}).x.scale,
                 Scale::Linear);
        const ChartInfo named =
            chart("sensitivity", "accuracy", {{"over", "optimizer"}, {"optimizers", "sgd, adam"}});
        QCOMPARE(named.x.ticks.size(), std::size_t(2));
        QCOMPARE(named.x.ticks[1].second, std::string("Adam"));
        QCOMPARE(named.series[0].mark, Mark::Points); // nothing lies between two optimizers

        const ChartInfo shares = chart("random-labels", "loss", {{"shares", "0, 2.5, 50"}});
        QCOMPARE(shares.series.size(), std::size_t(6));
        QCOMPARE(shares.series[4].label, std::string("test, 2.5 %"));
        QCOMPARE(shares.series[4].like, shares.series[1].key); // the same network's training

        QCOMPARE(chart("capacity", "curves", {{"by", "depth"}, {"depths", "1, 3"}}).series[1].label,
                 std::string("3 layers"));
        const ChartInfo list =
            chart("capacity", "curves", {{"by", "networks"}, {"networks", "a: 5; b: conv 4 5, pool 2"}});
        QCOMPARE(list.series[1].label, std::string("b"));
        QCOMPARE(chart("capacity", "loss", {}).x.scale, Scale::Linear);
        QCOMPARE(chart("capacity", "loss", {{"widths", "2..512 double"}}).x.scale, Scale::Log);
    }

    void networksAreByDepthOrFromAList()
    {
        const Finished depths("capacity", {{"by", "depth"}, {"depths", "0, 1, 3"}, {"width", "5"}});
        QCOMPARE(depths.figure("d0", "parameters"), 7850.0);
        QCOMPARE(depths.figure("d1", "parameters"), 795.0 * 5 + 10);
        QCOMPARE(depths.figure("d3", "parameters"), 795.0 * 5 + 10 + 2 * 30);
        const Finished list("capacity", {{"by", "networks"},
                                         {"networks", "own: 5 | lr 0.5; cnn: conv 4 5, pool 2"},
                                         {"optimizer", "sgd"}});
        QCOMPARE(list.figure("cnn", "parameters"), 4.0 * 26 + 576 * 10 + 10);
        QCOMPARE(list.fact("own", "optimizer"), std::string("sgd, learning rate 0.5"));
        QCOMPARE(list.fact("cnn", "optimizer"), std::string("sgd, learning rate 0.001"));
        QCOMPARE(list.data.findChart("loss")->find("test")->repeats.at(0).x.size(), std::size_t(2));
    }

    void samplesTimesClassesIsMarked()
    {
        const Finished within("capacity", {{"widths", "2, 20"}, {"images", "300"}});
        const ChartData &loss = *within.data.findChart("loss");
        QCOMPARE(loss.lines.size(), std::size_t(1));
        QCOMPARE(loss.lines[0].at, 3000.0);
        QCOMPARE(loss.remark, std::string());
        const Finished above("capacity", {{"widths", "2, 4"}});
        QVERIFY(above.data.findChart("loss")->remark.find("4,000, above all networks") != std::string::npos);
    }

    void sharesAreThoseAskedFor()
    {
        const Finished run("random-labels", {{"shares", "0, 40, 100"}, {"hidden", "10"}});
        QCOMPARE(run.data.state(), RunState::Finished);
        QCOMPARE(run.figure("share0", "wrong-labels"), 0.0);
        for (const double share : {0.4, 1.0}) {
            const double wrong = 0.9 * share, deviation = std::sqrt(wrong * (1 - wrong) / images);
            const double counted = run.figure("share" + toText(100 * share), "wrong-labels");
            QVERIFY2(std::abs(counted - wrong) < 5 * deviation, std::to_string(counted).c_str());
        }
        for (const char *series : {"train-0", "test-0", "train-100", "test-100"})
            QVERIFY2(run.data.findChart("loss")->find(series), series);
        QVERIFY(run.tensors("share0-init") == run.tensors("share100-init"));

        const Finished single("random-labels", {{"share", "40"}, {"hidden", "10"}});
        QCOMPARE(single.figure("model", "wrong-labels"), run.figure("share40", "wrong-labels"));
        QCOMPARE(single.figure("model", "test-loss"), run.figure("share40", "test-loss"));
        // capacity's noise is the same one.
        const Finished noisy("capacity", {{"corruption", "drawn"}, {"share", "40"}, {"widths", "3"}});
        QCOMPARE(noisy.figure("h3", "wrong-labels"), run.figure("share40", "wrong-labels"));
        const Finished clean("capacity", {{"widths", "3"}});
        QVERIFY(std::isnan(clean.figure("h3", "wrong-labels")));
        QVERIFY(clean.figure("h3", "training-loss") != noisy.figure("h3", "training-loss"));
    }

    void whatCannotBeComparedIsRefused_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("over");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const auto add = [](const char *name, const char *id, const char *over, const char *key,
                            const char *text,
                            const char *says) { QTest::newRow(name) << id << over << key << text << says; };
        add("a share beyond all", "random-labels", "", "shares", "0, 120", "120 is not from 0 to 100.");
        add("a share twice", "random-labels", "", "shares", "20, 20",
            "shares (“Several shares”): 20 is listed twice");
        add("an empty range", "sensitivity", "rate", "rates", "0.1..0.001 times 10", "does not rise");
        add("no value", "sensitivity", "rate", "rates", "", "rates (“Learning rates”): Enter numbers from");
        add("a value twice", "sensitivity", "decay", "decays", "0.1, 0, 0.1", "0.1 is listed twice");
        add("a batch twice", "sensitivity", "batch", "batches", "16, 16", "16 is listed twice");
        add("a width of 0", "sensitivity", "width", "widths", "0, 10", "0 is not from 1 to 10,000.");
        add("a thousand", "sensitivity", "width", "widths", "1..1000 step 1", "more than 200 values");
        add("more than a hundred", "sensitivity", "width", "widths", "1..101 step 1",
            "There are 101 values. Choose at most 100.");
        add("all dropped", "sensitivity", "dropout", "dropouts", "0, 1", "1 is not from 0 to 0.99.");
        add("an unknown optimizer", "sensitivity", "optimizer", "optimizers", "adam, sdg",
            "not “sdg”. Did you mean sgd?");
        add("an optimizer twice", "sensitivity", "optimizer", "optimizers", "adam, ADAM",
            "adam is listed twice.");
        add("no optimizer", "sensitivity", "optimizer", "optimizers", " , ", "Enter some of adam");
        add("no layer to vary", "sensitivity", "width", "hidden", "",
            "no dense hidden layer whose width could differ");
        add("a network too large", "sensitivity", "width", "hidden",
            "9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, "
            "9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9",
            "widths (“Widths”): The network has");
        add("of another variable", "sensitivity", "rate", "batches", "16, 32",
            "It counts only where over is batch.");
        add("of a list that does not count", "sensitivity", "rate", "smallest", "20",
            "It counts only where over is batch.");
        add("varied and set", "sensitivity", "rate", "lr", "0.1",
            "It counts only where over is batch or width or decay or dropout or optimizer.");
        add("networks a hundred and one", "capacity", "width", "widths", "1..101 step 1",
            "Choose at most 100.");
        add("a width of 0 again", "capacity", "width", "widths", "0, 5", "0 is not from 1");
        add("a depth of none", "capacity", "depth", "depths", "", "Enter numbers from 0 to 50");
        add("noise beyond all", "capacity", "width", "share", "101", "from 0 to 100");
    }
    void whatCannotBeComparedIsRefused()
    {
        QFETCH(QString, id);
        QFETCH(QString, over);
        QFETCH(QString, key);
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto experiment = *makeExperiment(id.toStdString());
        Settings settings{{key.toStdString(), text.toStdString()}};
        if (!over.isEmpty())
            settings.emplace_back(id == "capacity" ? "by" : "over", over.toStdString());
        const Result<RunSpec> spec = specOf(*experiment, settings);
        std::string message = spec ? std::string() : spec.error().message;
        const test::TemporaryFolder parent;
        if (spec) {
            const auto runner = Runner::start(*spec, {.folder = parent / "run"});
            QVERIFY(!runner);
            QCOMPARE(runner.error().kind, ErrorKind::Usage); // exit code 2
            message = runner.error().message;
        }
        QVERIFY2(QString::fromStdString(message).contains(says), message.c_str());
        QVERIFY(!std::filesystem::exists(parent / "run"));
    }

    /// A run folder of a version that had no choice of the variable.
    void runsOfEarlierVersionsMeanWhatTheyMeant()
    {
        for (const auto &[id, key, list] :
             {std::tuple("sensitivity", "over", "batches"), std::tuple("capacity", "by", "widths")})
        {
            const auto experiment = *makeExperiment(id);
            RunSpec spec = specOf(*experiment, {{list, "10, 300"}}).value();
            std::erase_if(spec.parameters, [&](const auto &one) { return one.first == key; });
            for (const char *counting : {list, "lr", "epochs"})
                QVERIFY2(applies(experiment->findParameter(counting)->info(), spec, *experiment), counting);
            QVERIFY(!applies(experiment->findParameter("largest")->info(), spec, *experiment));
            QVERIFY(applyParameters(spec, *experiment));
            const test::TemporaryFolder parent;
            QVERIFY(RunFolder::create(parent / "run", spec, {}));
            const auto record = readRun(parent / "run");
            QVERIFY2(record, record ? "" : record.error().message.c_str());
            QCOMPARE(record->data.findChart("loss")->info.x.scale, Scale::Log);
        }
    }
};

QTEST_GUILESS_MAIN(TestSweeps)
#include "test_sweeps.moc"
