#include "programtest.h"

#include "base/platform.h"
#include "experiments/registry.h"
#include "lab/rundata.h"
#include "runs/csv.h"
#include "runs/export.h"
#include "runs/journalline.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "tests/everyexperiment.h"
#include "tests/runtoend.h"

#include <QImage>
#include <QRegularExpression>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <fstream>
#include <set>
#include <sstream>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

/// What runs leave behind, and what show and export make of it.
class TestRuns final : public ProgramTest
{
    Q_OBJECT

private Q_SLOTS:
    void runLeavesEverything_data() { test::everyExperiment(); }
    void runLeavesEverything()
    {
        QFETCH(QString, id);
        const std::string name = "whole-" + id.toStdString();
        const Ended ended = runTiny(id.toStdString(), name, {"--charts", "png,svg,csv"});
        QVERIFY2(ended.code == 0, qPrintable(ended.error));
        QCOMPARE(ended.out.trimmed().section('\n', -1), text(name));

        const auto experiment = *makeExperiment(id.toStdString());
        const Json run = jsonOf(path(name) / "run.json");
        QCOMPARE(run["state"].get<std::string>(), std::string("finished"));
        QCOMPARE(run["spec"]["parameters"].size(), experiment->parameters().size());
        for (const auto &[key, value] : tinySettings(*experiment))
            QCOMPARE(run["spec"]["parameters"][key].get<std::int64_t>(), std::get<std::int64_t>(value));

        std::map<std::string, std::size_t> points;
        std::set<std::string> models;
        for (const QByteArray &line : bytesOf(path(name) / "metrics.jsonl").trimmed().split('\n')) {
            const Json event = Json::parse(line.toStdString());
            if (event.contains("x"))
                ++points[event["chart"].get<std::string>()];
        }
        const Json summary = jsonOf(path(name) / "summary.json");
        for (const Json &figure : summary["figures"]) {
            if (figure["figure"] == "parameters") // other figures may be of all models together
                models.insert(figure["model"].get<std::string>());
            QVERIFY(experiment->findFigure(figure["figure"].get<std::string>()));
        }
        QVERIFY(!models.empty());
        for (const std::string &model : models)
            for (const char *file : {"-init.safetensors", ".safetensors"})
                QVERIFY2(bytesOf(path(name) / "models" / (model + file)).size() > 100,
                         (model + file).c_str());
        for (const ChartInfo &chart : experiment->chartsFor({})) {
            const std::string &chartId = chart.id;
            const std::string stem = experiment->info().id + '-' + chartId;
            const QByteArray csv = bytesOf(path(name) / "charts" / (stem + ".csv"));
            QVERIFY2(csv.startsWith("series,repeat,x,y,label"), chartId.c_str());
            QCOMPARE(static_cast<std::size_t>(csv.trimmed().count('\n')), points[chartId]);
            const QImage picture(text(name + "/charts/" + stem + ".png"));
            QCOMPARE(picture.size(), QSize(1600, 1000));
            QVERIFY(bytesOf(path(name) / "charts" / (stem + ".svg")).contains("<svg"));
        }
        const RunData declared(*experiment);
        for (const ChartStack &stack : stacksOf(declared))
        { // charts that share their x axis are one figure, too
            const std::string file =
                name + "/charts/" + experiment->info().id + '-' + figureId(stack) + ".png";
            QCOMPARE(QImage(text(file)).size(), QSize(1600, 1000 * static_cast<int>(stack.size())));
        }
    }

    void remarksAreToldBesideTheFigures()
    {
        const Ended ended = runTiny("function-fit", "remarked", {"--repeats", "2", "--charts", "none"});
        QVERIFY2(ended.code == 0, qPrintable(ended.error));
        for (const QString &told : {ended.out, losslab({"show", text("remarked")}).out}) {
            QVERIFY2(told.contains("\nconverged: deep 0 of 2, middle 0 of 2, shallow 0 of 2.\n"),
                     qPrintable(told));
            QVERIFY2(told.contains(QRegularExpression("shallow +Epochs trained +converged 0 of 2")),
                     qPrintable(told));
        }
        const Json shown = Json::parse(losslab({"show", text("remarked"), "--json"}).out.toStdString());
        QCOMPARE(shown["remarks"].size(), std::size_t(6));
        QCOMPARE(shown["remarks"][0]["training"].get<std::string>(), std::string("not-converged"));
    }

