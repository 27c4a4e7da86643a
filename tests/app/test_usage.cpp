#include "programtest.h"

#include "base/device.h"
#include "experiments/registry.h"
#include "lab/runspec.h"

#include <QTest>
#include <fstream>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

/// What the program answers when it is asked, well or wrongly.
class TestUsage final : public ProgramTest
{
    Q_OBJECT

private Q_SLOTS:
    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("words");
        const QString folder = text("never-made");
        const QStringList run{"run", "gradient-norm", "--out", folder};
        QTest::newRow("command") << QStringList{"rnu"} << QStringList{"rnu", "Did you mean run"};
        QTest::newRow("help's command")
            << QStringList{"help", "rnu"} << QStringList{"losslab help takes one of", "Did you mean run"};
        QTest::newRow("program's option") << QStringList{"--jsno"} << QStringList{"--jsno", "--help"};
        QTest::newRow("option") << run + QStringList{"--sed", "1"} << QStringList{"--sed", "--seed"};
        QTest::newRow("no value") << run + QStringList{"--seed"} << QStringList{"--seed", "needs a value"};
        QTest::newRow("a word too many") << run + QStringList{"twice"} << QStringList{"twice"};
        QTest::newRow("no experiment") << QStringList{"run"} << QStringList{"EXPERIMENT", "gradient-norm"};
        QTest::newRow("experiment") << QStringList{"run", "gradiant-norm"}
                                    << QStringList{"did you mean gradient-norm? There are: "};
        QTest::newRow("preset") << run + QStringList{"--preset", "fast"}
                                << QStringList{"--preset", "report", "not “fast”"};
        QTest::newRow("a preset it lacks")
            << run + QStringList{"--preset", "quick"}
            << QStringList{"gradient-norm has no quick preset", "It has: report"};
        QTest::newRow("decimal comma in a setting")
            << run + QStringList{"--set", "lr=0,5"} << QStringList{"lr", "Write 0.5: decimals have a point."};
        QTest::newRow("more networks than widths")
            << QStringList{"run", "capacity", "--set", "largest=10", "--set", "models=40"}
            << QStringList{"models (“Number of networks”)", "at most 10"};
        QTest::newRow("more networks than batch sizes")
            << QStringList{"run", "sensitivity", "--set", "smallest=10", "--set", "largest=12"}
            << QStringList{"models (“Number of batch sizes”)", "at most 3"};
        const QStringList few{"run", "interpolation", "--data", text("few-images"), "--out", folder, "--set"};
        QTest::newRow("batches that are all of a small set")
            << few + QStringList{"small-batch=1200", "--set", "large-batch=5000"}
            << QStringList{"small-batch (“Pair a, first batch size”)", "has 1,200 images", "below 1,200"};
        QTest::newRow("and the other is the smaller one")
            << few + QStringList{"small-batch=60000", "--set", "large-batch=2000"}
            << QStringList{"large-batch (“Pair a, second batch size”)"};
        QTest::newRow("a pole between the samples")
            << QStringList{"run", "function-fit", "--set", "function=1/(x-0.3)"}
            << QStringList{"function", "grows without limit near x = 0.3."};
        QTest::newRow("setting's key")
            << run + QStringList{"--set", "hiden=3"} << QStringList{"hiden", "mean hidden? It has: "};
        QTest::newRow("setting's value")
            << run + QStringList{"--set", "points=many"} << QStringList{"points", "whole number", "many"};
        QTest::newRow("setting's range")
            << run + QStringList{"--set", "hidden=0"} << QStringList{"hidden", "from 1"};
        QTest::newRow("setting without =")
            << run + QStringList{"--set", "hidden"} << QStringList{"KEY=VALUE"};
        const QStringList fit{"run", "function-fit", "--set"};
        QTest::newRow("choice") << QStringList{"run", "cnn-mnist", "--set", "batch=many"}
                                << QStringList{"batch", "whole number"};
        QTest::newRow("function's name")
            << fit + QStringList{"function=sinq"} << QStringList{"function", "“sinq”", "Did you mean sinc?"};
        QTest::newRow("function") << fit + QStringList{"function=2*foo(x)"}
                                  << QStringList{"there are x, pi, e and functions such as sin",
                                                 "“foo” at character 3"};
        QTest::newRow("function's values")
            << fit + QStringList{"function=log(x)"} << QStringList{"function", "no value at x = -1."};
        QTest::newRow("interval") << fit + QStringList{"low=2"}
                                  << QStringList{"The interval is empty", "2 to 1"};
        QTest::newRow("seed") << run + QStringList{"--seed", "-1"}
                              << QStringList{"--seed", "whole number", "-1"};
        QTest::newRow("decimal comma") << run + QStringList{"--seed", "1,5"} << QStringList{"--seed", "1,5"};
        QTest::newRow("repeats") << run + QStringList{"--repeats", "0"} << QStringList{"--repeats", "from 1"};
        QTest::newRow("threads") << run + QStringList{"--threads", "two"} << QStringList{"--threads", "two"};
        QTest::newRow("device") << run + QStringList{"--device", "gpu"}
                                << QStringList{"--device", "cpu", "cuda"};
        QTest::newRow("data set") << run + QStringList{"--data", "fashion-mnits"}
                                  << QStringList{"--data", "mean fashion-mnist? There are"};
        QTest::newRow("format") << run + QStringList{"--charts", "png,jpg"}
                                << QStringList{"--charts", "jpg", "svg"};
        QTest::newRow("spread") << run + QStringList{"--spread", "mode"}
                                << QStringList{"--spread takes one of median, mean, seeds, not “mode”"};
        QTest::newRow("nearly a spread")
            << run + QStringList{"--spread", "medain"} << QStringList{"--spread", "Did you mean median?"};
        QTest::newRow("no run to show") << QStringList{"show"} << QStringList{"RUN-FOLDER"};
        QTest::newRow("no run to verify") << QStringList{"verify"} << QStringList{"RUN-FOLDER"};
        QTest::newRow("size") << QStringList{"export", folder, "--size", "big"}
                              << QStringList{"--size", "1600x1000"};
        QTest::newRow("width") << QStringList{"export", folder, "--size", "1x900"}
                               << QStringList{"--size", "200"};
        QTest::newRow("dpi") << QStringList{"export", folder, "--dpi", "fine"}
                             << QStringList{"--dpi", "fine"};
    }

    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, words);
        const Ended ended = losslab(arguments);
        QCOMPARE(ended.code, 2);
        QCOMPARE(ended.out, QString());
        for (const QString &word : words)
            QVERIFY2(ended.error.contains(word), qPrintable(word + " is not in: " + ended.error));
        QVERIFY2(!fs::exists(path("never-made")), "A refused run must leave no folder.");
    }

    void cudaIsRefusedWhereThereIsNone()
    {
        if (cudaAvailable())
            QSKIP("This machine has a GPU.");
        const Ended ended = runTiny("gradient-norm", "no-cuda", {"--device", "cuda"});
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.error.contains("CUDA"), qPrintable(ended.error));
        QVERIFY(!fs::exists(path("no-cuda")));
    }

    void everyCommandHasHelp()
    {
        const Ended all = losslab({"--help"});
        QCOMPARE(all.code, 0);
        for (const QString command : {"list", "run", "show", "export", "verify", "doctor"}) {
            QVERIFY2(all.out.contains(command), qPrintable(command));
            const Ended one = losslab({command, "--help"});
            QCOMPARE(one.code, 0);
            QVERIFY2(one.out.contains("losslab " + command), qPrintable(one.out));
            QCOMPARE(losslab({"help", command}).out, one.out);
        }
        QCOMPARE(losslab({"help"}).out, all.out);
        QVERIFY(losslab({"--version"}).out.startsWith("LossLab "));
    }

    void noDisplayIsToldInWords()
    {
        QProcessEnvironment bare = m_environment;
        for (const char *variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
            bare.remove(variable);
        std::swap(m_environment, bare);
        const Ended ended = losslab({});
        std::swap(m_environment, bare);
        QCOMPARE(ended.code, 3);
        QVERIFY2(ended.error.contains("no display"), qPrintable(ended.error));
    }

    void listTellsEveryDeclaration()
    {
        const Ended people = losslab({"list"});
        const Ended machines = losslab({"list", "--json"});
        QCOMPARE(people.code, 0);
        QVERIFY(people.out.contains("fashion-mnist"));
        QCOMPARE(machines.code, 0);
        const Json list = Json::parse(machines.out.toStdString());
        QCOMPARE(list.size(), registry().size());
        for (std::size_t i = 0; i < registry().size(); ++i) {
            const auto experiment = registry()[i]();
            QCOMPARE(list[i]["id"].get<std::string>(), experiment->info().id);
            QCOMPARE(list[i]["parameters"].size(), experiment->parameters().size());
            for (std::size_t p = 0; p < experiment->parameters().size(); ++p) {
                const ParameterInfo &info = experiment->parameters()[p]->info();
                QCOMPARE(list[i]["parameters"][p]["key"].get<std::string>(), info.key);
                QCOMPARE(list[i]["parameters"][p]["report"].is_string(),
                         std::holds_alternative<std::string>(info.report)
                             && info.kind->json(info.report).empty());
                QVERIFY(people.out.contains(QString::fromStdString(info.key)));
            }
            for (const Json &chart : list[i]["charts"])
                QVERIFY(people.out.contains(QString::fromStdString(chart["id"].get<std::string>())));
            QCOMPARE(list[i]["charts"].size(), experiment->chartsFor({}).size());
            QCOMPARE(list[i]["figures"].size(), experiment->figures().size());
        }
    }

    void foldersThatCannotBeUsed()
    {
        std::ofstream(path("a file")) << "not a folder";
        const Ended beneathFile = runTiny("gradient-norm", "a file/run");
        QCOMPARE(beneathFile.code, 3);
        QVERIFY2(beneathFile.error.contains("a file"), qPrintable(beneathFile.error));
        QCOMPARE(runTiny("gradient-norm", "taken", {"--charts", "csv"}).code, 0);
        const auto before = filesOf(path("taken"), {"*"});
        const Ended again = runTiny("gradient-norm", "taken", {"--charts", "csv", "--seed", "2"});
        QCOMPARE(again.code, 3);
        QVERIFY2(again.error.contains("taken"), qPrintable(again.error));
        QVERIFY2(before == filesOf(path("taken"), {"*"}), "A run must never write into another.");
        for (const char *command : {"show", "export", "verify"}) {
            const Ended nothing = losslab({command, text("no such run")});
            QCOMPARE(nothing.code, 3);
            QVERIFY2(nothing.error.contains("no such run"), qPrintable(nothing.error));
        }
    }

    void damagedData()
    {
        fs::copy(path("few-images"), path("damaged"));
        fs::resize_file(path("damaged") / "train-images-idx3-ubyte", 5000);
        const Ended ended =
            losslab({"run", "cnn-mnist", "--data", text("damaged"), "--out", text("damaged-run")});
        QCOMPARE(ended.code, 3);
        QVERIFY2(ended.error.contains("train-images-idx3-ubyte"), qPrintable(ended.error));

        const Ended missing =
            losslab({"run", "cnn-mnist", "--data", text("no folder"), "--out", text("missing-run")});
        QCOMPARE(missing.code, 3);
        QVERIFY2(missing.error.contains("no folder"), qPrintable(missing.error));
    }

    void doctorTellsWhatIsMissing()
    {
        const Ended well = losslab({"doctor"});
        QVERIFY2(well.code == 0, qPrintable(well.out));
        QVERIFY2(well.out.contains("mnist") && well.out.contains("60,000 training"), qPrintable(well.out));
        const QString kmnist = well.out.mid(well.out.indexOf("Data set kmnist"));
        QVERIFY2(kmnist.contains("--data kmnist downloads it, 21 MB"), qPrintable(well.out));

        std::ofstream(path("no home")) << "a file where a folder should be";
        const QProcessEnvironment usual = m_environment;
        m_environment.insert("LOSSLAB_HOME", text("no home"));
        const Ended ill = losslab({"doctor"});
        m_environment = usual;
        QCOMPARE(ill.code, 3);
        QVERIFY2(ill.out.contains("missing") && ill.out.contains("LOSSLAB_HOME"), qPrintable(ill.out));
    }
};

QTEST_GUILESS_MAIN(TestUsage)
#include "test_usage.moc"
