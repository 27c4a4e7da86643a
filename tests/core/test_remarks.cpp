// What is said of a run's trainings, over models and seeds, and where.

#include "experiments/registry.h"
#include "filefixtures.h"
#include "lab/rundata.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "tests/runtoend.h"

#include <QtTest>

using namespace losslab;

using Kind = RemarkEvent::Kind;

namespace {

std::vector<std::string> said(const std::vector<RemarkEvent> &events, int repeats,
                              const std::string &chart = {})
{
    Remarks remarks;
    for (const RemarkEvent &event : events)
        remarks.add(event);
    return remarks.sentences(repeats, chart);
}

std::vector<std::string> sentences(std::initializer_list<const char *> texts)
{
    return {texts.begin(), texts.end()};
}

} // namespace

class TestRemarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneSeedIsToldWithItsEpoch()
    {
        QCOMPARE(
            said({{"middle", 0, Kind::Converged, 1010},
                  {"deep", 0, Kind::Died, 20000},
                  {"deep", 0, Kind::NotConverged, 20000}, // goes without saying
                  {"shallow", 0, Kind::NotConverged, 20000},
                  {"wide", 0, Kind::Diverged, 7},
                  {"tall", 0, Kind::EndedAboveStart, 3}},
                 1),
            sentences({"wide diverged in epoch 7", "deep has a dead layer: it gives one value everywhere",
                       "tall ended above where it began", "middle converged at epoch 1,010",
                       "shallow has not converged in 20,000 epochs"}));
    }

    /// Also where the last seeds have nothing to remark on.
    void aChartsCountGrowsWithTheSeeds()
    {
        RunData data(**makeExperiment("function-fit"));
        data.apply(PointEvent{"loss", "deep", 0, 1, 0.5});
        data.apply(PointEvent{"loss", "deep", 1, 1, 0.5});
        data.apply(RemarkEvent{"deep", 1, Kind::Died, 20, {"loss"}});
        QVERIFY(data.findChart("loss")->remark.ends_with("in 1 of 2"));
        data.apply(PointEvent{"loss", "deep", 2, 1, 0.5});
        QVERIFY2(data.findChart("loss")->remark.ends_with("in 1 of 3"),
                 data.findChart("loss")->remark.c_str());
    }

    void overSeedsConvergedOnesAreCountedAndCappedOnesNotAveraged()
    {
        const std::vector<RemarkEvent> events{
            {"deep", 0, Kind::NotConverged, 20000}, {"deep", 1, Kind::Converged, 1011},
            {"deep", 2, Kind::Converged, 1449},     {"deep", 3, Kind::NotConverged, 20000},
            {"deep", 4, Kind::Converged, 2000},     {"deep", 0, Kind::Died, 20000}};
        QCOMPARE(said(events, 5),
                 sentences({"deep has a dead layer in 1 of 5", "deep converged 3 of 5, median epoch 1,449"}));
        Remarks remarks;
        for (const RemarkEvent &event : events)
            remarks.add(event);
        QCOMPARE(remarks.convergence("deep"), std::string("converged 3 of 5, median epoch 1,449"));
        QCOMPARE(remarks.convergence("other"), std::string());
    }

    /// The counts come first: the one seed of "deep" that converges may well be the quickest of all.
    void modelsAreJudgedSideBySide()
    {
        QCOMPARE(said({{"deep", 0, Kind::Converged, 1230},
                       {"deep", 1, Kind::NotConverged, 20000},
                       {"middle", 0, Kind::NotConverged, 20000},
                       {"middle", 1, Kind::NotConverged, 20000},
                       {"shallow", 0, Kind::Converged, 1400},
                       {"shallow", 1, Kind::Converged, 2200}},
                      2),
                 sentences({"converged: deep 1 of 2 (their median epoch 1,230), middle 0 of 2, "
                            "shallow 2 of 2 (1,800)"}));
    }

    void noneConvergedHasNoMedianAndAnEvenNumberTheMiddle()
    {
        QCOMPARE(said({{"a", 0, Kind::NotConverged, 10}, {"a", 1, Kind::NotConverged, 10}}, 2),
                 sentences({"a converged 0 of 2"}));
        QCOMPARE(said({{"a", 0, Kind::Converged, 10}, {"a", 1, Kind::Converged, 20}}, 2),
                 sentences({"a converged 2 of 2, median epoch 15"}));
        QCOMPARE(said({{"a", 0, Kind::Converged, 309}, {"a", 1, Kind::NotConverged, 400}}, 2),
                 sentences({"a converged 1 of 2, at epoch 309"}));
        QCOMPARE(said({{"a", 0, Kind::NotConverged, 1}}, 1), sentences({"a has not converged in 1 epoch"}));
    }

    void theSameOfSomeModelsIsSaidOnce()
    {
        QCOMPARE(said({{"cnn1", 0, Kind::Died, 2},
                       {"cnn3", 0, Kind::Died, 2},
                       {"cnn2", 0, Kind::Died, 2},
                       {"cnn3", 0, Kind::EndedAboveStart, 2},
                       {"cnn1", 0, Kind::EndedAboveStart, 2}},
                      1),
                 sentences({"cnn1, cnn2 and cnn3 have a dead layer: they give one value everywhere",
                            "cnn1 and cnn3 ended above where they began"}));
    }

    void aChartCallsModelsAsItsLegendDoes()
    {
        RunData data(**makeExperiment("cnn-mnist"));
        data.apply(RemarkEvent{"cnn1", 0, Kind::Died, 2, {"loss"}});
        QCOMPARE(data.findChart("loss")->remark,
                 std::string("CNN 1 has a dead layer: it gives one value everywhere"));
        QCOMPARE(data.remarkSentences(),
                 sentences({"cnn1 has a dead layer: it gives one value everywhere."})); // as the table does
    }

    void manyModelsAreCounted()
    {
        std::vector<RemarkEvent> events;
        for (int i = 0; i < 12; ++i)
            events.push_back({std::string("h").append(std::to_string(i)), 0, Kind::EndedAboveStart, 3});
        QCOMPARE(said(events, 1), sentences({"12 models ended above where they began"}));
    }

    /// A received run may hold any number of them.
    void anyNumberOfRemarksIsTakenInGoodTime()
    {
        RunData data(**makeExperiment("function-fit"));
        for (int i = 0; i < 300000; ++i)
            data.apply(
                RemarkEvent{std::string("m").append(std::to_string(i)), 0, Kind::NotConverged, 3, {"loss"}});
        data.apply(StateEvent{RunState::Finished});
        QCOMPARE(data.findChart("loss")->remark, std::string("300,000 models have not converged"));
    }

    void aRemarkIsSeenInItsChartsAlone()
    {
        QCOMPARE(said({{"model", 0, Kind::Converged, 5, {"loss"}}}, 1, "loss"),
                 sentences({"the network converged at epoch 5"}));
        QCOMPARE(said({{"model", 0, Kind::Converged, 5, {"loss"}}}, 1, "norm"), sentences({}));
    }

    void aChartSaysItsAnnotationAndTheRemarks()
    {
        RunData data(**makeExperiment("function-fit"));
        data.apply(AnnotationEvent{"loss", 0, "note", {}, true});
        data.apply(RemarkEvent{"deep", 0, Kind::Converged, 12, {"loss"}});
        QCOMPARE(data.findChart("loss")->remark, std::string("note · deep converged at epoch 12"));
        const std::uint64_t revision = data.findChart("loss")->revision;
        data.apply(AnnotationEvent{"loss", 0, "", {}, true});
        QCOMPARE(data.findChart("loss")->remark, std::string("deep converged at epoch 12"));
        QVERIFY(data.findChart("loss")->revision != revision);
        QCOMPARE(data.findChart("fit")->remark, std::string());
        QCOMPARE(data.remarkSentences(), sentences({"deep converged at epoch 12."}));
    }

    void veryManyRemarksArePutTogetherOnce()
    {
        RunData data(**makeExperiment("gradient-zero"));
        for (int i = 0; i < 20'000; ++i)
            data.apply(RemarkEvent{"training" + std::to_string(i), 0, Kind::Died, 2, {"spectrum"}});
        for (int i = 0; i < 20'000; ++i)
            data.apply(AnnotationEvent{"spectrum", 0, "note " + std::to_string(i), {}, true});
        QCOMPARE(data.findChart("spectrum")->remark, std::string("note 19999"));
        data.apply(StateEvent{RunState::Finished});
        QCOMPARE(data.findChart("spectrum")->remark,
                 std::string("note 19999 · 20,000 models have a dead layer: they give one value everywhere"));
    }

    /// The first chart a newcomer sees: in seed 1, the deep network of function-fit dies.
    void functionFitSaysWhereItIsSeenThatTheDeepNetworkHasDied()
    {
        const auto experiment = std::move(*makeExperiment("function-fit"));
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        *spec.find("epochs") = std::int64_t{4000};
        spec.repeats = 1;
        const test::TemporaryFolder parent;
        auto runner = Runner::start(spec, {.folder = parent / "run"});
        QVERIFY2(runner, runner ? "" : runner.error().message.c_str());
        RunData data(*experiment);
        test::runToEnd(**runner, data);
        QCOMPARE(data.state(), RunState::Finished);
        const Result<RunRecord> record = readRun(parent / "run");
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        for (const RunData *one : {&std::as_const(data), &record->data})
            for (const char *chart : {"loss", "fit"})
                QVERIFY2(
                    one->findChart(chart)->remark.find("deep has a dead layer: it gives one value everywhere")
                        != std::string::npos,
                    one->findChart(chart)->remark.c_str());
        // And it is so: the fit that is drawn is a flat line.
        const auto &fit = data.findChart("fit")->find("deep")->repeats.at(0).y;
        QCOMPARE(*std::max_element(fit.begin(), fit.end()), *std::min_element(fit.begin(), fit.end()));
    }
};

QTEST_GUILESS_MAIN(TestRemarks)
#include "test_remarks.moc"