    /// "few-images" has 1200.
    void whatAChartSaysIsToldByTheCommandToo()
    {
        const Ended ended = runTiny("random-labels", "fewer", {"--set", "images=3000", "--charts", "none"});
        QVERIFY2(ended.code == 0, qPrintable(ended.error));
        const QString told = "\nLoss, Accuracy: all 1,200 training images: the set has no 3,000.\n";
        for (const QString &said : {ended.out, losslab({"show", text("fewer")}).out})
            QVERIFY2(said.contains(told), qPrintable(said));
        const Json shown = Json::parse(losslab({"show", text("fewer"), "--json"}).out.toStdString());
        QCOMPARE(shown["annotations"].size(), std::size_t{2});
        QCOMPARE(shown["annotations"][0]["chart"].get<std::string>(), std::string("loss"));
    }

    void moreThreadsThanCoresAreTold()
    {
        const Ended ended = runTiny("gradient-norm", "threads", {"--threads", "1024", "--charts", "none"});
        QVERIFY2(ended.code == 0, qPrintable(ended.error));
        if (platform::cpuCount() >= 1024)
            QSKIP("This machine has as many cores.");
        QVERIFY2(ended.error.contains("not the 1,024 threads asked for"), qPrintable(ended.error));
        QCOMPARE(jsonOf(path("threads") / "run.json")["spec"]["threads"].get<int>(), platform::cpuCount());
        QVERIFY(!runTiny("gradient-norm", "one thread", {"--threads", "1", "--charts", "none"})
                     .error.contains("threads"));
    }

    void aRunThatIsCutShortIsShownAsSuch()
    {
        QCOMPARE(runTiny("function-fit", "cut", {"--charts", "none"}).code, 0);
        const std::filesystem::path journal = path("cut") / "metrics.jsonl";
        const QByteArray lines = bytesOf(journal);
        std::filesystem::resize_file(journal, static_cast<std::uintmax_t>(lines.indexOf('\n') + 1));
        const Ended shown = losslab({"show", text("cut")});
        QCOMPARE(shown.code, 3);
        QVERIFY2(shown.out.contains("State    finished, but part of it cannot be read\n"),
                 qPrintable(shown.out));
        QVERIFY2(shown.out.contains("ends after 1 of its "), qPrintable(shown.out));
        QVERIFY2(shown.out.contains("No figures: none of them can be read."), qPrintable(shown.out));
        const Json json = Json::parse(losslab({"show", text("cut"), "--json"}).out.toStdString());
        QCOMPARE(json["unread"].size(), std::size_t(1));
    }

    void oneSpecGivesOneResult_data() { test::everyExperiment(); }
    void oneSpecGivesOneResult()
    {
        QFETCH(QString, id);
        const std::string name = id.toStdString();
        QCOMPARE(runTiny(name, "first-" + name, {"--charts", "csv", "--seed", "5"}).code, 0);
        QCOMPARE(runTiny(name, "again-" + name, {"--charts", "csv", "--seed", "5"}).code, 0);
        QCOMPARE(runTiny(name, "other-" + name, {"--charts", "csv", "--seed", "6"}).code, 0);
        const QStringList results{"*.csv", "*.safetensors", "summary.json"};
        const auto first = filesOf(path("first-" + name), results);
        QVERIFY(first.size() >= 3);
        QVERIFY(first == filesOf(path("again-" + name), results));
        QVERIFY(first != filesOf(path("other-" + name), results));
    }

    /// The window drives the same Runner: what the command writes is what a Runner tells.
    void commandAndRunnerAgree_data() { test::everyExperiment(); }
    void commandAndRunnerAgree()
    {
        QFETCH(QString, id);
        const std::string name = id.toStdString();
        QCOMPARE(runTiny(name, "command-" + name, {"--charts", "csv", "--seed", "3", "--repeats", "2"}).code,
                 0);

        const auto experiment = *makeExperiment(name);
        RunSpec spec = makeSpec(*experiment, Preset::Quick);
        for (const auto &[key, value] : tinySettings(*experiment))
            *spec.find(key) = value;
        spec.seed = 3;
        spec.repeats = 2;
        spec.data = path("few-images").string();
        const auto runner = Runner::start(spec, {});
        QVERIFY(runner);
        RunData data(*experiment);
        test::runToEnd(**runner, data);
        const auto fileOf = [&](const std::string &id) {
            return exportFileName(experiment->info().id, id, ExportFormat::Csv);
        };
        for (const ChartData &chart : data.charts()) {
            const fs::path csv = path("command-" + name) / "charts" / fileOf(chart.id);
            QVERIFY2(bytesOf(csv).toStdString() == chartCsv(chart), chart.id.c_str());
        }
        for (const TableData &table : data.tables()) {
            const fs::path csv = path("command-" + name) / "tables" / fileOf(table.id);
            QVERIFY2(bytesOf(csv).toStdString() == tableCsv(table), table.id.c_str());
        }
    }

