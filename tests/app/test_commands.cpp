#include "data/dataset.h"
#include "experiments/registry.h"
#include "lab/rundata.h"
#include "lab/runner.h"
#include "nn/device.h"
#include "store/runfolder.h"

#include <QDirIterator>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

using namespace losslab;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr int patience = 120000; // milliseconds

struct Ended
{
    int code = -1;
    QString out;
    QString error;
};

QByteArray bytesOf(const fs::path &file)
{
    QFile in(QString::fromStdString(file.string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

Json jsonOf(const fs::path &file)
{
    return Json::parse(bytesOf(file).toStdString());
}

/// Every file beneath the folder whose name ends like this, by its path in it.
std::map<QString, QByteArray> filesOf(const fs::path &folder, const QStringList &patterns)
{
    std::map<QString, QByteArray> files;
    const QString root = QString::fromStdString(folder.string());
    QDirIterator entries(root, patterns, QDir::Files, QDirIterator::Subdirectories);
    while (entries.hasNext()) {
        const QString file = entries.next();
        files[file.mid(root.size())] = bytesOf(file.toStdString());
    }
    return files;
}

/// Big-endian, as IDX has it.
void putNumber(std::ofstream &out, std::int64_t number)
{
    for (const int shift : {24, 16, 8, 0})
        out.put(static_cast<char>(number >> shift & 0xff));
}

/// The first `count` images of a set as a pair of IDX files.
void writeIdx(const fs::path &folder, const std::string &stem, const ImageSet &images, std::int64_t count)
{
    std::ofstream pixels(folder / (stem + "-images-idx3-ubyte"), std::ios::binary);
    for (const std::int64_t number : {std::int64_t{0x803}, count, images.rows, images.columns})
        putNumber(pixels, number);
    pixels.write(reinterpret_cast<const char *>(images.pixels.data()), count * images.rows * images.columns);
    std::ofstream labels(folder / (stem + "-labels-idx1-ubyte"), std::ios::binary);
    for (const std::int64_t number : {std::int64_t{0x801}, count})
        putNumber(labels, number);
    labels.write(reinterpret_cast<const char *>(images.labels.data()), count);
}

/// Few epochs of every loop there is: what a run leaves does not depend on how long it was.
std::vector<std::pair<std::string, Value>> tinySettings(const Experiment &experiment)
{
    std::vector<std::pair<std::string, Value>> settings;
    for (const Parameter *parameter : experiment.parameters())
        if (parameter->info().unit == "epochs")
            settings.emplace_back(parameter->info().key, std::int64_t{3});
    return settings;
}

void addEveryExperiment()
{
    QTest::addColumn<QString>("id");
    for (const ExperimentFactory make : registry()) {
        const std::string id = make()->info().id;
        QTest::addRow("%s", id.c_str()) << QString::fromStdString(id);
    }
}

} // namespace

/// The program as scripts use it.
class TestCommands final : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();

    fs::path path(const std::string &name) const { return fs::path(m_folder.path().toStdString()) / name; }
    QString text(const std::string &name) const { return QString::fromStdString(path(name).string()); }

    Ended losslab(const QStringList &arguments) const
    {
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.start(LOSSLAB_PROGRAM, arguments);
        process.waitForFinished(patience);
        const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
        return {code, QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    /// Runs an experiment's tiny settings into a folder of this name.
    Ended runTiny(const std::string &id, const std::string &name, const QStringList &more = {}) const
    {
        QStringList arguments{"run",    QString::fromStdString(id), "--preset", "quick",
                              "--data", text("few-images"),         "--out",    text(name)};
        for (const auto &[key, value] : tinySettings(**makeExperiment(id)))
            arguments += {"--set", QString::fromStdString(key + "=" + toText(value))};
        return losslab(arguments + more);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_environment.insert("LOSSLAB_HOME", text("home"));
        m_environment.remove("QT_QPA_PLATFORM");
        const auto mnist = loadDataset("mnist");
        QVERIFY2(mnist, mnist ? "" : mnist.error().message.c_str());
        fs::create_directory(path("few-images"));
        writeIdx(path("few-images"), "train", (*mnist)->train, 1200);
        writeIdx(path("few-images"), "t10k", (*mnist)->test, 300);
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("words");
        const QString folder = text("never-made");
        const QStringList run{"run", "gradient-norm", "--out", folder};
        QTest::newRow("command") << QStringList{"rnu"} << QStringList{"rnu", "Did you mean run"};
        QTest::newRow("program's option") << QStringList{"--jsno"} << QStringList{"--jsno", "--help"};
        QTest::newRow("option") << run + QStringList{"--sed", "1"} << QStringList{"--sed", "--seed"};
        QTest::newRow("no value") << run + QStringList{"--seed"} << QStringList{"--seed", "needs a value"};
        QTest::newRow("a word too many") << run + QStringList{"twice"} << QStringList{"twice"};
        QTest::newRow("no experiment") << QStringList{"run"} << QStringList{"EXPERIMENT", "gradient-norm"};
        QTest::newRow("experiment") << QStringList{"run", "gradiant-norm"} << QStringList{"gradient-norm"};
        QTest::newRow("preset") << run + QStringList{"--preset", "fast"}
                                << QStringList{"--preset", "report", "quick"};
        QTest::newRow("setting's key")
            << run + QStringList{"--set", "hiden=3"} << QStringList{"hiden", "mean hidden"};
        QTest::newRow("setting's value")
            << run + QStringList{"--set", "hidden=many"} << QStringList{"hidden", "whole number", "many"};
        QTest::newRow("setting's range")
            << run + QStringList{"--set", "hidden=0"} << QStringList{"hidden", "from 1"};
        QTest::newRow("setting without =")
            << run + QStringList{"--set", "hidden"} << QStringList{"KEY=VALUE"};
        QTest::newRow("choice") << QStringList{"run", "function-fit", "--set", "function=sinq"}
                                << QStringList{"function", "sinc", "square"};
        QTest::newRow("seed") << run + QStringList{"--seed", "-1"}
                              << QStringList{"--seed", "whole number", "-1"};
        QTest::newRow("decimal comma") << run + QStringList{"--seed", "1,5"} << QStringList{"--seed", "1,5"};
        QTest::newRow("repeats") << run + QStringList{"--repeats", "0"} << QStringList{"--repeats", "from 1"};
        QTest::newRow("threads") << run + QStringList{"--threads", "two"} << QStringList{"--threads", "two"};
        QTest::newRow("device") << run + QStringList{"--device", "gpu"}
                                << QStringList{"--device", "cpu", "cuda"};
        QTest::newRow("format") << run + QStringList{"--charts", "png,jpg"}
                                << QStringList{"--charts", "jpg", "svg"};
        QTest::newRow("no run to show") << QStringList{"show"} << QStringList{"RUN-FOLDER"};
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
        for (const QString command : {"list", "run", "show", "export", "doctor"}) {
            QVERIFY2(all.out.contains(command), qPrintable(command));
            const Ended one = losslab({command, "--help"});
            QCOMPARE(one.code, 0);
            QVERIFY2(one.out.contains("losslab " + command), qPrintable(one.out));
        }
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
                         info.kind == ParameterInfo::Kind::Choice);
                QVERIFY(people.out.contains(QString::fromStdString(info.key)));
            }
            for (const Json &chart : list[i]["charts"])
                QVERIFY(people.out.contains(QString::fromStdString(chart["id"].get<std::string>())));
            QCOMPARE(list[i]["charts"].size(), experiment->charts().size());
            QCOMPARE(list[i]["figures"].size(), experiment->figures().size());
        }
    }

    void runLeavesEverything_data() { addEveryExperiment(); }
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
            if (event.contains("chart"))
                ++points[event["chart"].get<std::string>()];
        }
        for (const Json &figure : jsonOf(path(name) / "summary.json")["figures"]) {
            models.insert(figure["model"].get<std::string>());
            QVERIFY(experiment->findFigure(figure["figure"].get<std::string>()));
        }
        QVERIFY(!models.empty());
        for (const std::string &model : models)
            for (const char *file : {"-init.safetensors", ".safetensors"})
                QVERIFY2(bytesOf(path(name) / "models" / (model + file)).size() > 100,
                         (model + file).c_str());
        for (const Chart *chart : experiment->charts()) {
            const std::string &chartId = chart->info().id;
            const QByteArray csv = bytesOf(path(name) / "charts" / (chartId + ".csv"));
            QVERIFY2(csv.startsWith("series,repeat,x,y,label"), chartId.c_str());
            QCOMPARE(static_cast<std::size_t>(csv.trimmed().count('\n')), points[chartId]);
            const QImage picture(text(name + "/charts/" + chartId + ".png"));
            QCOMPARE(picture.size(), QSize(1600, 1000));
            QVERIFY(bytesOf(path(name) / "charts" / (chartId + ".svg")).contains("<svg"));
        }
    }

    void oneSpecGivesOneResult_data() { addEveryExperiment(); }
    void oneSpecGivesOneResult()
    {
        QFETCH(QString, id);
        const std::string name = id.toStdString();
        QCOMPARE(runTiny(name, "first-" + name, {"--charts", "csv", "--seed", "5"}).code, 0);
        QCOMPARE(runTiny(name, "again-" + name, {"--charts", "csv", "--seed", "5"}).code, 0);
        QCOMPARE(runTiny(name, "other-" + name, {"--charts", "csv", "--seed", "6"}).code, 0);
        const QStringList results{"*.csv", "*.safetensors"};
        const auto first = filesOf(path("first-" + name), results);
        QVERIFY(first.size() >= 3);
        QVERIFY(first == filesOf(path("again-" + name), results));
        QVERIFY(first != filesOf(path("other-" + name), results));
    }

    /// The window drives the same Runner: what the command writes is what a Runner tells.
    void commandAndRunnerAgree_data() { addEveryExperiment(); }
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
        const auto runner = Runner::start(spec, {{}, path("few-images")});
        QVERIFY(runner);
        RunData data(*experiment);
        while (!isEnded(data.state()))
            for (const Event &event : (*runner)->waitTake(std::chrono::seconds(1)))
                data.apply(event);
        for (const ChartData &chart : data.charts()) {
            fs::create_directories(path("runner-" + name));
            const auto csv = writeChartCsv(chart, path("runner-" + name));
            QVERIFY(csv);
            QVERIFY2(bytesOf(*csv) == bytesOf(path("command-" + name) / "charts" / csv->filename()),
                     chart.id.c_str());
        }
    }

    void interruptKeepsEverything()
    {
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.start(LOSSLAB_PROGRAM, {"run", "function-fit", "--set", "function=square", "--set",
                                        "epochs=1000000", "--out", text("stopped"), "--charts", "csv"});
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(path("stopped") / "metrics.jsonl")
                                     && fs::file_size(path("stopped") / "metrics.jsonl") > 0,
                                 patience);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(patience));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);

        const auto record = readRun(path("stopped"));
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        QCOMPARE(record->state, RunState::Stopped);
        QVERIFY(record->data.findChart("loss")->find("deep"));
        const Ended shown = losslab({"show", text("stopped")});
        QCOMPARE(shown.code, 0);
        QVERIFY2(shown.out.contains("stopped"), qPrintable(shown.out));
        QVERIFY(bytesOf(path("stopped") / "charts" / "loss.csv").contains("deep,0,1,"));
    }

    void showPutsThePublishedValueBeside()
    {
        QCOMPARE(runTiny("cnn-mnist", "shown", {"--charts", "csv"}).code, 0);
        const Ended people = losslab({"show", text("shown")});
        QCOMPARE(people.code, 0);
        QVERIFY2(people.out.contains("98.72 %"), qPrintable(people.out));
        QVERIFY2(people.out.contains("24330"), qPrintable(people.out));
        const Ended machines = losslab({"show", text("shown"), "--json"});
        QCOMPARE(machines.code, 0);
        const Json run = Json::parse(machines.out.toStdString());
        QCOMPARE(run["state"].get<std::string>(), std::string("finished"));
        const auto figure = std::find_if(run["figures"].begin(), run["figures"].end(), [](const Json &one) {
            return one["model"] == "cnn1" && one["figure"] == "test-accuracy";
        });
        QVERIFY(figure != run["figures"].end());
        QCOMPARE((*figure)["published"].get<double>(), 0.9872);
        QVERIFY((*figure)["value"].get<double>() <= 1);
    }

    void exportWritesWhatIsAskedFor()
    {
        QCOMPARE(runTiny("gradient-norm", "exported", {"--charts", "csv"}).code, 0);
        const Ended one = losslab({"export", text("exported"), "--chart", "norm", "--charts", "png", "--size",
                                   "1004x591", "--dpi", "300", "--out", text("figures/of mine")});
        QVERIFY2(one.code == 0, qPrintable(one.error));
        QCOMPARE(one.out.trimmed(), text("figures/of mine/norm.png"));
        QCOMPARE(filesOf(path("figures"), {"*"}).size(), std::size_t{1});
        QCOMPARE(QImage(one.out.trimmed()).size(), QSize(1004, 591));

        const QByteArray csv = bytesOf(path("exported") / "charts" / "loss.csv");
        QCOMPARE(losslab({"export", text("exported"), "--charts", "csv", "--out", text("csv")}).code, 0);
        QVERIFY(!csv.isEmpty());
        QCOMPARE(bytesOf(path("csv") / "loss.csv"), csv);

        const Ended unknown = losslab({"export", text("exported"), "--chart", "nrom"});
        QCOMPARE(unknown.code, 2);
        QVERIFY2(unknown.error.contains("Did you mean norm"), qPrintable(unknown.error));
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
        for (const char *command : {"show", "export"}) {
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
        QCOMPARE(jsonOf(path("comma") / "run.json")["spec"], jsonOf(path("point") / "run.json")["spec"]);
        if (!made)
            QSKIP("localedef has no fr_FR here, so this has run in the locale that there is.");
    }

    void doctorTellsWhatIsMissing()
    {
        const Ended well = losslab({"doctor"});
        QVERIFY2(well.code == 0, qPrintable(well.out));
        QVERIFY2(well.out.contains("mnist") && well.out.contains("60000"), qPrintable(well.out));

        std::ofstream(path("no home")) << "a file where a folder should be";
        const QProcessEnvironment usual = m_environment;
        m_environment.insert("LOSSLAB_HOME", text("no home"));
        const Ended ill = losslab({"doctor"});
        m_environment = usual;
        QCOMPARE(ill.code, 3);
        QVERIFY2(ill.out.contains("missing") && ill.out.contains("LOSSLAB_HOME"), qPrintable(ill.out));
    }
};

QTEST_GUILESS_MAIN(TestCommands)
#include "test_commands.moc"
