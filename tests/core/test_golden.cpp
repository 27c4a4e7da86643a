// Run folders as earlier versions of LossLab wrote them: whatever comes later opens them.

#include "filefixtures.h"
#include "runs/continuation.h"
#include "runs/csv.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "runs/verify.h"
#include "tests/runtoend.h"

#include <QtTest>
#include <cmath>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

fs::path golden(const std::string &name)
{
    return fs::path(LOSSLAB_SOURCE) / "tests" / "core" / "golden" / name;
}

} // namespace

class TestGolden : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFinishedRunIsReadWhole_data()
    {
        QTest::addColumn<std::string>("folder");
        QTest::addColumn<int>("format");
        QTest::newRow("format 1") << std::string("format1-finished") << 1;
        QTest::newRow("format 2") << std::string("format2-finished") << 2;
    }
    void aFinishedRunIsReadWhole()
    {
        QFETCH(std::string, folder);
        QFETCH(int, format);
        const auto record = readRun(golden(folder));
        VERIFY_RESULT(record);
        QCOMPARE(record->format, format);
        QCOMPARE(record->state, RunState::Finished);
        QVERIFY(record->unread.empty());
        for (const char *chart : {"norm", "loss"})
            QCOMPARE(chartCsv(*record->data.findChart(chart)),
                     read(golden(folder) / "charts" / (std::string("gradient-norm-") + chart + ".csv")));
        QCOMPARE(record->data.findFigure("model", "epochs")->values, (std::vector<double>{6, 6}));
        const auto why = whyNotContinued(*record, /*longer=*/true);
        QCOMPARE(why.has_value(), format == 1); // it kept no checkpoints
    }

    void aFinishedRunIsSound()
    {
        const auto verification = verifyRun(golden("format2-finished"));
        VERIFY_RESULT(verification);
        QVERIFY(verification->isSound());
    }

    /// From its checkpoint, on whatever machine: the figures are those that the machine it was begun on
    /// found.
    void aStoppedRunGoesOn()
    {
        const TemporaryFolder folder;
        fs::copy(golden("format2-stopped"), folder / "run", fs::copy_options::recursive);
        auto runner = Runner::resume(folder / "run");
        VERIFY_RESULT(runner);
        RunData data = (*runner)->kept();
        const std::size_t before = data.findChart("loss")->find("model")->repeats.at(0).x.size();
        QVERIFY(before > 50);
        data.apply(StateEvent{RunState::Running});
        runToEnd(**runner, data);
        QCOMPARE(data.state(), RunState::Finished);
        QCOMPARE(data.findChart("loss")->find("model")->repeats.at(0).x.size(), std::size_t{400});
        QVERIFY(std::abs(data.findFigure("model", "loss")->mean() - 0.0715427734375) < 1e-4);
    }
};

QTEST_GUILESS_MAIN(TestGolden)
#include "test_golden.moc"
