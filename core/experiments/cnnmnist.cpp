#include "data/mnist.h"
#include "experiments/choices.h"
#include "experiments/classifierfigures.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runspec.h"
#include "train/footprint.h"
#include "train/images.h"
#include "train/trainer.h"

namespace losslab {

namespace {

/// A convolution, its ReLU and a 2×2 pool.
std::vector<Layer> convolution(std::int64_t in, std::int64_t out, std::int64_t kernel)
{
    return {Conv2d{in, out, kernel}, Relu{}, MaxPool2d{2}};
}

Architecture imageNetwork(const std::vector<std::vector<Layer>> &parts)
{
    Architecture architecture{{1, 28, 28}, {}};
    for (const std::vector<Layer> &part : parts)
        architecture.layers.insert(architecture.layers.end(), part.begin(), part.end());
    return architecture;
}

/// Three convolutional networks of equal size, of different depth, on handwritten digits.
class CnnMnist final : public Experiment
{
public:
    CnnMnist()
        : Experiment({.id = "cnn-mnist",
                      .title = "Train on MNIST",
                      .question = "Does depth help on an actual task, with equally many parameters?",
                      .promise = "train three convolutional networks of about 24,000 parameters to read "
                                 "handwritten digits, and watch their training loss, training accuracy and "
                                 "test accuracy by digit.",
                      .part = Part::Depth,
                      .needsImages = true})
    {}

    MemoryNeed memoryNeed() const override
    {
        MemoryNeed need{.parameters = {"batch"}};
        for (const Model &model : models(10))
            need.models.emplace_back(model.name,
                                     trainingBytes(model.architecture, Loss::CrossEntropy, m_batchSize));
        return need;
    }

    void run(Run &run) override
    {
        const Images images = imagesOf(run);
        run.each(models(images.classes), &Model::name,
                 [&](const Model &model, Task &task) { train(task, model.architecture, images); });
    }

private:
    struct Model
    {
        std::string name;
        Architecture architecture;
    };

    static std::vector<Model> models(std::int64_t classes)
    {
        const auto narrow = [] {
            return std::vector{convolution(1, 10, 4), convolution(10, 20, 4), {Flatten{}}};
        };
        auto cnn1 = narrow();
        cnn1.push_back({Linear{320, 50}, Relu{}, Dropout{0.25}, Linear{50, 80}, Relu{}, Linear{80, classes}});
        auto cnn2 = narrow();
        cnn2.push_back(mlp({320, 50, 50, 30, 20, classes}).layers);
        const std::vector cnn3{
            convolution(1, 10, 5), convolution(10, 15, 5), {Flatten{}}, mlp({240, 80, classes}).layers};
        return {{"cnn1", imageNetwork(cnn1)}, {"cnn2", imageNetwork(cnn2)}, {"cnn3", imageNetwork(cnn3)}};
    }

    void train(Task &task, const Architecture &architecture, const Images &images)
    {
        const std::string &model = task.name();
        Trainer trainer(task, architecture, images.training, {.adam = m_adam, .batchSize = m_batchSize});
        task.saveModel(trainer.network().tensors(), "-init");
        m_testAccuracies.show(task, model,
                              [&] { return byDigit(evaluate(task, trainer, images.test, images.classes)); });

        m_loss.follow(task, model);
        EpochFigures figures;
        for (const std::int64_t epoch : task.epochs(m_epochs, trainer)) {
            figures = trainer.epoch();
            m_loss.add(task, model, static_cast<double>(epoch), figures.loss);
            m_accuracy.add(task, model, static_cast<double>(epoch), figures.accuracy);
        }
        const Evaluation tested = evaluate(task, trainer, images.test, images.classes);
        task.saveModel(trainer.network().tensors());
        m_figures.set(task, architecture, figures, tested);
    }

    /// x -1 is the accuracy over all digits.
    static Chart::Curve byDigit(const Evaluation &tested)
    {
        Chart::Curve curve{{-1}, {tested.accuracy}};
        for (std::size_t digit = 0; digit < tested.classAccuracy.size(); ++digit) {
            curve.x.push_back(static_cast<double>(digit));
            curve.y.push_back(tested.classAccuracy[digit]);
        }
        return curve;
    }

    static std::vector<SeriesInfo> series(Mark mark)
    {
        return {{"cnn1", "CNN 1 (dropout)", mark},
                {"cnn2", "CNN 2 (deep head)", mark},
                {"cnn3", "CNN 3 (5×5 kernels)", mark}};
    }

    EpochsChoice m_epochs{this, 15, 2};
    BatchSizeChoice m_batchSize{this, 500};
    AdamChoice m_adam{this, {}};

    Chart m_loss{this,
                 "loss",
                 "Training loss",
                 epochAxis(),
                 Axis{"Cross entropy", Scale::Log},
                 {.series = series(Mark::LinePoints)}};
    Chart m_accuracy{this,
                     "accuracy",
                     "Training accuracy",
                     epochAxis(),
                     Axis{.title = "Accuracy", .format = Format::Percent},
                     {.series = series(Mark::LinePoints)}};
    Chart m_testAccuracies{
        this,
        "test-accuracy",
        "Test accuracy",
        Axis{.title = "Digit",
             .ticks = {{-1, "all"},
                       {0, "0"},
                       {1, "1"},
                       {2, "2"},
                       {3, "3"},
                       {4, "4"},
                       {5, "5"},
                       {6, "6"},
                       {7, "7"},
                       {8, "8"},
                       {9, "9"}}},
        Axis{.title = "Accuracy", .format = Format::Percent},
        {.series = series(Mark::Points), .follow = [](ChartInfo &info, const RunSpec &spec) {
             if (!isMnist(spec.data))
                 info.x.title = "Class";
         }}};

    ClassifierFigures m_figures{this,
                                {.parameters = {{.model = "cnn1", .value = 24330},
                                                {.model = "cnn2", .value = 24350},
                                                {.model = "cnn3", .value = 24115}},
                                 .testAccuracy = {{.model = "cnn1", .value = 0.9872},
                                                  {.model = "cnn2", .value = 0.9796},
                                                  {.model = "cnn3", .value = 0.9852}},
                                 .trainingAccuracy = {{.model = "cnn1", .value = 0.9791},
                                                      {.model = "cnn2", .value = 0.9793},
                                                      {.model = "cnn3", .value = 0.9881}}}};
};

} // namespace

std::unique_ptr<Experiment> makeCnnMnist()
{
    return std::make_unique<CnnMnist>();
}

} // namespace losslab
