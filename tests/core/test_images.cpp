// What experiments count, check and estimate is of the data set chosen: its classes, sizes and channels.

#include "data/catalogue.h"
#include "data/dataset.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "runs/runjson.h"
#include "runs/runner.h"
#include "tests/idxfiles.h"
#include "tests/runtoend.h"
#include "tests/shortsettings.h"
#include "train/imagetask.h"
#include "train/layerskind.h"
#include "train/networklist.h"

#include <QTest>
#include <algorithm>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

constexpr ImageSurvey letters{.trainingImages = 124800, .rows = 28, .columns = 28, .classes = 26};
constexpr ImageSurvey photographs{
    .trainingImages = 50000, .channels = 3, .rows = 32, .columns = 32, .classes = 10};
constexpr ImageSurvey large{.trainingImages = 1000, .rows = 64, .columns = 64, .classes = 4};
constexpr ImageSurvey tiny{.trainingImages = 1000, .rows = 8, .columns = 8, .classes = 3};

/// A set of n images of random pixels, of so many classes, in a folder.
void writeSet(const fs::path &folder, const ImageSurvey &images, int count)
{
    fs::create_directories(folder);
    ImageSet set{count, images.rows, images.columns, {}, {}};
    unsigned state = 1;
    for (int i = 0; i < count; ++i) {
        set.labels.push_back(static_cast<std::uint8_t>(i % images.classes));
        for (std::int64_t pixel = 0; pixel < images.rows * images.columns; ++pixel)
            set.pixels.push_back(static_cast<std::uint8_t>((state = state * 1103515245u + 12345u) >> 24));
    }
    writeImages(folder, "train", set, count);
    writeImages(folder, "t10k", set, count);
}

std::vector<std::unique_ptr<Experiment>> experimentsOnImages()
{
    std::vector<std::unique_ptr<Experiment>> experiments;
    for (const ExperimentFactory make : registry())
        if (auto experiment = make(); experiment->info().needsImages)
            experiments.push_back(std::move(experiment));
    return experiments;
}

RunSpec shortSpec(const Experiment &experiment, const fs::path &data)
{
    RunSpec spec = makeSpec(experiment, Preset::Quick);
    spec.data = data.string();
    spec.device = Device::Cpu;
    takeImages(spec, experiment);
    shorten(spec, experiment, 1);
    return spec;
}

} // namespace

