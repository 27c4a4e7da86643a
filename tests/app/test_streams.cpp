#include "programtest.h"

#include <QTest>
#include <csignal>
#include <memory>
#include <set>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

/// What becomes of a run whose output nobody takes.
class TestStreams final : public ProgramTest
{
    Q_OBJECT

    /// The shell's exit code of losslab with these arguments, its streams led elsewhere, after `before`.
    int inShell(const QString &arguments, const QString &streams, const QString &before = {}) const
    {
        QProcess shell;
        shell.setProcessEnvironment(m_environment);
        shell.start("bash", {"-o", "pipefail", "-c",
                             QStringLiteral("%1'%2' %3 %4").arg(before, m_program, arguments, streams)});
        return shell.waitForFinished(patience) ? shell.exitCode() : -1;
    }

    QString tinyRun(const QString &name) const
    {
        return QStringLiteral("run gradient-norm --repeats 1 --set epochs=3 --charts none --out '%1'")
            .arg(text(name.toStdString()));
    }

private Q_SLOTS:
    void progressThatCannotBeWrittenEndsNoRun_data()
    {
        QTest::addColumn<QString>("streams");
        QTest::newRow("full") << "2>/dev/full >/dev/null";
        QTest::newRow("closed") << "2>&- >/dev/null";
        QTest::newRow("all closed but results") << "<&- 2>&- >/dev/null";
        QTest::newRow("a reader that leaves at once") << "2>&1 >/dev/null | true";
    }
    void progressThatCannotBeWrittenEndsNoRun()
    {
        QFETCH(QString, streams);
        const QString name = QTest::currentDataTag();
        QCOMPARE(inShell(tinyRun(name), streams), 0);
        const fs::path run = path(name.toStdString());
        QCOMPARE(jsonOf(run / "run.json")["state"].get<std::string>(), std::string("finished"));
        for (const QByteArray &line : bytesOf(run / "metrics.jsonl").trimmed().split('\n'))
            QVERIFY2(line.startsWith("{\"seq\""), line);
    }

    void resultsThatCannotBeWrittenAreAProblem_data()
    {
        QTest::addColumn<QString>("streams");
        QTest::newRow("full") << ">/dev/full";
        QTest::newRow("closed") << ">&-";
    }
    void resultsThatCannotBeWrittenAreAProblem()
    {
        QFETCH(QString, streams);
        const QString name = QStringLiteral("results-") + QTest::currentDataTag();
        const QString said = text(name.toStdString() + ".txt");
        QCOMPARE(inShell(tinyRun(name), streams + " 2>'" + said + "'"), 3);
        QVERIFY2(bytesOf(said.toStdString()).contains("could not be written to standard output"),
                 bytesOf(said.toStdString()));
        QCOMPARE(jsonOf(path(name.toStdString()) / "run.json")["state"].get<std::string>(),
                 std::string("finished"));
        QCOMPARE(inShell("list --json", streams + " 2>/dev/null"), 3);
    }