    void aFunctionOfOnesOwnIsKept()
    {
        const QString function = "x < 0 ? -x : x^2";
        QCOMPARE(runTiny("function-fit", "own",
                         {"--charts", "csv", "--set", "function=" + function, "--set", "low=-2", "--set",
                          "high=1.5"})
                     .code,
                 0);
        QCOMPARE(jsonOf(path("own") / "run.json")["spec"]["parameters"]["function"].get<std::string>(),
                 function.toStdString());
        const auto record = readRun(path("own"));
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        QCOMPARE(toText(*record->spec.find("function")), function.toStdString());
        QCOMPARE(std::get<double>(*record->spec.find("low")), -2.0);
        const Ended shown = losslab({"show", text("own")});
        QVERIFY2(shown.out.contains("function " + function + ", lowest x -2, highest x 1.5"),
                 qPrintable(shown.out));
        QVERIFY2(!shown.out.contains("18,950"), "What is published is of another function.");
    }

    void interruptKeepsEverything_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl+C") << SIGINT;
        QTest::newRow("a batch system") << SIGTERM;
        QTest::newRow("a connection that breaks off") << SIGHUP;
    }
    void interruptKeepsEverything()
    {
        QFETCH(int, signal);
        const std::string name = "stopped-" + std::to_string(signal);
        std::signal(signal, SIG_DFL); // it would stay ignored in the program, too, as under nohup
        QProcess process;
        QVERIFY2(startLong(process, name, {"--charts", "csv"}), process.readAllStandardError());
        ::kill(static_cast<pid_t>(process.processId()), signal);
        QVERIFY(process.waitForFinished(patience));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
        const QString goOn = "losslab resume " + text(name);
        const QString said = QString::fromUtf8(process.readAllStandardError());
        QVERIFY2(said.contains("To go on: " + goOn + "\n"), qPrintable(said));

        const auto record = readRun(path(name));
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        QCOMPARE(record->state, RunState::Stopped);
        const std::size_t points = record->data.findChart("loss")->find("deep")->repeats.at(0).x.size();
        const QByteArray csv = bytesOf(path(name) / "charts" / "function-fit-loss.csv");
        QCOMPARE(static_cast<std::size_t>(csv.count("\ndeep,")), points);
        const Ended shown = losslab({"show", text(name)});
        QCOMPARE(shown.code, 0);
        QVERIFY2(shown.out.contains("stopped"), qPrintable(shown.out));
        QCOMPARE(losslab({"export", text(name), "--chart", "loss", "--charts", "svg"}).code, 0);
        QVERIFY(bytesOf(path(name) / "charts" / "function-fit-loss.svg")
                    .contains("not finished")); // no picture of a whole run
    }

    /// Whatever is asked, the run's table, show and summary.json say the same of published values.
    void publishedValuesStandBesideWhatTheyHoldFor()
    {
        const Ended run =
            runTiny("gradient-norm", "as-published", {"--preset", "report", "--set", "epochs=3000"});
        QVERIFY2(run.out.contains("1,650–1,750") && run.out.contains("0.01–0.02"), qPrintable(run.out));
        QVERIFY2(run.out.contains("Published: a student's report"), qPrintable(run.out));
        QVERIFY2(!run.out.contains("No published value"), qPrintable(run.out));
        QVERIFY(losslab({"show", text("as-published")}).out.contains("1,650–1,750"));
        const Json shown = Json::parse(losslab({"show", text("as-published"), "--json"}).out.toStdString());
        QCOMPARE(shown["state"].get<std::string>(), std::string("finished"));
        const auto epochs = std::find_if(shown["figures"].begin(), shown["figures"].end(),
                                         [](const Json &one) { return one["figure"] == "epochs"; });
        QVERIFY(epochs != shown["figures"].end());
        QCOMPARE((*epochs)["published"].get<double>(), 1650.0);
        QCOMPARE((*epochs)["publishedUpTo"].get<double>(), 1750.0);
        QVERIFY(shown["publishedBy"].get<std::string>().starts_with("a student's report"));
        QVERIFY(!shown.contains("publishedNote"));
        const Json summary = jsonOf(path("as-published") / "summary.json");
        for (const char *key : {"figures", "publishedBy"})
            QVERIFY2(shown[key] == summary[key], key);
        QVERIFY(losslab({"list", "--json"}).out.contains("\"publishedUpTo\": 1750"));
    }

    void publishedValuesOfOtherSettingsAreLeftOutWithTheReason()
    {
        const std::string reason = "data few-images instead of mnist, training 1 epoch instead of 15";
        const Ended run = runTiny("cnn-mnist", "unlike", {"--charts", "csv", "--set", "epochs=1"});
        QCOMPARE(run.code, 0);
        for (const Ended &told : {run, losslab({"show", text("unlike")})}) {
            QVERIFY2(!told.out.contains("98.72 %"), qPrintable(told.out));
            QVERIFY2(told.out.contains(QString::fromStdString(reason)), qPrintable(told.out));
        }
        const Json shown = Json::parse(losslab({"show", text("unlike"), "--json"}).out.toStdString());
        const Json summary = jsonOf(path("unlike") / "summary.json");
        for (const Json &json : {shown, summary}) {
            QVERIFY(json["publishedNote"].get<std::string>().find(reason) != std::string::npos);
            for (const Json &figure : json["figures"]) {
                QVERIFY(!figure.contains("published"));
                if (figure["figure"] == "test-accuracy")
                    QVERIFY(figure["value"].get<double>() <= 1);
            }
        }
    }

    /// The plot has its room, or nothing is written and the least size is told.
    void exportOfPicturesWithoutRoomIsRefused()
    {
        QCOMPARE(runTiny("gradient-norm", "roomy", {"--charts", "none"}).code, 0);
        for (const auto &[size, dpi] :
             {std::pair("300x200", "600"), std::pair("200x200", "2400"), std::pair("200x200", "300")})
        {
            const Ended refused = losslab({"export", text("roomy"), "--charts", "png", "--size", size,
                                           "--dpi", dpi, "--out", text("pictures")});
            QCOMPARE(refused.code, 2);
            QVERIFY(!std::filesystem::exists(path("pictures")));
            static const QRegularExpression least("at least (\\d+) × (\\d+) pixels");
            const auto needed = least.match(refused.error);
            QVERIFY2(needed.hasMatch(), qPrintable(refused.error));
            static const QRegularExpression most("at most (\\d+) dpi");
            const auto fewer = most.match(refused.error); // told where --dpi takes it
            QVERIFY2(!fewer.hasMatch() || fewer.captured(1).toInt() >= 30, qPrintable(refused.error));
            const Ended taken = losslab({"export", text("roomy"), "--charts", "png", "--size",
                                         needed.captured(1) + 'x' + needed.captured(2), "--dpi", dpi, "--out",
                                         text("pictures")});
            QCOMPARE(taken.code, 0);
            std::filesystem::remove_all(path("pictures"));
        }
        QCOMPARE(losslab({"export", text("roomy"), "--charts", "csv", "--size", "300x200", "--dpi", "600",
                          "--out", text("values")})
                     .code,
                 0); // values need no room
    }

    /// Two values of which a double is next to the other once made ticks without end.
    void exportOfOneValueAndTheNextEnds()
    {
        QCOMPARE(runTiny("gradient-norm", "flat", {"--charts", "none"}).code, 0);
        const std::filesystem::path journal = path("flat") / "metrics.jsonl";
        std::istringstream lines(bytesOf(journal).toStdString());
        std::string changed;
        static const QRegularExpression y("\"y\":[-+.e0-9]+");
        for (std::string line; std::getline(lines, line);) {
            JournalLine parts;
            QVERIFY(readJournalLine(line, parts));
            QString fields =
                QString::fromUtf8(parts.fields.data(), static_cast<qsizetype>(parts.fields.size()));
            fields.replace(y, parts.number % 2 == 0 ? "\"y\":1" : "\"y\":1.0000000000000002");
            appendJournalLine(changed, parts.number, fields.toStdString());
        }
        std::ofstream(journal, std::ios::trunc) << changed;
        const Ended ended = losslab({"export", text("flat"), "--charts", "png,svg"});
        QVERIFY2(ended.code == 0, qPrintable(ended.error));
        QCOMPARE(ended.out.trimmed().split('\n').size(), 6); // two charts and one figure of both
    }

    void exportWritesWhatIsAskedFor()
    {
        QCOMPARE(runTiny("gradient-norm", "exported", {"--charts", "csv"}).code, 0);
        const Ended one = losslab({"export", text("exported"), "--chart", "norm", "--charts", "png", "--size",
                                   "1004x591", "--dpi", "300", "--out", text("figures/of mine")});
        QVERIFY2(one.code == 0, qPrintable(one.error));
        QCOMPARE(one.out.trimmed(), text("figures/of mine/gradient-norm-norm.png"));
        QCOMPARE(filesOf(path("figures"), {"*"}).size(), std::size_t{1});
        QCOMPARE(QImage(one.out.trimmed()).size(), QSize(1004, 591));

        const Ended figure =
            losslab({"export", text("exported"), "--chart", "norm+loss", "--charts", "png,csv", "--size",
                     "1004x591", "--dpi", "300", "--out", text("one figure")});
        QVERIFY2(figure.code == 0, qPrintable(figure.error));
        QCOMPARE(filesOf(path("one figure"), {"*"}).size(), std::size_t{3}); // as CSV it is its charts
        QCOMPARE(QImage(text("one figure/gradient-norm-norm+loss.png")).size(), QSize(1004, 2 * 591));

        const QByteArray csv = bytesOf(path("exported") / "charts" / "gradient-norm-loss.csv");
        QCOMPARE(losslab({"export", text("exported"), "--charts", "csv", "--out", text("csv")}).code, 0);
        QVERIFY(!csv.isEmpty());
        QCOMPARE(bytesOf(path("csv") / "gradient-norm-loss.csv"), csv);

        const Ended unknown = losslab({"export", text("exported"), "--chart", "nrom"});
        QCOMPARE(unknown.code, 2);
        QVERIFY2(unknown.error.contains("Did you mean norm"), qPrintable(unknown.error));
        const Ended reversed = losslab({"export", text("exported"), "--chart", "loss+norm"});
        QCOMPARE(reversed.code, 2);
        QVERIFY2(reversed.error.contains("norm+loss"), qPrintable(reversed.error));
    }

    void namesOfAllKinds()
    {
        const Ended ended = runTiny("gradient-norm", "Läufe für 深度/mein Lauf ±1");
        QVERIFY2(ended.code == 0, qPrintable(ended.error));
        QCOMPARE(ended.out.trimmed().section('\n', -1), text("Läufe für 深度/mein Lauf ±1"));
        QCOMPARE(losslab({"show", text("Läufe für 深度/mein Lauf ±1")}).code, 0);
    }

    /// In a country of decimal commas the files are the same, to the byte.
    void decimalPointsInEveryLocale()
    {
        fs::create_directory(path("locales"));
        const bool made =
            QProcess::execute("localedef", {"-i", "fr_FR", "-f", "UTF-8", text("locales/fr_FR.UTF-8")}) == 0;
        QCOMPARE(runTiny("gradient-norm", "point").code, 0);
        const QProcessEnvironment usual = m_environment;
        m_environment.insert("LC_ALL", "fr_FR.UTF-8");
        if (made)
            m_environment.insert("LOCPATH", text("locales"));
        const Ended ended = runTiny("gradient-norm", "comma", {"--set", "lr=0.001"});
        const Ended shown = losslab({"show", text("comma")});
        m_environment = usual;
        QVERIFY2(ended.code == 0, qPrintable(ended.error));
        QCOMPARE(shown.code, 0);
        QVERIFY2(shown.out.contains("lr = 0.001"), qPrintable(shown.out));
        QVERIFY(filesOf(path("comma"), {"*.csv"}) == filesOf(path("point"), {"*.csv"}));
        QVERIFY(jsonOf(path("comma") / "run.json")["spec"] == jsonOf(path("point") / "run.json")["spec"]);
        if (!made)
            QSKIP("localedef has no fr_FR here, so this has run in the locale that there is.");
    }
};

QTEST_GUILESS_MAIN(TestRuns)
#include "test_runs.moc"