class TestImages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// 784 · 500 + 500 + 500 · 26 + 26, and so on, by hand.
    void parametersAreCountedForTheImagesChosen()
    {
        const LayersKind digits(imageTask());
        QCOMPARE(digits.note("500"), std::string("397,510 parameters"));
        QCOMPARE(digits.forImages(letters)->note("500"), std::string("405,526 parameters"));
        QCOMPARE(digits.forImages(photographs)->note("500"), std::string("1,541,510 parameters"));
        QCOMPARE(digits.forImages(photographs)->note("conv 10 4"), std::string("84,600 parameters"));
        QCOMPARE(digits.forImages(ImageSurvey())->note("500"), std::string());
        // All the widths of one's network, those of the images among them.
        QCOMPARE(digits.forImages(photographs)->read("3072-500-10"),
                 std::optional(Value(std::string("500"))));

        const auto networks = NetworkListKind(imageTask()).forImages(letters);
        QCOMPARE(networks->note("a: 500; b: 500"), std::string("405,526 · 405,526 parameters, all alike"));
        QCOMPARE(static_cast<const NetworkListKind &>(*networks).parameterCount("500 | lr 0.1"), 405526);
        QVERIFY(!static_cast<const NetworkListKind &>(*networks).parameterCount("conv 10 40"));
        QVERIFY(!LayersKind({{1}, 1}).forImages(letters)); // of functions
    }

    void aNetworkIsHeldToTheImagesChosen()
    {
        const std::string five = "conv 4 3, pool 2, conv 4 3, pool 2, conv 4 3, pool 2, conv 4 3, pool 2, 10";
        const LayersKind digits(imageTask());
        QVERIFY(!digits.read(five));
        QVERIFY(digits.forImages(large)->read(five));
        QVERIFY(digits.forImages(ImageSurvey())->read(five)); // of images that are not known
        QVERIFY(digits.read("conv 10 5, pool 2, conv 15 5"));
        QVERIFY(!digits.forImages(tiny)->read("conv 10 5, pool 2, conv 15 5"));
        QVERIFY(digits.forImages(tiny)->advice("conv 10 5, pool 2, conv 15 5").find("leaves nothing")
                != std::string::npos);
    }

    void everyExperimentEstimatesAndChecksForTheImagesChosen()
    {
        for (const auto &experiment : experimentsOnImages()) {
            const auto largest = [&] {
                double bytes = 0;
                for (const auto &[model, need] : experiment->memoryNeed().models)
                    bytes = std::max(bytes, need);
                return bytes;
            };
            QVERIFY(!experiment->conflict());
            const double ofDigits = largest();
            experiment->setImages(photographs);
            QVERIFY2(largest() > 1.2 * ofDigits, experiment->info().id.c_str());
            QVERIFY(!experiment->conflict());
            experiment->setImages(usualImages);
            QCOMPARE(largest(), ofDigits);
        }
    }

    /// A set of few classes and one of many, of other sizes: what trains has the inputs and outputs counted.
    void runsHaveTheClassesOfTheLabels()
    {
        const TemporaryFolder folder;
        for (const int classes : {3, 26, 62}) {
            const ImageSurvey images{.rows = 12, .columns = 9, .classes = classes};
            const fs::path set = folder / std::to_string(classes);
            writeSet(set, images, 186);
            const auto survey = surveyDataset(set.string());
            VERIFY_RESULT(survey);
            QCOMPARE(survey->classes, classes);
            const auto experiment = std::move(*makeExperiment("cnn-mnist"));
            RunSpec spec = shortSpec(*experiment, set);
            *spec.find("models") = std::string("net: conv 2 3, pool 2, 7");
            RunData data(*experiment, spec);
            const auto runner = Runner::start(spec, {.folder = folder / ("run " + std::to_string(classes))});
            VERIFY_RESULT(runner);
            runToEnd(**runner, data);
            QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
            const auto *figure = data.findFigure("net", "parameters");
            QVERIFY(figure);
            // conv 2 · 9 + 2, its maps of 10 × 7 pooled to 5 × 3, then 30 · 7 + 7, then 7 · classes + classes
            QCOMPARE(figure->mean(), 20 + 217 + 8.0 * classes);
            experiment->setImages(*survey);
            QCOMPARE(static_cast<const NetworkListKind &>(*experiment->findParameter("models")->info().kind)
                         .parameterCount("conv 2 3, pool 2, 7"),
                     20 + 217 + 8 * classes);
        }
    }

    void whatTheImagesAreTooSmallForIsRefusedBeforeARun()
    {
        const TemporaryFolder folder;
        writeSet(folder / "set", tiny, 60);
        const auto experiment = std::move(*makeExperiment("cnn-mnist"));
        const auto runner = Runner::start(shortSpec(*experiment, folder / "set"), {.folder = folder / "run"});
        QVERIFY(!runner);
        QCOMPARE(runner.error().kind, ErrorKind::Usage);
        QVERIFY2(runner.error().message.find("leaves nothing") != std::string::npos,
                 runner.error().message.c_str());
        QVERIFY(!fs::exists(folder / "run"));
    }

    /// The folder of a run opens whatever its images were, also where they are gone.
    void aRunOnLargeImagesOpensWithoutThem()
    {
        const TemporaryFolder folder;
        writeSet(folder / "set", large, 40);
        const auto experiment = std::move(*makeExperiment("cnn-mnist"));
        RunSpec spec = shortSpec(*experiment, folder / "set");
        *spec.find("models") =
            std::string("net: pool 2, pool 2, pool 2, pool 2, pool 2, 5"); // 2 × 2 are left
        RunData data(*experiment, spec);
        const auto runner = Runner::start(spec, {.folder = folder / "run"});
        VERIFY_RESULT(runner);
        runToEnd(**runner, data);
        QVERIFY2(data.state() == RunState::Finished, data.stateMessage().c_str());
        fs::remove_all(folder / "set");
        const auto record = readRunJson(folder / "run" / "run.json");
        VERIFY_RESULT(record);
        QCOMPARE(record->spec.parameters, (*runner)->spec().parameters);
    }

    /// Charts by class have the names that the catalogue knows.
    void classesAreNamedOnTheAxis()
    {
        const auto experiment = std::move(*makeExperiment("cnn-mnist"));
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        const auto axisOf = [&](const std::string &data) {
            spec.data = data;
            return RunData(*experiment, spec).findChart("test-accuracy")->info.x;
        };
        using Names = std::vector<std::pair<double, std::string>>;
        QCOMPARE(axisOf("mnist").title, std::string("Digit"));
        QCOMPARE(axisOf("mnist").ticks.front(), (Names::value_type{-1, "all"}));
        QCOMPARE(axisOf("mnist").ticks.back(), (Names::value_type{9, "9"}));
        QCOMPARE(axisOf("cifar-10").title, std::string("Class"));
        QCOMPARE(axisOf("cifar-10").ticks[1], (Names::value_type{0, "airplane"}));
        QCOMPARE(axisOf("emnist-letters").ticks.back(), (Names::value_type{25, "Z"}));
        QCOMPARE(axisOf("/a folder/of one's own").ticks.size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestImages)
#include "test_images.moc"
