#include "library/runnotes.h"
#include "programtest.h"
#include "tests/madeuprun.h"

#include <QTest>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using PlainJson = nlohmann::json;

/// The library of runs, on the command line.
class TestRunsCommand final : public ProgramTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        makeRun(path("runs/slow"), 0.01, 1, "2026-11-20T10:15:00Z");
        makeRun(path("runs/fast"), 0.1, 2, "2026-11-21T10:15:00Z");
        QVERIFY(writeRunNotes(path("runs/fast"), {"Too fast", {}, {"draft"}, false}));
    }

    void findsRuns_data()
    {
        QTest::addColumn<QStringList>("filter");
        QTest::addColumn<QStringList>("found");
        QTest::newRow("all") << QStringList() << QStringList({"fast", "slow"});
        QTest::newRow("a setting") << QStringList("lr=0.01") << QStringList("slow");
        QTest::newRow("two conditions") << QStringList({"lr>0.01", "seed=2"}) << QStringList("fast");
        QTest::newRow("not so") << QStringList("-tag=draft") << QStringList("slow");
        QTest::newRow("not so, after a word")
            << QStringList({"gradient", "-tag=draft"}) << QStringList("slow");
        QTest::newRow("not so, after a mark") << QStringList({"--", "-tag=draft"}) << QStringList("slow");
        QTest::newRow("a phrase") << QStringList("too fast") << QStringList("fast");
        QTest::newRow("no phrase") << QStringList("fast too") << QStringList();
    }
    void findsRuns()
    {
        QFETCH(QStringList, filter);
        QFETCH(QStringList, found);
        const Ended ended = losslab(QStringList({"runs", "--in", fromPath(path("runs")), "--json"}) + filter);
        QVERIFY2(ended.code == 0, qPrintable(ended.error));
        QStringList names;
        for (const PlainJson &run : PlainJson::parse(ended.out.toStdString()))
            names << fromPath(fs::path(run["folder"].get<std::string>()).filename());
        names.sort();
        QCOMPARE(names, found);
    }

    void wrongWordsAreRefused()
    {
        const Ended option = losslab({"runs", "--sort", "lr"});
        QVERIFY2(option.code == 2 && option.error.contains("has no option “--sort”"),
                 qPrintable(option.error));
        const Ended key = losslab({"runs", "lrr=0.01"});
        QVERIFY2(key.code == 2 && key.error.contains("Did you mean lr?"), qPrintable(key.error));
    }

private:
    static QString fromPath(const fs::path &path) { return QString::fromStdString(path.string()); }
};

QTEST_GUILESS_MAIN(TestRunsCommand)
#include "test_runscommand.moc"
