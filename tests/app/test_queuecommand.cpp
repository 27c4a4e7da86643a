#include "experiments/registry.h"
#include "programtest.h"
#include "runs/runqueue.h"

#include <QTest>
#include <fstream>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using PlainJson = nlohmann::json;

/// What the window has put into its queue, on the command line.
class TestQueueCommand final : public ProgramTest
{
    Q_OBJECT

    fs::path file() const { return path("home/queue.json"); }

private Q_SLOTS:
    void cleanup() { fs::remove_all(path("home")); }

    void theQueueIsListedInItsOrder()
    {
        const Ended none = losslab({"queue"});
        QVERIFY2(none.code == 0 && none.out.isEmpty() && none.error.contains("The queue is empty"),
                 qPrintable(none.error));
        RunQueue queue(file());
        RunSpec norm = makeSpec(**makeExperiment("gradient-norm"), Preset::Report);
        *norm.find("epochs") = std::int64_t{7};
        QVERIFY(queue.add({makeSpec(**makeExperiment("capacity"), Preset::Quick), norm}));
        QVERIFY(*queue.claim());
        QVERIFY(queue.end((*queue.beginNext())->id, QueuedState::Failed, "Why.", 2.5));
        const Ended listed = losslab({"queue"});
        QCOMPARE(listed.code, 0);
        const QStringList lines = listed.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY2(lines[1].contains("failed") && lines[1].contains("3") && lines[1].contains("quick preset"),
                 qPrintable(listed.out));
        QVERIFY2(lines[2].contains("waiting") && lines[2].contains("at most 7 epochs"),
                 qPrintable(listed.out));

        const PlainJson json = PlainJson::parse(losslab({"queue", "--json"}).out.toStdString());
        QCOMPARE(json["runs"].size(), std::size_t(2));
        QCOMPARE(json["runs"][0]["message"].get<std::string>(), std::string("Why."));
        QCOMPARE(json["runs"][1]["spec"]["parameters"]["epochs"].get<int>(), 7);
    }

    void aDamagedQueueIsADataProblem()
    {
        fs::create_directories(path("home"));
        std::ofstream(file()) << "{\x1b[31m";
        const Ended listed = losslab({"queue"});
        QCOMPARE(listed.code, 3);
        QVERIFY2(listed.error.contains("queue-damaged-") && !listed.error.contains(QChar(0x1b)),
                 qPrintable(listed.error));
        QCOMPARE(losslab({"queue"}).code, 0); // it is put aside
    }
};

QTEST_GUILESS_MAIN(TestQueueCommand)
#include "test_queuecommand.moc"
