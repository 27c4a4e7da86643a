// Several functions, several data sets, pairs of any two networks in one run.

#include "data/modelfile.h"
#include "data/safetensors.h"
#include "nn/network.h"
#include "runs/runfolder.h"
#include "runs/runrecord.h"
#include "tests/smallruns.h"

#include <QtTest>
#include <cmath>

using namespace losslab;
using namespace losslab::test;

namespace {

QStringList idsOf(const RunData &data)
{
    QStringList ids;
    for (const ChartData &chart : data.charts())
        ids += QString::fromStdString(chart.id);
    return ids;
}

const SeriesPoints &points(const RunData &data, const char *chart, const char *series)
{
    return data.findChart(chart)->find(series)->repeats.at(0);
}

Settings shortFit(Settings more)
{
    more.insert(more.end(), {{"epochs", std::int64_t(5)},
                             {"points", std::int64_t(40)},
                             {"models", std::string("a: 4, 4; b: 9")}});
    return more;
}

double valueAt(const SeriesPoints &points, double x)
{
    const auto place = std::find(points.x.begin(), points.x.end(), x);
    return place == points.x.end() ? std::nan("")
                                   : points.y[static_cast<std::size_t>(place - points.x.begin())];
}

} // namespace

class TestSeveral : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachFunctionHasItsCharts()
    {
        const TemporaryFolder parent;
        const Settings settings = shortFit({{"also", std::string("x^2; sgn(cos(8*pi*x))")}});
        const RunData live = finished("function-fit", settings, parent / "run");
        QVERIFY2(live.state() == RunState::Finished, live.stateMessage().c_str());
        const auto record = readRun(parent / "run");
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        for (const RunData *data : {&live, &record->data}) {
            QCOMPARE(idsOf(*data), (QStringList{"loss", "fit", "loss-2", "fit-2", "loss-3", "fit-3"}));
            QCOMPARE(data->findChart("fit-2")->info.title, std::string("Function and fits: x^2"));
            for (const char *model : {"a", "b", "a-2", "b-2", "a-3", "b-3"})
                QVERIFY(data->findFigure(model, "loss"));
            const SeriesPoints &square = points(*data, "fit-2", "target");
            for (std::size_t i = 0; i < square.x.size(); ++i)
                QVERIFY(std::abs(square.y[i] - square.x[i] * square.x[i]) < 1e-12);
            QCOMPARE(points(*data, "loss-3", "b-3").x.size(), std::size_t(5));
            QCOMPARE(points(*data, "fit-3", "a-3").x.size(), std::size_t(40));
        }
    }

    /// One function is what it was before there could be several.
    void oneFunctionsChartsBearNoName()
    {
        QCOMPARE(chart("function-fit", "fit", {}).title, std::string("Function and fits"));
        QCOMPARE(idsOf(finished("function-fit", shortFit({}))), (QStringList{"loss", "fit"}));
    }

    void furtherFunctionsAreChecked_data()
    {
        QTest::addColumn<QString>("also");
        QTest::addColumn<QString>("models");
        QTest::addColumn<QString>("says");
        QTest::newRow("no expression") << "x^2; y"
                                       << "a: 4"
                                       << "y";
        QTest::newRow("a pole") << "1/x"
                                << "a: 4"
                                << "1/x";
        QTest::newRow("twice") << "x^2; x^2"
                               << "a: 4"
                               << "x^2 is there twice";
        QTest::newRow("the first again") << "sinc"
                                         << "a: 4"
                                         << "sinc is there twice";
        QTest::newRow("the first, spelled otherwise") << "sinc(5*pi*x)"
                                                      << "a: 4"
                                                      << "is there twice";
        QTest::newRow("too many") << "x;x^2;x^3;x^4;x^5;x^6;x^7;x^8"
                                  << "a: 4"
                                  << "7 are the most";
        QTest::newRow("two of one name") << "x^2"
                                         << "a: 4; a-2: 5"
                                         << "a-2";
    }

    void furtherFunctionsAreChecked()
    {
        QFETCH(QString, also);
        QFETCH(QString, models);
        QFETCH(QString, says);
        const std::string told = conflict(
            "function-fit", {{"also", also.toStdString()}, {"models", models.toStdString()}, {"low", -1.0}});
        QVERIFY2(told.find(says.toStdString()) != std::string::npos, told.c_str());
    }

    /// As far as asked, as dense as the samples; the training stays as it was.
    void fitsGoOnBeyondTheirSamples()
    {
        const RunData within = finished("function-fit", shortFit({}));
        const RunData beyond = finished("function-fit", shortFit({{"beyond", 0.5}}));
        QVERIFY2(beyond.state() == RunState::Finished, beyond.stateMessage().c_str());
        for (const char *series : {"target", "a", "b"}) {
            const SeriesPoints &wide = points(beyond, "fit", series), &narrow = points(within, "fit", series);
            QCOMPARE(wide.x.size(), narrow.x.size() + 40);
            QVERIFY(std::abs(wide.x.front() + 2) < 1e-12 && std::abs(wide.x.back() - 2) < 1e-12);
            QVERIFY(std::is_sorted(wide.x.begin(), wide.x.end()));
            for (std::size_t i = 0; i < narrow.x.size(); ++i)
                QCOMPARE(wide.y[i + 20], narrow.y[i]);
        }
        const std::vector<ReferenceLine> &lines = beyond.findChart("fit")->lines;
        QCOMPARE(lines.size(), std::size_t(2));
        QCOMPARE(lines[0].at, -1.0);
        QCOMPARE(lines[1].at, 1.0);
        QVERIFY(lines[0].vertical && lines[1].vertical);
    }

    /// So little that the points beyond are those at the ends.
    void beyondMayBeNothingAtAll()
    {
        for (const double beyond : {1e-20, 1e-3}) {
            const RunData data = finished("function-fit", shortFit({{"beyond", beyond}}));
            QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
            QVERIFY(points(data, "fit", "target").x.size() >= 40);
        }
    }

    void aFunctionThatEndsIsDrawnWhereItIs()
    {
        const RunData data = finished(
            "function-fit", shortFit({{"beyond", 1.0}, {"function", std::string("sqrt(x)")}, {"low", 0.0}}));
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        QCOMPARE(points(data, "fit", "target").x.size(), std::size_t(80)); // it goes on to the right
        QCOMPARE(points(data, "fit", "a").x.size(), std::size_t(120));
        QVERIFY(data.findChart("fit")->remark.find("has no value") != std::string::npos);
    }

    void networksTrainOnSeveralDataSets()
    {
        const TemporaryFolder parent;
        const auto mnist = loadDataset("mnist");
        std::filesystem::create_directories(parent / "smaller");
        writeImages(parent / "smaller", "train", (*mnist)->train, 300);
        writeImages(parent / "smaller", "t10k", (*mnist)->test, 50);
        const Settings settings{{"also", (parent / "smaller").string()},
                                {"epochs", std::int64_t(2)},
                                {"models", std::string("one: conv 4 5, pool 2, 8; two: 6")}};
        const RunData live = finished("cnn-mnist", settings, parent / "run");
        QVERIFY2(live.state() == RunState::Finished, live.stateMessage().c_str());
        const auto record = readRun(parent / "run");
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        QCOMPARE(record->facts.furtherData.size(), std::size_t(1));
        QCOMPARE(record->facts.furtherData.begin()->first, (parent / "smaller").string());
        for (const RunData *data : {&live, &record->data}) {
            QCOMPARE(idsOf(*data), (QStringList{"loss", "accuracy", "test-accuracy", "loss-2", "accuracy-2",
                                                "test-accuracy-2"}));
            QVERIFY(data->findChart("loss-2")->info.title.ends_with(": smaller"));
            for (const char *model : {"one", "two", "one-2", "two-2"}) {
                const bool second = std::string(model).ends_with("-2");
                const std::string test = std::string(model) + "-test";
                const SeriesPoints &tested = points(*data, second ? "accuracy-2" : "accuracy", test.c_str());
                QCOMPARE(tested.x, (std::vector<double>{1, 2}));
                QCOMPARE(tested.y.back(), data->findFigure(model, "test-accuracy")->values.at(0));
                QCOMPARE(points(*data, second ? "test-accuracy-2" : "test-accuracy", model).y[0],
                         tested.y.back());
            }
        }
    }

    void furtherDataSetsAreChecked()
    {
        QVERIFY(conflict("cnn-mnist", {{"also", std::string("fashon-mnist")}}).find("fashion-mnist")
                != std::string::npos);
        QVERIFY(conflict("cnn-mnist", {{"also", std::string("/nowhere/at all")}}).find("/nowhere/at all")
                != std::string::npos);
    }

    /// The ends of every line are the two networks themselves, whatever they differ in.
    void anyTwoNetworksHaveALine_data()
    {
        QTest::addColumn<QString>("differs");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::newRow("batch") << "batch"
                               << "a64"
                               << "a1024";
        QTest::newRow("rate") << "rate"
                              << "a0.001"
                              << "a0.01";
        QTest::newRow("decay") << "decay"
                               << "a0"
                               << "a0.001";
        QTest::newRow("optimizer") << "optimizer"
                                   << "a-adam"
                                   << "a-sgd";
        QTest::newRow("start") << "seed"
                               << "a-1"
                               << "a-2";
    }

    void anyTwoNetworksHaveALine()
    {
        QFETCH(QString, differs);
        QFETCH(QString, first);
        QFETCH(QString, second);
        const RunData data = finished("interpolation", {{"a-differs", differs.toStdString()},
                                                        {"b-differs", std::string("none")},
                                                        {"hidden", std::string("8")},
                                                        {"alphas", std::int64_t(4)},
                                                        {"epochs", std::int64_t(1)}});
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        QCOMPARE(idsOf(data), (QStringList{"training-loss", "path-a"}));
        const double atFirst = data.findFigure(first.toStdString(), "test-loss")->values.at(0);
        const double atSecond = data.findFigure(second.toStdString(), "test-loss")->values.at(0);
        QVERIFY(atFirst != atSecond);
        QCOMPARE(valueAt(points(data, "path-a", "test-loss"), 0), atFirst);
        QCOMPARE(valueAt(points(data, "path-a", "test-loss"), 1), atSecond);
    }

    /// Of two finished runs: by the folder of one that has one model, by the file of one that has several.
    void savedModelsHaveALine()
    {
        const TemporaryFolder parent;
        const Settings small{{"hidden", std::string("8")}, {"epochs", std::int64_t(1)}};
        const RunData one = finished("random-labels", small, parent / "one");
        Settings paths = small;
        paths.emplace_back("runs", std::int64_t(2));
        const RunData other = finished("weight-pca", paths, parent / "other");
        QVERIFY(one.state() == RunState::Finished && other.state() == RunState::Finished);

        const std::string folder = (parent / "one").string();
        const std::string file = (parent / "other" / "models" / "run1.safetensors").string();
        const auto line = [&](const std::string &first, const std::string &second) {
            return Settings{{"a-differs", std::string("models")}, {"a-first-model", first},
                            {"a-second-model", second},           {"b-differs", std::string("none")},
                            {"hidden", std::string("8")},         {"alphas", std::int64_t(3)}};
        };
        const RunData data = finished("interpolation", line(folder, file));
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        const SeriesPoints &tested = points(data, "path-a", "test-accuracy");
        QCOMPARE(valueAt(tested, 0), one.findFigure("model", "test-accuracy")->values.at(0));
        QCOMPARE(valueAt(tested, 1), other.findFigure("run1", "test-accuracy")->values.at(0));

        const auto refused = [&](const std::string &first, const std::string &second) {
            return conflict("interpolation", line(first, second));
        };
        QVERIFY(refused("", file).find("Choose a model") != std::string::npos);
        QVERIFY(refused("/nowhere/model", file).find("/nowhere/model") != std::string::npos);
        QVERIFY(refused((parent / "other").string(), file).find("run0, run1") != std::string::npos);
        QVERIFY(refused(parent.path().string(), file).find("not the folder of a run") != std::string::npos);
        QVERIFY(refused(file, file).find("the same") != std::string::npos);
        QVERIFY(refused(folder, folder + "/models/model.safetensors").find("the same") != std::string::npos);
        Settings tanh = line(folder, file);
        tanh.emplace_back("activation", std::string("tanh"));
        QVERIFY(conflict("interpolation", tanh).find("with the activation “relu”") != std::string::npos);
        QCOMPARE(data.findChart("path-a")->info.title, std::string("Pair a: one to run1"));
        QCOMPARE(idsOf(data), QStringList{"path-a"}); // nothing is trained
        const auto experiment = std::move(*makeExperiment("interpolation"));
        const auto slashed = experiment->findParameter("a-first-model")->info().parse(folder + "/");
        QVERIFY(slashed && *slashed == Value(folder));
        const RunData several =
            finished("function-fit", {{"epochs", std::int64_t(1)}, {"models", std::string("a: 4; a-b: 5")}},
                     parent / "several");
        QVERIFY(refused((parent / "several").string(), file).find("a, a-b") != std::string::npos);
        Settings wider = line(folder, file);
        wider.emplace_back("hidden", std::string("9"));
        const std::string told = conflict("interpolation", wider);
        QVERIFY2(told.find("8 × 784, not 9 × 784") != std::string::npos, told.c_str());
    }

    void aHeaderTellsWhatAModelIs()
    {
        const TemporaryFolder folder;
        const Network network(mlp({3, 4, 2}), 7);
        QVERIFY(writeSafetensors(folder / "m.safetensors", network.tensors()));
        const auto described = describeModel((folder / "m.safetensors").string());
        QVERIFY(described);
        QVERIFY(!mismatchOf(network.architecture(), described->tensors));
        QCOMPARE(mismatchOf(mlp({3, 5, 2}), described->tensors).value_or(""),
                 std::string("its 0.weight is 4 × 3, not 5 × 3"));
        QVERIFY(mismatchOf(mlp({3, 4, 4, 2}), described->tensors));
        QVERIFY(mismatchOf(mlp({3, 4}), described->tensors));
        const auto read = readModel((folder / "m.safetensors").string());
        QVERIFY(read && at::equal(parametersOf(network.architecture(), *read), network.parameters()));
    }
};

QTEST_GUILESS_MAIN(TestSeveral)
#include "test_several.moc"
