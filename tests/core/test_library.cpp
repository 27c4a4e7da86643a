// Runs are found again: by what they were made with, what came out, and what a person says of them.

#include "experiments/registry.h"
#include "filefixtures.h"
#include "library/runfilter.h"
#include "library/runindex.h"
#include "runs/runner.h"
#include "tests/madeuprun.h"
#include "tests/smallruns.h"

#include <QTest>
#include <sqlite3.h>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

QStringList namesOf(const RunIndex &index, const std::string &filter)
{
    QStringList names;
    const auto parsed = RunFilter::parse(filter);
    if (!parsed)
        return {QString::fromStdString(parsed.error().message)};
    for (const RunEntry &entry : index.entries())
        if (parsed->matches(entry))
            names << QString::fromStdString(entry.folder.filename().string());
    return names;
}

} // namespace

class TestLibrary : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        makeRun(m_runs / "2026-11-20-101500-gradient-norm", 0.01, 1, "2026-11-20T10:15:00Z");
        makeRun(m_runs / "2026-11-21-101500-gradient-norm", 0.1, 2, "2026-11-21T10:15:00Z");
        makeRun(m_runs / "2026-12-01-101500-gradient-norm", 0.01, 3, "2026-12-01T10:15:00Z",
                RunState::Stopped);
        const auto noted = writeRunNotes(m_runs / "2026-11-21-101500-gradient-norm",
                                         {"Größer", "Too fast?\nTry again.", {"homework", "draft"}, true});
        QVERIFY2(noted, noted ? "" : noted.error().message.c_str());
        fs::create_directories(m_runs / "no run");
        fs::create_directories(m_runs / "damaged");
        write(m_runs / "damaged" / "run.json", "{");
    }

    void findsRuns_data()
    {
        const QString first = "2026-11-20-101500-gradient-norm", second = "2026-11-21-101500-gradient-norm",
                      third = "2026-12-01-101500-gradient-norm", damaged = "damaged";
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QStringList>("found");
        const auto row = [](const char *filter, const QStringList &found) {
            QTest::newRow(filter) << QString(filter) << found;
        };
        row("", {damaged, third, second, first});
        row("lr=0.01", {third, first});
        row("lr=1e-2", {third, first});
        row("LR=0.01", {third, first});
        row("lr>0.01", {second});
        row("lr>=0.01 seed<3", {second, first});
        row("lr!=0.01", {second});
        row("-lr=0.01", {damaged, second});
        row("started>2026-11", {third});
        row("started=2026-11", {second, first});
        row("started<=2026-11-20", {first});
        row("state=stopped", {third});
        row("stopped", {third});
        row("seed=2 stopped", {});
        row("experiment=gradient-norm", {third, second, first});
        row("größer", {second});
        row("\"try again\"", {second});
        row("tag=homework", {second});
        row("tag=home", {});
        row("homew", {second});
        row("star=yes", {second});
        row("-star=yes", {damaged, third, first});
        row("name=gr", {third, second, first}); // those without a name are called as their folder is
        row("note=fast", {second});
        row("\"cannot be read\"", {damaged});
        row("seconds>=12", {third, second, first});
        row("lrr=0.01", {"No run has “lrr”. Did you mean lr?"});
        row("lr=", {"“lr=” lacks a value, as in lr=1."});
        row("lr!3", {"“lr!3” is no condition, as lr=1 is."});
    }
    void findsRuns()
    {
        QFETCH(QString, filter);
        QFETCH(QStringList, found);
        RunIndex index(m_runs.path(), m_cache / "cache");
        index.refresh();
        QStringList names = namesOf(index, filter.toStdString());
        std::sort(names.begin(), names.end());
        std::sort(found.begin(), found.end());
        QCOMPARE(names, found);
    }

    void findsByAResult()
    {
        RunIndex index(m_runs.path(), m_cache / "cache");
        index.refresh();
        const std::string figure = (*makeExperiment("gradient-norm"))->figures().front()->info().key;
        QCOMPARE(namesOf(index, figure + ">0.02"), QStringList("2026-11-21-101500-gradient-norm"));
    }

    void listsTheLastFirst()
    {
        RunIndex index(m_runs.path(), m_cache / "cache");
        index.refresh();
        QCOMPARE(namesOf(index, "experiment=gradient-norm"),
                 QStringList({"2026-12-01-101500-gradient-norm", "2026-11-21-101500-gradient-norm",
                              "2026-11-20-101500-gradient-norm"}));
    }

    void readsOnlyWhatHasChanged()
    {
        const TemporaryFolder runs, cache;
        for (int i = 0; i < 5; ++i)
            makeRun(runs / std::to_string(i), 0.01, 1, "2026-11-20T10:15:00Z");
        std::vector<RunEntry> entries;
        {
            RunIndex index(runs.path(), cache / "cache");
            QVERIFY(index.refresh());
            QCOMPARE(index.readLast(), std::size_t(5));
            QVERIFY(!index.refresh());
            QCOMPARE(index.readLast(), std::size_t(0));
            entries = index.entries();
        }
        RunIndex index(runs.path(), cache / "cache");
        QVERIFY(index.refresh());
        QCOMPARE(index.readLast(), std::size_t(0));
        QVERIFY(index.entries() == entries);

        QVERIFY(writeRunNotes(runs / "3", {"third", {}, {}, false}));
        fs::remove_all(runs / "4");
        makeRun(runs / "new", 0.5, 1, "2026-11-20T10:15:00Z");
        QVERIFY(index.refresh());
        QCOMPARE(index.readLast(), std::size_t(2));
        QCOMPARE(namesOf(index, "name=third"), QStringList("3"));
        QCOMPARE(namesOf(index, "lr=0.5"), QStringList("new"));
        QCOMPARE(namesOf(index, "name=4"), QStringList());
    }

    void goesOnWithoutItsCache_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("no database") << QByteArray("rubbish, and not a little of it");
        QTest::newRow("empty") << QByteArray();
    }
    void goesOnWithoutItsCache()
    {
        QFETCH(QByteArray, content);
        const TemporaryFolder cache;
        write(cache / "cache", content.toStdString());
        for (const std::size_t read : {4, 0}) { // it is made anew
            RunIndex index(m_runs.path(), cache / "cache");
            index.refresh();
            QCOMPARE(index.entries().size(), std::size_t(4));
            QCOMPARE(index.readLast(), read);
        }
        RunIndex none(m_runs.path(), cache / "missing folder" / "cache");
        QVERIFY(none.refresh());
        QCOMPARE(none.entries().size(), std::size_t(4));
    }

    void anotherTableIsReplaced()
    {
        const TemporaryFolder cache;
        sqlite3 *database = nullptr;
        QCOMPARE(sqlite3_open((cache / "cache").c_str(), &database), SQLITE_OK);
        QCOMPARE(sqlite3_exec(database, "CREATE TABLE runs (a TEXT)", nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
        for (const std::size_t read : {4, 0}) {
            RunIndex index(m_runs.path(), cache / "cache");
            index.refresh();
            QCOMPARE(index.readLast(), read);
        }
    }

    /// Every entry of a run that was trained for real.
    void knowsARun()
    {
        const TemporaryFolder runs;
        (void)finished("gradient-norm", {{"epochs", std::int64_t(3)}, {"converged", 0.0}}, runs / "run");
        const RunEntry entry = readRunEntry(runs / "run");
        QCOMPARE(entry.problem, std::string());
        QCOMPARE(entry.standing(), std::string("finished"));
        QCOMPARE(*entry.setting("epochs"), std::string("3"));
        QVERIFY(!entry.results.empty());
        QVERIFY(!entry.results.front().text.empty());
        auto again = readEntryText(entryText(entry));
        QVERIFY(again);
        again->folder = entry.folder;
        QVERIFY(*again == entry);
    }

    void knowsWhatIsTraining()
    {
        const TemporaryFolder runs;
        const auto experiment = std::move(*makeExperiment("gradient-norm"));
        RunIndex index(runs.path(), m_cache / "live");
        {
            const auto runner = Runner::start(
                specOf(*experiment, {{"epochs", std::int64_t(100000)}, {"converged", 0.0}}), {runs / "run"});
            VERIFY_RESULT(runner);
            index.refresh();
            QCOMPARE(index.entries().front().standing(), std::string("training now"));
        }
        QVERIFY(index.refresh());
        QCOMPARE(index.entries().front().standing(), std::string("stopped"));
        makeRun(runs / "run", 0.01, 1, "2026-11-20T10:15:00Z", RunState::Running);
        QVERIFY(index.refresh());
        QCOMPARE(index.entries().front().standing(), std::string("interrupted"));
    }

    void refusesNotes_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("note");
        QTest::addColumn<QStringList>("tags");
        QTest::addColumn<QString>("problem");
        QTest::newRow("two lines") << "a\nb"
                                   << "" << QStringList() << "one line of plain text";
        QTest::newRow("long") << QString(201, 'a') << "" << QStringList() << "at most 200";
        QTest::newRow("control") << ""
                                 << "\x1b[31m" << QStringList() << "note is plain text";
        QTest::newRow("long note") << "" << QString(70000, 'a') << QStringList() << "at most 64 KiB";
        QTest::newRow("two words") << ""
                                   << "" << QStringList("a b") << "A tag is one word";
        QTest::newRow("comma") << ""
                               << "" << QStringList("a,b") << "A tag is one word";
        QTest::newRow("no word") << ""
                                 << "" << QStringList("") << "A tag is one word";
        QTest::newRow("many") << ""
                              << "" << QStringList(QList<QString>(51, "a")) << "at most 50 tags";
    }
    void refusesNotes()
    {
        QFETCH(QString, name);
        QFETCH(QString, note);
        QFETCH(QStringList, tags);
        QFETCH(QString, problem);
        RunNotes notes{name.toStdString(), note.toStdString(), {}, false};
        for (const QString &tag : tags)
            notes.tags.push_back(tag.toStdString());
        const TemporaryFolder folder;
        const auto written = writeRunNotes(folder.path(), notes);
        QVERIFY(!written);
        QVERIFY2(QString::fromStdString(written.error().message).contains(problem),
                 written.error().message.c_str());
        QVERIFY(!fs::exists(notesFile(folder.path())));
    }

    void keepsNotes()
    {
        const TemporaryFolder folder;
        const RunNotes notes{"Größer", "Zwei\nZeilen", {"a", "b"}, true};
        QVERIFY(writeRunNotes(folder.path(), notes));
        QVERIFY(*readRunNotes(folder.path()) == notes);
        QVERIFY(writeRunNotes(folder.path(), {}));
        QVERIFY(!fs::exists(notesFile(folder.path())));
        QVERIFY(*readRunNotes(folder.path()) == RunNotes());
        QVERIFY(!writeRunNotes(folder / "gone", notes));
        QVERIFY(tagsIn(" a, b ,a\nc") == (std::vector<std::string>{"a", "b", "c"}));
    }

    void damagedNotesAreTold_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("newer") << QByteArray(R"({"format": 99})");
        QTest::newRow("tags") << QByteArray(
            R"({"format": 1, "name": "", "note": "", "tags": ["a b"], "starred": false})");
        QTest::newRow("star") << QByteArray(
            R"({"format": 1, "name": "", "note": "", "tags": [], "starred": 3})");
    }
    void damagedNotesAreTold()
    {
        QFETCH(QByteArray, text);
        const TemporaryFolder runs;
        makeRun(runs / "run", 0.01, 1, "2026-11-20T10:15:00Z");
        write(runs / "run" / "notes.json", text.toStdString());
        const RunEntry entry = readRunEntry(runs / "run");
        QVERIFY(entry.problem.find("notes.json") != std::string::npos);
        QCOMPARE(*entry.setting("lr"), std::string("0.01"));
    }

private:
    TemporaryFolder m_runs;
    TemporaryFolder m_cache;
};

QTEST_GUILESS_MAIN(TestLibrary)
#include "test_library.moc"
