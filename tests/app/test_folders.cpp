#include "programtest.h"

#include "data/dataset.h"
#include "lab/experiment.h"
#include "runs/journalline.h"

#include "tests/idxfiles.h"

#include <QTest>
#include <fstream>
#include <sys/stat.h>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

/// What show, export and run make of folders and data that others have made.
class TestFolders final : public ProgramTest
{
    Q_OBJECT

    /// A copy of a whole run, to be spoiled.
    fs::path copyOfRun(const std::string &name)
    {
        fs::copy(path("whole"), path(name), fs::copy_options::recursive);
        return path(name);
    }

    void addLine(const fs::path &run, const std::string &fields)
    {
        const QByteArray journal = bytesOf(run / "metrics.jsonl");
        std::string line;
        appendJournalLine(line, static_cast<std::uint64_t>(journal.count('\n')) + 1, fields);
        std::ofstream(run / "metrics.jsonl", std::ios::app) << line;
    }

    void setMessage(const fs::path &run, const std::string &message)
    {
        Json json = jsonOf(run / "run.json");
        json["message"] = message;
        json["device"] = "cpu: \x1b[31mred";
        std::ofstream(run / "run.json") << json.dump();
    }

private Q_SLOTS:
    void initTestCase() { QCOMPARE(runTiny("gradient-norm", "whole", {"--charts", "none"}).code, 0); }