    /// Ends as any command does whose reader has had enough: by SIGPIPE, without a word.
    void aReaderThatHasEnoughIsNoProblem_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::newRow("list") << "list";
        QTest::newRow("list --json") << "list --json";
        QTest::newRow("help") << "--help";
        QTest::newRow("run") << tinyRun("a reader that has enough");
    }
    void aReaderThatHasEnoughIsNoProblem()
    {
        QFETCH(QString, arguments);
        const QString said = text("enough.txt");
        QCOMPARE(inShell(arguments, QStringLiteral("2>'%1' | true").arg(said)), 128 + SIGPIPE);
        const QByteArray words = bytesOf(said.toStdString());
        QVERIFY2(!words.contains("could not be written"), words);
        if (arguments.startsWith("run"))
            QCOMPARE(jsonOf(path("a reader that has enough") / "run.json")["state"].get<std::string>(),
                     std::string("finished"));
        else
            QCOMPARE(words, QByteArray());
    }

    /// As with a disk's quota: bash counts in blocks of 1024 bytes.
    void aLimitOnFilesIsToldInWords()
    {
        const QString said = text("limited.txt");
        QProcess shell;
        shell.setProcessEnvironment(m_environment);
        shell.start("bash",
                    {"-c", QStringLiteral("ulimit -f 2; '%1' %2 2>&1 | cat >'%3'; exit ${PIPESTATUS[0]}")
                               .arg(m_program, tinyRun("limited"), said)});
        QVERIFY(shell.waitForFinished(patience));
        QCOMPARE(shell.exitCode(), 3);
        QVERIFY2(bytesOf(said.toStdString()).contains("no more room"), bytesOf(said.toStdString()));
    }

    void aRunThatCannotBeginLeavesNoFolder()
    {
        QCOMPARE(inShell(tinyRun("no room"), "2>/dev/null >/dev/null", "ulimit -f 0; "), 3);
        QVERIFY(!fs::exists(path("no room")));
    }

    /// As over ssh: Qt has something to say to a desktop's session alone.
    void aCommandPrintsNoRemarksOfQt()
    {
        const QProcessEnvironment usual = m_environment;
        m_environment.remove("XDG_RUNTIME_DIR");
        const Ended run = runTiny("gradient-norm", "bare", {"--charts", "png,svg"});
        const Ended exported =
            losslab({"export", text("bare"), "--charts", "png", "--out", text("bare-png")});
        m_environment = usual;
        QCOMPARE(run.code, 0);
        QVERIFY2(!run.error.contains("XDG") && !run.error.contains("QStandardPaths"), qPrintable(run.error));
        QCOMPARE(exported.code, 0);
        QCOMPARE(exported.error, QString());
    }

    void noneOfTheChartsIsNone_data()
    {
        QTest::addColumn<QString>("formats");
        QTest::newRow("none") << "none";
        QTest::newRow("empty") << "";
    }
    void noneOfTheChartsIsNone()
    {
        QFETCH(QString, formats);
        const std::string name = std::string("charts-") + QTest::currentDataTag();
        QCOMPARE(runTiny("gradient-norm", name, {"--charts", formats}).code, 0);
        QVERIFY(fs::exists(path(name) / "summary.json"));
        QVERIFY(!fs::exists(path(name) / "charts"));
    }

    void runsBegunAtOnceHaveFoldersOfTheirOwn()
    {
        std::vector<std::unique_ptr<QProcess>> runs;
        for (int i = 0; i < 6; ++i) {
            runs.push_back(std::make_unique<QProcess>());
            runs.back()->setProcessEnvironment(m_environment);
            runs.back()->start(m_program, {"run", "gradient-norm", "--repeats", "1", "--set", "epochs=3",
                                           "--charts", "none"});
        }
        std::set<QString> folders;
        for (const auto &run : runs) {
            QVERIFY(run->waitForFinished(patience));
            QVERIFY2(run->exitCode() == 0, run->readAllStandardError());
            folders.insert(QString::fromUtf8(run->readAllStandardOutput()).trimmed().section('\n', -1));
        }
        QCOMPARE(folders.size(), runs.size());
    }

    void aRunThatIsGoneIsNoSuccess_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"deleted", "moved", "journal emptied"})
            QTest::newRow(what) << what;
    }
    void aRunThatIsGoneIsNoSuccess()
    {
        QFETCH(QString, what);
        const std::string name = "gone " + what.toStdString();
        QProcess run;
        QVERIFY2(startLong(run, name), run.readAllStandardError());
        if (what == "moved")
            fs::rename(path(name), path(name + " elsewhere"));
        else if (what == "deleted")
            fs::remove_all(path(name));
        else
            fs::resize_file(path(name) / "metrics.jsonl", 0);
        QVERIFY(run.waitForFinished(patience)); // though it would train for hours
        QCOMPARE(run.exitStatus(), QProcess::NormalExit);
        QCOMPARE(run.exitCode(), 3);
        const QByteArray said = run.readAllStandardError();
        QVERIFY2(said.contains(what == "journal emptied" ? "was changed by another program"
                                                         : "was deleted, moved or replaced"),
                 said);
        QCOMPARE(fs::exists(path(name)), what == "journal emptied");
        QCOMPARE(run.readAllStandardOutput().contains("gone"), what == "journal emptied");
    }

    void aRunThatWasKilledIsShownAsInterrupted()
    {
        QProcess run;
        QVERIFY2(startLong(run, "killed"), run.readAllStandardError());
        const Ended during = losslab({"show", text("killed")});
        QVERIFY2(during.out.contains("State    running"), qPrintable(during.out + during.error));
        QVERIFY2(during.out.contains("Go on    This run is still going on."), qPrintable(during.out));
        run.kill();
        QVERIFY(run.waitForFinished(patience));
        const Ended after = losslab({"show", text("killed")});
        QVERIFY2(after.out.contains("State    interrupted"), qPrintable(after.out + after.error));
        QVERIFY2(after.out.contains("Go on    losslab resume " + text("killed") + "\n"),
                 qPrintable(after.out));
        const Ended machines = losslab({"show", text("killed"), "--json"});
        const auto json = nlohmann::json::parse(machines.out.toStdString());
        QVERIFY(json["interrupted"].get<bool>());
        QVERIFY(json["resumable"].get<bool>());
    }
};

QTEST_GUILESS_MAIN(TestStreams)
#include "test_streams.moc"
