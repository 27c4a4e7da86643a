#include "base/sha256.h"
#include "data/catalogue.h"
#include "data/datafiles.h"
#include "data/dataset.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "gzip.h"
#include "httpsserver.h"
#include "lab/rundata.h"
#include "runs/runner.h"
#include "tests/idxfiles.h"
#include "tests/runtoend.h"
#include "tests/shortsettings.h"

#include <QTest>
#include <memory>
#include <nlohmann/json.hpp>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

/// A run whose data set is one of the catalogue's that this machine does not have.
class TestDownloadRun : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<TemporaryFolder> m_home;
    std::map<std::string, std::string> m_files;
    std::string m_experiment;

    /// A catalogue of one set, “tiny”, in the folder that comes first.
    void writeCatalogue(const std::string &url, const std::string &packageFolder = "/nowhere")
    {
        Json files = Json::array();
        for (const auto &[name, content] : m_files)
            files.push_back({{"name", name}, {"size", content.size()}, {"sha256", sha256(content)}});
        const Json tiny{{"id", "tiny"},
                        {"title", "Tiny"},
                        {"about", "Few digits."},
                        {"licence", "MIT"},
                        {"source", "x"},
                        {"cite", "y"},
                        {"format", "idx"},
                        {"classes", {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
                        {"trainingImages", 300},
                        {"channels", 1},
                        {"rows", 28},
                        {"columns", 28},
                        {"urls", {url}},
                        {"files", files},
                        {"package", {{"name", "dataset-tiny"}, {"folder", packageFolder}}}};
        write(*m_home / "catalogue.json", Json{{"format", 2}, {"datasets", {tiny}}}.dump());
    }

    RunSpec tinySpec() const
    {
        const auto experiment = std::move(*makeExperiment(m_experiment));
        RunSpec spec = makeSpec(*experiment, Preset::Quick);
        takeImages(spec, *experiment);
        shorten(spec, *experiment, 1);
        spec.device = Device::Cpu;
        spec.data = "tiny";
        return spec;
    }

    /// All that a run says; `see` may look at the run as it goes.
    RunData runToItsEnd(const RunnerOptions &options, std::vector<std::string> &progress,
                        const std::function<void(Runner &, const std::string &)> &see = {})
    {
        RunData data(**makeExperiment(m_experiment));
        auto runner = Runner::start(tinySpec(), options);
        if (runner)
            test::runToEnd(**runner, data, [&](const Event &event) {
                if (const auto *told = std::get_if<ProgressEvent>(&event)) {
                    progress.push_back(told->text);
                    if (see)
                        see(**runner, told->text);
                }
            });
        return data;
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const ExperimentFactory make : registry())
            if (const auto experiment = make(); experiment->info().needsImages && m_experiment.empty())
                m_experiment = experiment->info().id;
        const auto mnist = loadDataset("mnist");
        VERIFY_RESULT(mnist);
        const TemporaryFolder plain;
        writeImages(plain.path(), "train", (*mnist)->train, 300);
        writeImages(plain.path(), "t10k", (*mnist)->test, 100);
        for (const std::string_view name : dataFileNames)
            m_files[std::string(name) + ".gz"] = gzip(read(plain / name));
    }

    void init()
    {
        m_home = std::make_unique<TemporaryFolder>();
        const QByteArray folder = QByteArray::fromStdString(m_home->path().string());
        qputenv("LOSSLAB_HOME", folder);
        qputenv("LOSSLAB_DATA", folder);
    }

    void theSetIsDownloadedOnceAndKnownInTheRun()
    {
        HttpsServer server(
            [&](Exchange &exchange) { exchange.replyFile(m_files.at(exchange.path.substr(1))); });
        writeCatalogue(server.url());
        std::vector<std::string> progress;
        for (const char *name : {"first", "second"}) {
            const RunData data = runToItsEnd({.folder = *m_home / name}, progress);
            QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
            const Json run = Json::parse(read(*m_home / name / "run.json"));
            QCOMPARE(run["spec"]["data"].get<std::string>(), std::string("tiny"));
            const auto tiny = loadDataset("tiny");
            VERIFY_RESULT(tiny);
            QVERIFY((*tiny)->compared);
            QCOMPARE((*tiny)->train.count, 300);
            QCOMPARE(run["dataChecksum"].get<std::string>(), (*tiny)->checksum);
            // What was published is of MNIST.
            QVERIFY(read(*m_home / name / "summary.json").find("\"published\"") == std::string::npos);
            QVERIFY(caption(tinySpec(), **makeExperiment(m_experiment)).find(", tiny ·")
                    != std::string::npos);
        }
        QVERIFY(std::count(progress.begin(), progress.end(), "Downloading Tiny: 0 of 1 MB") > 0);
        for (const auto &[name, content] : m_files)
            QCOMPARE(server.requests("/" + name), 1);
        QVERIFY(fs::exists(*m_home / "datasets/tiny/README.md"));
    }

    void stopIsHeardWhileTheSetComes()
    {
        HttpsServer server([](Exchange &exchange) { exchange.waitForTheEnd(); });
        writeCatalogue(server.url());
        std::vector<std::string> progress;
        const RunData data =
            runToItsEnd({.folder = *m_home / "run"}, progress, [](Runner &runner, const std::string &text) {
                if (text.starts_with("Downloading"))
                    runner.stop();
            });
        QCOMPARE(data.state(), RunState::Stopped);
        QVERIFY(!fs::exists(*m_home / "datasets/tiny"));
    }

    void withoutNetworkTheRunFailsInWords()
    {
        std::string gone;
        {
            const HttpsServer server([](Exchange &) {});
            gone = server.url();
        }
        writeCatalogue(gone);
        std::vector<std::string> progress;
        const RunData data = runToItsEnd({.folder = *m_home / "run"}, progress);
        QCOMPARE(data.state(), RunState::Failed);
        QVERIFY2(data.stateMessage().starts_with("Tiny could not be downloaded"),
                 data.stateMessage().c_str());
        QVERIFY2(data.stateMessage().find("apt install dataset-tiny") != std::string::npos,
                 data.stateMessage().c_str());
        QVERIFY(!fs::exists(*m_home / "run"));
    }

    void whatAPackageInstalledIsTaken()
    {
        const fs::path folder = *m_home / "from a package";
        fs::create_directory(folder);
        for (const auto &[name, content] : m_files)
            write(folder / name, content);
        writeCatalogue("https://127.0.0.1:1/", folder.string());
        const auto found = findDataset("tiny");
        VERIFY_RESULT(found);
        QCOMPARE(*found, folder);
        QCOMPARE((*loadDataset("tiny"))->test.count, 100);
    }

    void aDamagedCatalogueDoesNotHideWhatIsThere()
    {
        write(*m_home / "catalogue.json", "{");
        VERIFY_RESULT(loadDataset("mnist"));
        VERIFY_DATA_ERROR(Runner::start(tinySpec(), {}), "catalogue.json");
    }
};

QTEST_GUILESS_MAIN(TestDownloadRun)
#include "test_downloadrun.moc"
