#include "programtest.h"

#include <QRegularExpression>
#include <QScopeGuard>
#include <QTest>
#include <fstream>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

void writeBytes(const fs::path &file, const QByteArray &bytes)
{
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes.toStdString();
}

} // namespace

/// losslab verify.
class TestVerifyCommand : public ProgramTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const Ended ended = runTiny("function-fit", "run", {"--charts", "csv"});
        QVERIFY2(ended.code == 0, qPrintable(ended.error));
    }

    void aSoundRunIsToldInALine()
    {
        const Ended ended = losslab({"verify", text("run")});
        QVERIFY2(ended.code == 0, qPrintable(ended.out + ended.error));
        QCOMPARE(ended.error, QString());
        QCOMPARE(ended.out.count('\n'), 1);
        const QRegularExpression said(
            "^All is as it was written: run\\.json, [\\d,]+ lines of metrics\\.jsonl, "
            "summary\\.json, 6 models, \\d+ checkpoints and 2 CSV files\\. The run: "
            "finished\\.\n$");
        QVERIFY2(said.match(ended.out).hasMatch(), qPrintable(ended.out));
        const Json json = Json::parse(losslab({"verify", text("run"), "--json"}).out.toStdString());
        QVERIFY(json["sound"] == true);
        QVERIFY(json["findings"].empty());
        QVERIFY(json["checked"]["models"].size() == 6);
    }

    void whatIsWrongIsNamedAndEndsWithThree()
    {
        fs::copy(path("run"), path("edited"), fs::copy_options::recursive);
        const fs::path journal = path("edited") / "metrics.jsonl";
        QByteArray lines = bytesOf(journal);
        const auto third = lines.indexOf("\"y\":", lines.indexOf('\n', lines.indexOf('\n') + 1)) + 4;
        lines[third] = lines[third] == '1' ? '2' : '1';
        writeBytes(journal, lines);
        fs::remove(path("edited") / "models" / "deep.safetensors");
        const Ended ended = losslab({"verify", text("edited")});
        QCOMPARE(ended.code, 3);
        QVERIFY2(ended.out.startsWith("Line 3 of metrics.jsonl is damaged: "), qPrintable(ended.out));
        QVERIFY2(ended.out.contains("\nmodels/deep.safetensors is missing.\n"), qPrintable(ended.out));
        QCOMPARE(ended.error.count('\n'), 1);
        QVERIFY2(ended.error.contains("is not as it was written"), qPrintable(ended.error));
        const Ended machines = losslab({"verify", text("edited"), "--json"});
        QCOMPARE(machines.code, 3);
        const Json json = Json::parse(machines.out.toStdString());
        QVERIFY(json["sound"] == false);
        QVERIFY(json["findings"][0]["file"] == "metrics.jsonl");
        QVERIFY(json["findings"][0]["line"] == 3);
    }

    void picturesAreNotChecked()
    {
        fs::copy(path("run"), path("drawn"), fs::copy_options::recursive);
        QCOMPARE(losslab({"export", text("drawn"), "--charts", "png"}).code, 0);
        const Ended ended = losslab({"verify", text("drawn")});
        QCOMPARE(ended.code, 0);
        QVERIFY2(ended.out.endsWith("\nThe pictures in charts are not checked.\n"), qPrintable(ended.out));
    }

    void aRunOnItsWayIsCheckedAsFarAsItIs()
    {
        QProcess process;
        QVERIFY(startLong(process, "on its way"));
        const auto end = qScopeGuard([&] {
            process.kill();
            process.waitForFinished(patience);
        });
        for (int i = 0; i < 3; ++i) {
            const Ended ended = losslab({"verify", text("on its way")});
            QVERIFY2(ended.code == 0, qPrintable(ended.out + ended.error));
            QVERIFY2(ended.out.contains("The run: running."), qPrintable(ended.out));
        }
    }

    void whereThereIsNoRunThatIsTold()
    {
        QVERIFY(losslab({"verify", text("few-images")}).error.contains("it has no run.json"));
        QCOMPARE(losslab({"verify", text("few-images")}).code, 3);
        QCOMPARE(losslab({"verify"}).code, 2);
    }
};

QTEST_GUILESS_MAIN(TestVerifyCommand)
#include "test_verifycommand.moc"