    void aNameInARunMakesNoFileElsewhere_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("absolute") << text("outside");
        QTest::newRow("relative") << "../../outside";
    }
    void aNameInARunMakesNoFileElsewhere()
    {
        QFETCH(QString, name);
        const std::string run = std::string("named ") + QTest::currentDataTag();
        addLine(copyOfRun(run), R"("table":")" + name.toStdString() + R"(","repeat":0,"row":{"a":1})");
        for (const QStringList &command :
             {QStringList{"export", text(run), "--charts", "csv"},
              {"export", text(run), "--charts", "csv", "--out", text(run + "/a/b")},
              {"show", text(run)}})
        {
            const Ended ended = losslab(command);
            QCOMPARE(ended.code, 3);
            QVERIFY2(ended.error.contains("is not a valid name of a table"), qPrintable(ended.error));
        }
        QVERIFY(!fs::exists(path("outside.csv")));
    }

    void anExportStaysInTheRunsFolder()
    {
        const fs::path run = copyOfRun("linked");
        fs::create_directory(path("elsewhere"));
        fs::create_directory_symlink(path("elsewhere"), run / "charts");
        const Ended ended = losslab({"export", text("linked"), "--charts", "csv"});
        QCOMPARE(ended.code, 3);
        QVERIFY2(ended.error.contains("leads out of the run's folder"), qPrintable(ended.error));
        QVERIFY(fs::is_empty(path("elsewhere")));
        QCOMPARE(losslab({"export", text("linked"), "--charts", "csv", "--out", text("elsewhere")}).code, 0);
        QVERIFY(fs::exists(path("elsewhere") / "gradient-norm-norm.csv"));
    }

    void aRunWithoutPointsSaysWhyThereIsNothingToExport()
    {
        const fs::path run = copyOfRun("empty");
        std::ofstream(run / "metrics.jsonl", std::ios::trunc).flush();
        setMessage(run, "The reason.");
        const Ended ended = losslab({"export", text("empty")});
        QCOMPARE(ended.code, 3);
        QVERIFY2(ended.error.contains("nothing to export") && ended.error.contains("The reason."),
                 qPrintable(ended.error));
        QVERIFY(!fs::exists(run / "charts"));
    }

    /// What there is of it is shown and exported all the same.
    void aPartThatCannotBeReadIsNoSuccess()
    {
        const fs::path run = copyOfRun("of another version");
        addLine(run, R"("kind":"unheard of","repeat":0)");
        const QString told =
            "A part of the run in “" + text("of another version") + "” could not be read: Line ";
        const Ended shown = losslab({"show", text("of another version")});
        QVERIFY2(shown.out.contains("Final loss"), qPrintable(shown.out));
        const Ended machines = losslab({"show", text("of another version"), "--json"});
        QVERIFY(!Json::parse(machines.out.toStdString())["figures"].empty());
        const Ended exported = losslab(
            {"export", text("of another version"), "--charts", "csv", "--out", text("what there is")});
        QVERIFY(fs::exists(path("what there is") / "gradient-norm-loss.csv"));
        for (const Ended &ended : {shown, machines, exported}) {
            QCOMPARE(ended.code, 3);
            QVERIFY2(ended.error.startsWith(told), qPrintable(ended.error));
            QCOMPARE(ended.error.count('\n'), 1);
        }
    }

    void aDamagedLineIsToldWithItsNumber()
    {
        const fs::path run = copyOfRun("damaged line");
        QByteArray journal = bytesOf(run / "metrics.jsonl");
        journal.insert(journal.indexOf('\n') + 1, "{\"seq\":2,"); // the second
        std::ofstream(run / "metrics.jsonl", std::ios::trunc) << journal.toStdString();
        for (const char *command : {"show", "export"}) {
            const Ended ended = losslab({command, text("damaged line")});
            QCOMPARE(ended.code, 3);
            QVERIFY2(
                ended.error.startsWith("A part of the run in “" + text("damaged line")
                                       + "” could not be read: Line 2 of metrics.jsonl is left out: it is "
                                         "damaged: "),
                qPrintable(ended.error));
            QVERIFY(!ended.out.isEmpty()); // the rest is there
        }
    }

    void controlCharactersOfARunAreNotPrinted()
    {
        const fs::path run = copyOfRun("coloured");
        setMessage(run, "\x1b]0;title\x07\nState    finished\u202e\u009b31m");
        const Ended people = losslab({"show", text("coloured")});
        QCOMPARE(people.code, 0);
        for (const char *written :
             {"\\u001b]0;title\\u0007\\u000aState    finished\\u202e\\u009b31m", "\\u001b[31mred"})
            QVERIFY2(people.out.contains(written), qPrintable(people.out));
        const Ended machines = losslab({"show", text("coloured"), "--json"});
        QVERIFY(Json::parse(machines.out.toStdString())["message"] == jsonOf(run / "run.json")["message"]);
        for (const Ended &ended : {people, machines, losslab({"show", text("no\x1b[31m\x07run")})})
            for (const QChar letter : ended.out + ended.error)
                QVERIFY2(letter == '\n' || letter.isPrint(), qPrintable(ended.out + ended.error));
    }

    void folderThatIsNoRunIsToldWithTheReason_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << "nothing"
                                 << "it has no run.json";
        QTest::newRow("pipe") << "pipe"
                              << "it is a pipe, not a file";
        QTest::newRow("device") << "device"
                                << "it is a device, not a file";
        QTest::newRow("circle") << "circle"
                                << "Could not look at";
    }
    void folderThatIsNoRunIsToldWithTheReason()
    {
        QFETCH(QString, what);
        QFETCH(QString, says);
        const std::string name = "no run " + what.toStdString();
        fs::create_directory(path(name));
        const fs::path file = path(name) / "run.json";
        if (what == "pipe")
            QCOMPARE(::mkfifo(file.c_str(), 0600), 0);
        else if (what != "nothing")
            fs::create_symlink(what == "device" ? "/dev/zero" : "run.json", file);
        for (const char *command : {"show", "export"}) {
            const Ended ended = losslab({command, text(name)});
            QCOMPARE(ended.code, 3);
            QVERIFY2(ended.error.contains(says), qPrintable(ended.error));
        }
    }

    /// Networks are made for the size there is.
    void imagesTooSmallForANetworkAreRefusedBeforeAFolderIsMade()
    {
        for (const auto &[name, side] : {std::pair("small", 8), std::pair("large", 32)}) {
            fs::create_directory(path(name));
            const std::size_t pixels =
                std::size_t{4} * static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
            const ImageSet images{4, side, side, std::vector<std::uint8_t>(pixels, 7), {0, 1, 2, 3}};
            for (const char *set : {"train", "t10k"})
                writeImages(path(name), set, images, 4);
        }
        const auto train = [&](const char *data, const char *out) {
            return losslab(
                {"run", "cnn-mnist", "--set", "epochs=1", "--data", text(data), "--out", text(out)});
        };
        const Ended small = train("small", "not made");
        QCOMPARE(small.code, 2);
        QVERIFY2(small.error.contains("cnn1: conv 20 4 after a map of 2 × 2 leaves nothing."),
                 qPrintable(small.error));
        QVERIFY(!fs::exists(path("not made")));
        const Ended large = train("large", "made");
        QVERIFY2(large.code == 0, qPrintable(large.error));
    }

    void aRunThatFailsAtOnceLeavesAndNamesNothing()
    {
        fs::copy(path("few-images"), path("spoiled"), fs::copy_options::recursive);
        std::ofstream sums(path("spoiled") / "SHA256SUMS"); // compared only when the set is read
        for (const auto &file : fs::directory_iterator(path("few-images")))
            sums << std::string(64, 'a') << "  " << file.path().filename().string() << '\n';
        sums.close();
        const Ended ended = losslab({"run", "cnn-mnist", "--preset", "quick", "--data", text("spoiled"),
                                     "--out", text("failed at once")});
        QCOMPARE(ended.code, 3);
        QCOMPARE(ended.out, QString());
        QVERIFY(!fs::exists(path("failed at once")));
    }
};

QTEST_GUILESS_MAIN(TestFolders)
#include "test_folders.moc"
