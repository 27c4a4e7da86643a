// What is seen follows the settings: names, ends, presets, and no training under two names.

#include "experiments/registry.h"
#include "lab/rundata.h"
#include "runs/runfolder.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "tests/smallruns.h"

#include <QtTest>
#include <cmath>
#include <set>

using namespace losslab;
using namespace losslab::test;

namespace {

QStringList labels(const ChartInfo &info)
{
    QStringList list;
    for (const SeriesInfo &series : info.series)
        list += QString::fromStdString(series.label);
    return list;
}

QStringList ends(const ChartInfo &info)
{
    QStringList list;
    for (const ReferenceLine &line : info.references)
        list += QString("%1 at %2").arg(QString::fromStdString(line.label)).arg(line.at);
    return list;
}

} // namespace

class TestSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void interpolationsNamesAreItsSettings()
    {
        const Settings batches{{"small-batch", std::int64_t(32)}, {"large-batch", std::int64_t(128)}};
        QCOMPARE(labels(chart("interpolation", "training-loss", batches)),
                 (QStringList{"a: batch 32", "a: batch 128", "b: rate 0.001", "b: rate 0.01"}));
        QCOMPARE(ends(chart("interpolation", "path-a", batches)),
                 (QStringList{"batch 32 at 0", "batch 128 at 1"}));
        QCOMPARE(chart("interpolation", "path-a", batches).title, std::string("Pair a: batch 32 to 128"));

        const Settings rates{{"low-rate", 0.02}, {"high-rate", 0.005}};
        QCOMPARE(ends(chart("interpolation", "path-b", rates)),
                 (QStringList{"rate 0.02 at 0", "rate 0.005 at 1"}));
        QCOMPARE(labels(chart("interpolation", "training-loss", rates)).mid(2),
                 (QStringList{"b: rate 0.02", "b: rate 0.005"}));
    }

    void everyPathIsNamedAndMarkedAlike()
    {
        const ChartInfo info = chart("weight-pca", "pca-model", {{"runs", std::int64_t(24)}});
        QCOMPARE(info.series.size(), std::size_t(24));
        for (std::size_t i = 0; i < info.series.size(); ++i) {
            QCOMPARE(info.series[i].label, "run " + std::to_string(i));
            QCOMPARE(info.series[i].mark, Mark::LinePoints);
        }
    }

    void othersFollowToo()
    {
        QCOMPARE(
            labels(chart("capacity", "curves", {{"largest", std::int64_t(30)}, {"models", std::int64_t(3)}})),
            (QStringList{"10 units", "20 units", "30 units"}));
        QCOMPARE(labels(chart("random-labels", "loss", {})).size(), 2);
        QCOMPARE(labels(chart("random-labels", "loss", {{"true-labels", true}})).size(), 4);
        std::set<std::string> titles;
        for (const char *measure : {"probabilities", "logits", "input-gradient", "published"})
            titles.insert(chart("sensitivity", "loss", {{"measure", std::string(measure)}}).right->title);
        QCOMPARE(titles.size(), std::size_t(4));
    }

    /// Live, and read back from the folder, they are the same; and no series comes without a name of its own.
    void aRunKnowsItsNames()
    {
        const test::TemporaryFolder parent;
        const RunData live = finished("interpolation",
                                      {{"small-batch", std::int64_t(32)},
                                       {"large-batch", std::int64_t(128)},
                                       {"epochs", std::int64_t(1)},
                                       {"alphas", std::int64_t(3)}},
                                      parent / "run");
        QVERIFY2(live.state() == RunState::Finished, live.stateMessage().c_str());
        const auto record = readRun(parent / "run");
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        for (const RunData *data : {&live, &record->data}) {
            const ChartData &losses = *data->findChart("training-loss");
            QCOMPARE(labels(losses.info)[0], QString("a: batch 32"));
            QCOMPARE(losses.series.size(), std::size_t(4));
            for (std::size_t i = 0; i < losses.series.size(); ++i)
                QCOMPARE(losses.series[i].key, losses.info.series[i].key);
            QCOMPARE(data->modelLabel("a128"), std::string("a: batch 128"));
        }
    }

    void bothNetworksAreOnTheLine_data()
    {
        QTest::addColumn<int>("alphas");
        for (const int alphas : {3, 4, 5, 6, 31})
            QTest::addRow("%d", alphas) << alphas;
    }

    void bothNetworksAreOnTheLine()
    {
        QFETCH(int, alphas);
        const RunData data =
            finished("interpolation", {{"alphas", std::int64_t(alphas)}, {"epochs", std::int64_t(1)}});
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        for (const auto &[path, models] : {std::pair("path-a", std::pair("a64", "a1024")),
                                           std::pair("path-b", std::pair("b0.001", "b0.01"))})
        {
            const SeriesPoints &losses = data.findChart(path)->find("test-loss")->repeats.at(0);
            QCOMPARE(losses.x.front(), -2.0);
            QCOMPARE(losses.x.back(), 2.0);
            QVERIFY(std::is_sorted(losses.x.begin(), losses.x.end()));
            for (const auto &[alpha, model] : {std::pair(0.0, models.first), std::pair(1.0, models.second)}) {
                QCOMPARE(std::count(losses.x.begin(), losses.x.end(), alpha), std::ptrdiff_t(1));
                const auto place = std::find(losses.x.begin(), losses.x.end(), alpha) - losses.x.begin();
                QCOMPARE(losses.y[static_cast<std::size_t>(place)],
                         data.findFigure(model, "test-loss")->values.at(0));
            }
        }
    }

    void aPathsEndsAreAlwaysDrawn_data()
    {
        QTest::addColumn<int>("epochs");
        QTest::addColumn<int>("every");
        QTest::addColumn<QStringList>("drawn");
        QTest::newRow("one epoch") << 1 << 3 << QStringList{"0", "1"};
        QTest::newRow("fewer than a step") << 2 << 3 << QStringList{"0", "2"};
        QTest::newRow("not a multiple") << 5 << 3 << QStringList{"0", "3", "5"};
        QTest::newRow("all") << 3 << 1 << QStringList{"0", "1", "2", "3"};
    }

    void aPathsEndsAreAlwaysDrawn()
    {
        QFETCH(int, epochs);
        QFETCH(int, every);
        QFETCH(QStringList, drawn);
        const RunData data = finished("weight-pca", {{"epochs", std::int64_t(epochs)},
                                                     {"draw-every", std::int64_t(every)},
                                                     {"runs", std::int64_t(3)},
                                                     {"labels", std::string("epoch")}});
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        for (const char *id : {"pca-model", "pca-layer1"})
            for (const SeriesData &series : data.findChart(id)->series) {
                QStringList labels;
                for (const std::string &label : series.repeats.at(0).labels)
                    labels += QString::fromStdString(label);
                QCOMPARE(labels, drawn);
            }
        QCOMPARE(data.tables().front().rows.size(), static_cast<std::size_t>(3 * drawn.size()));
        const double share = data.findFigure("model", "variance-1")->values.at(0)
                             + data.findFigure("model", "variance-2")->values.at(0);
        QVERIFY(share > 0.1 && share < 1 + 1e-9);
    }

    void twoPointsLieOnALine()
    {
        const RunData data = finished("weight-pca", {{"epochs", std::int64_t(1)}, {"runs", std::int64_t(1)}});
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        QCOMPARE(data.findChart("pca-model")->find("run0")->repeats.at(0).x.size(), std::size_t(2));
        QCOMPARE(data.findChart("pca-model")->remark, std::string("100.0 % + 0.0 % of variance"));
        QVERIFY(std::abs(data.findFigure("model", "variance-1")->values.at(0) - 1) < 1e-12);
    }

    void anotherLayersPathIsNamedAfterIt()
    {
        const RunData data = finished("weight-pca", {{"epochs", std::int64_t(2)},
                                                     {"runs", std::int64_t(1)},
                                                     {"layer", std::int64_t(3)},
                                                     {"random-walk", true}});
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        QCOMPARE(data.findChart("pca-layer1")->info.title, std::string("PCA of layer 3's weights"));
        QVERIFY(data.findChart("pca-layer1")->remark.find("a single random walk: ") != std::string::npos);
        for (const char *model : {"model", "layer3", "random-walk", "random-walk-layer3"})
            QVERIFY2(data.findFigure(model, "variance-1"), model);
        QVERIFY(!data.findFigure("layer1", "variance-1"));
    }

    void aLayerThatIsNotThereIsRefused()
    {
        const auto refused = [](const Settings &settings, const char *sentence) {
            const std::string message = conflict("weight-pca", settings);
            QVERIFY2(message == std::string("layer (“Layer drawn”): ") + sentence, message.c_str());
        };
        refused({{"layer", std::int64_t(4)}},
                "The network has 3 layers with weights: choose one from 1 to 3.");
        refused({{"hidden", std::string()}, {"layer", std::int64_t(2)}},
                "The network has one layer with weights: choose layer 1.");
        refused({{"learns", std::string("function")},
                 {"function-hidden", std::string("5")},
                 {"layer", std::int64_t(3)}},
                "The network has 2 layers with weights: choose one from 1 to 2.");
        QVERIFY(conflict("weight-pca",
                         {{"hidden", std::string("conv 3 3, pool 2, 8")}, {"layer", std::int64_t(3)}})
                    .empty());
    }

    void whatIsLearnedDecidesWhatCounts()
    {
        const Settings onFunction{{"learns", std::string("function")}};
        const auto with = [](Settings settings, const char *key, Value value) {
            settings.emplace_back(key, std::move(value));
            return settings;
        };
        const auto says = [](const std::string &message, const char *part) {
            return message.find(part) != std::string::npos;
        };
        QVERIFY(conflict("weight-pca", onFunction).empty());
        QVERIFY(says(conflict("weight-pca", with(onFunction, "precision", std::string("bfloat16"))),
                     "precision (“Precision”): It counts only where learns is images."));
        QVERIFY(says(conflict("weight-pca", with(onFunction, "epochs", std::int64_t(7))),
                     "It counts only where learns is images; here it is function-epochs."));
        // What stands behind a condition is told first: the function counts where there is no table, and the
        // table where a function is learned.
        QVERIFY(says(conflict("weight-pca", {{"low", -0.5}}), "It counts only where learns is function."));
        QVERIFY(
            says(conflict("gradient-norm", {{"learns", std::string("images")}, {"hidden", std::string("5")}}),
                 "It counts only where learns is function; here it is image-hidden."));
        QVERIFY(conflict("gradient-norm", {{"learns", std::string("images")},
                                           {"image-hidden", std::string("conv 3 3, pool 2, 8")}})
                    .empty());
    }

    void axesFollowWhatIsLearned()
    {
        const Settings images{{"learns", std::string("images")}, {"measured", std::string("iteration")}};
        QCOMPARE(chart("gradient-norm", "loss", {}).x.title, std::string("Epoch"));
        QCOMPARE(chart("gradient-norm", "loss", {}).y.title, std::string("Mean squared error"));
        QCOMPARE(chart("gradient-norm", "loss", images).y.title, std::string("Cross entropy"));
        QCOMPARE(chart("gradient-norm", "loss", images).x.title, std::string("Iteration"));
        QCOMPARE(chart("gradient-norm", "norm", images).x.title, std::string("Iteration"));
        QCOMPARE(chart("weight-pca", "pca-model", {}).spread, Spread::Mean);
        QCOMPARE(chart("weight-pca", "pca-model", {{"learns", std::string("function")}}).spread,
                 Spread::Median);
    }

    void oneTrainingHasOneName()
    {
        const auto has = [](const std::string &message, const char *part) {
            return message.find(part) != std::string::npos;
        };
        QVERIFY(has(conflict("capacity", {{"largest", std::int64_t(10)}, {"models", std::int64_t(40)}}),
                    "models (“Number of networks”): There are only 10 widths"));
        QVERIFY(conflict("capacity", {{"largest", std::int64_t(10)}, {"models", std::int64_t(10)}}).empty());
        QVERIFY(has(conflict("sensitivity", {{"smallest", std::int64_t(7)}, {"largest", std::int64_t(7)}}),
                    "models (“Number of batch sizes”): "));
        QVERIFY(conflict("sensitivity", {{"smallest", std::int64_t(7)},
                                         {"largest", std::int64_t(7)},
                                         {"models", std::int64_t(1)}})
                    .empty());
        QVERIFY(has(
            conflict("interpolation", {{"small-batch", std::int64_t(64)}, {"large-batch", std::int64_t(64)}}),
            "large-batch"));
    }

    /// Batches beyond the set are all of it. Refused before a run begins, with the setting that can be
    /// changed.
    void batchesBeyondTheSetAreRefused_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("lowKey");
        QTest::addColumn<qlonglong>("low");
        QTest::addColumn<QString>("highKey");
        QTest::addColumn<qlonglong>("high");
        QTest::addColumn<QString>("refused");
        QTest::newRow("sensitivity") << "sensitivity"
                                     << "smallest" << 100LL << "largest" << 900LL << "largest (";
        QTest::newRow("interpolation") << "interpolation"
                                       << "small-batch" << 400LL << "large-batch" << 500LL << "small-batch (";
        QTest::newRow("interpolation, turned")
            << "interpolation"
            << "small-batch" << 500LL << "large-batch" << 400LL << "large-batch (";
        QTest::newRow("one beyond") << "interpolation"
                                    << "small-batch" << 399LL << "large-batch" << 500LL << QString();
    }
    void batchesBeyondTheSetAreRefused()
    {
        QFETCH(QString, id);
        QFETCH(QString, lowKey);
        QFETCH(qlonglong, low);
        QFETCH(QString, highKey);
        QFETCH(qlonglong, high);
        QFETCH(QString, refused);
        const auto experiment = std::move(*makeExperiment(id.toStdString()));
        const test::TemporaryFolder parent;
        const auto runner = Runner::start(specOf(*experiment, {{lowKey.toStdString(), std::int64_t(low)},
                                                               {highKey.toStdString(), std::int64_t(high)},
                                                               {"epochs", std::int64_t(1)}}),
                                          {.folder = parent / "run"});
        QCOMPARE(runner.has_value(), refused.isEmpty());
        if (runner)
            return;
        QCOMPARE(runner.error().kind, ErrorKind::Usage);
        const QString message = QString::fromStdString(runner.error().message);
        QVERIFY2(message.startsWith(refused) && message.contains("has 400 images"), qPrintable(message));
        QVERIFY(!std::filesystem::exists(parent / "run"));
    }

    /// What is refused today may have been trained with before: such a run still opens.
    void aRunWithSettingsRefusedTodayOpens()
    {
        const test::TemporaryFolder parent;
        const auto experiment = std::move(*makeExperiment("function-fit"));
        RunSpec spec = specOf(*experiment, {{"function", std::string("1/x")}});
        {
            const auto folder = RunFolder::create(parent / "run", spec, {});
            QVERIFY2(folder, folder ? "" : folder.error().message.c_str());
        }
        QVERIFY(!applyParameters(spec, *experiment));
        const auto record = readRun(parent / "run");
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        QCOMPARE(toText(*record->spec.find("function")), std::string("1/x"));
    }

    void networksDiffer()
    {
        const RunData data = finished(
            "capacity",
            {{"largest", std::int64_t(7)}, {"models", std::int64_t(7)}, {"epochs", std::int64_t(1)}});
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        const auto &parameters = data.findChart("loss")->find("test")->repeats.at(0).x;
        QCOMPARE(parameters.size(), std::size_t(7));
        QCOMPARE(std::set<double>(parameters.begin(), parameters.end()).size(), std::size_t(7));
    }

    void fewerImagesThanAskedForAreTold()
    {
        const RunData data =
            finished("random-labels", {{"images", std::int64_t(3000)}, {"epochs", std::int64_t(1)}});
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        for (const char *id : {"loss", "accuracy"})
            QVERIFY2(data.findChart(id)->remark.find("400 training images") != std::string::npos,
                     data.findChart(id)->remark.c_str());
        const RunData enough =
            finished("random-labels", {{"images", std::int64_t(300)}, {"epochs", std::int64_t(1)}});
        QCOMPARE(enough.findChart("loss")->remark, std::string());
    }

    /// Charts against size and batch size compare the trained network with itself: on both sets, after it.
    void trainingFiguresAreTakenAfterTraining_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::newRow("capacity") << std::string("capacity");
        QTest::newRow("sensitivity") << std::string("sensitivity");
    }

    void trainingFiguresAreTakenAfterTraining()
    {
        QFETCH(std::string, id);
        Settings settings{
            {"models", std::int64_t(2)}, {"epochs", std::int64_t(1)}, {"largest", std::int64_t(50)}};
        const RunData data = finished(id, settings);
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        for (const auto &[chartId, figure, seen] :
             {std::tuple("loss", "trained-loss", "training-loss"),
              std::tuple("accuracy", "trained-accuracy", "training-accuracy")})
        {
            std::multiset<double> drawn, told;
            for (const double y : data.findChart(chartId)->find("train")->repeats.at(0).y)
                drawn.insert(y);
            for (const FigureData &one : data.figures())
                if (one.figure == figure) {
                    told.insert(one.values.at(0));
                    QVERIFY(one.values.at(0) != data.findFigure(one.model, seen)->values.at(0));
                }
            QCOMPARE(drawn.size(), std::size_t(2));
            QVERIFY(drawn == told);
        }
    }

    /// A quick preset is another one than the report's, or is not offered.
    void presetsAreWhatTheyAreCalled()
    {
        int withoutQuick = 0;
        for (const ExperimentFactory make : registry()) {
            const auto experiment = make();
            const std::string &id = experiment->info().id;
            const RunSpec report = makeSpec(*experiment, Preset::Report);
            const RunSpec quick = makeSpec(*experiment, Preset::Quick);
            QCOMPARE(report.preset, Preset::Report);
            QVERIFY2((quick.parameters == report.parameters) == !experiment->offers(Preset::Quick),
                     id.c_str());
            QCOMPARE(quick.preset, experiment->offers(Preset::Quick) ? Preset::Quick : Preset::Report);
            for (const RunSpec &spec : {report, quick})
                QCOMPARE(spec.repeats, experiment->info().repeats);
            withoutQuick += experiment->offers(Preset::Quick) ? 0 : 1;
        }
        QVERIFY(withoutQuick > 0);
    }

    /// Fewer networks, each trained as in the report: what the report tells of them, quick tells, too.
    void quickTrainsAsTheReportDoes_data()
    {
        QTest::addColumn<std::string>("id");
        for (const char *id : {"capacity", "sensitivity", "gradient-zero"})
            QTest::newRow(id) << std::string(id);
    }

    void quickTrainsAsTheReportDoes()
    {
        QFETCH(std::string, id);
        const auto experiment = std::move(*makeExperiment(id));
        QVERIFY(experiment->offers(Preset::Quick));
        for (const Parameter *parameter : experiment->parameters())
            if (parameter->info().decides)
                QVERIFY2(parameter->info().quick == parameter->info().report, parameter->info().key.c_str());
    }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "test_settings.moc"
