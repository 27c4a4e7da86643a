#include "base/numbertext.h"
#include "data/labels.h"
#include "experiments/classifierfigures.h"
#include "experiments/classifiertraining.h"
#include "lab/experiment.h"
#include "lab/run.h"

#include <cmath>
#include <fmt/format.h>

namespace losslab {

namespace {

/// Can a network fit random labels (Zhang et al. 2017)?
class RandomLabels final : public Experiment
{
public:
    RandomLabels()
        : Experiment({.id = "random-labels",
                      .title = "Random labels",
                      .question = "Can a network fit labels that have nothing to do with the images?",
                      .promise = "train a network on digits whose labels are drawn at random, and watch its "
                                 "losses and accuracies on training and test images drift apart.",
                      .part = Part::Generalization,
                      .needsImages = true})
    {}

    std::optional<Conflict> check() const override
    {
        return m_training.conflict(m_hidden.network(m_activation));
    }

    MemoryNeed memoryNeed() const override
    {
        const double bytes = m_training.bytes(m_hidden.network(m_activation));
        return {.models = {{"model", bytes}, {"true", bytes}}, .parameters = {"batch"}};
    }

    void run(Run &run) override
    {
        const Images images = imagesOf(run, m_pixels);
        Samples random = images.training.head(m_images);
        Samples truth = random;
        random.targets = randomLabels(run, truth.targets, images.classes());

        const double chance = 1.0 / images.classes();
        m_loss.annotate(run, remark(random.count()),
                        {{-std::log(chance), fmt::format("chance, ln {}", images.classes())}});
        m_accuracy.annotate(run, remark(random.count()),
                            {{chance, fmt::format("chance, {:.3g} %", 100 * chance)}});

        std::vector<Model> models{{"model", "", random}};
        if (m_trueLabels)
            models.push_back({"true", "-true", truth});
        run.each(models, &Model::name, [&](const Model &model, Task &task) { train(task, model, images); });
    }

private:
    struct Model
    {
        std::string name;
        std::string suffix; ///< of its series
        Samples training;
    };

    /// A set may have fewer images than were asked for.
    std::string remark(std::int64_t images) const
    {
        if (images >= m_images)
            return {};
        return fmt::format("all {} training images: the set has no {}", countText(images),
                           countText(m_images));
    }

    at::Tensor randomLabels(Run &run, const at::Tensor &labels, int classes)
    {
        const at::Tensor given = labels.to(at::kCPU).contiguous();
        const std::int64_t *first = given.const_data_ptr<std::int64_t>();
        const std::vector<std::int64_t> before{first, first + given.numel()};
        const std::uint64_t seed = run.sharedSeed("labels");
        const std::vector<std::int64_t> drawn = m_corruption.is("shuffled")
                                                    ? shuffledLabels(before, m_share / 100, seed)
                                                    : corruptedLabels(before, m_share / 100, classes, seed);
        const at::Tensor random = at::tensor(drawn, at::kLong);
        m_wrongLabels.set(run, "model", random.ne(given).to(at::kDouble).mean().item<double>());
        return random.to(labels.device());
    }

    void train(Task &task, const Model &model, const Images &images)
    {
        const Architecture architecture = m_hidden.network(images.task, m_activation);
        TrainerOptions options = m_training.options();
        options.sharedStart = true;
        Trainer trainer(task, architecture, model.training, options);
        task.saveModel(trainer.network().tensors(), "-init");

        m_loss.follow(task, "train" + model.suffix);
        EpochFigures seen;
        Evaluation tested;
        for (const std::int64_t epoch : task.epochs(m_training.epochs(), trainer)) {
            seen = trainer.epoch();
            tested = evaluate(task, trainer, images.test, images.classes());
            const auto x = static_cast<double>(epoch);
            m_loss.add(task, "train" + model.suffix, x, seen.loss);
            m_loss.add(task, "test" + model.suffix, x, tested.loss);
            m_accuracy.add(task, "train" + model.suffix, x, seen.accuracy);
            m_accuracy.add(task, "test" + model.suffix, x, tested.accuracy);
        }
        task.saveModel(trainer.network().tensors());
        m_figures.set(task, architecture, seen, tested);
    }

    static ChartOptions losses(const Flag &trueLabels, std::string sharesX = {})
    {
        return {.sharesX = std::move(sharesX), .follow = [&trueLabels](ChartInfo &info, const RunSpec &spec) {
                    info.series = {{"train", "training"}, {"test", "test"}};
                    if (trueLabels.in(spec))
                        info.series.insert(info.series.end(), {{"train-true", "training, true labels"},
                                                               {"test-true", "test, true labels"}});
                }};
    }

    PixelsChoice m_pixels{this};
    Real m_share{
        this,
        "share",
        "Corrupted labels",
        {.standard = 100,
         .min = 0,
         .max = 100,
         .unit = "%",
         .help =
             "With this probability each training label is replaced by one drawn uniformly from all classes "
             "(of ten, in one case in ten the true one). Test labels are not changed.",
         .group = "Data"}};
    Choice m_corruption{
        this,
        "corruption",
        "Corrupted by",
        {.standard = "drawn",
         .options = {{"drawn", "drawing new labels"}, {"shuffled", "shuffling them"}},
         .slides = "shuffled",
         .help = "Shuffling puts the labels of the images concerned in another order: as many of each class "
                 "as before.",
         .group = "Data"}};
    Int m_images{this,
                 "images",
                 "Training images",
                 {.standard = 60000,
                  .min = 1,
                  .max = 60000,
                  .quick = 3000,
                  .help = "How many, the first of the training set.",
                  .group = "Data"}};
    Flag m_trueLabels{this,
                      "true-labels",
                      "Train on true labels as well",
                      {.standard = false,
                       .help = "Trains the same network, from the same start, on the true labels as well.",
                       .decides = false}};
    Layers m_hidden{this, "hidden", "Hidden layers", {.standard = "256, 256, 256", .task = imageTask()}};
    ActivationChoice m_activation{this};
    ClassifierTraining m_training{
        this,
        {.epochs = 1000,
         .quickEpochs = 200,
         .mostEpochs = 1000000,
         .batchSize = 200,
         .optimizer = {
             .learningRate = 1e-4, .weightDecay = 0, .quickRate = 3e-4, .decayScale = Scale::Linear}}};

    Chart m_loss{this, "loss", "Loss", epochAxis(), Axis{"Cross entropy"}, losses(m_trueLabels)};
    Chart m_accuracy{this,
                     "accuracy",
                     "Accuracy",
                     epochAxis(),
                     Axis{.title = "Accuracy", .format = Format::Percent, .min = 0, .max = 1},
                     losses(m_trueLabels, "loss")};

    Figure m_wrongLabels{this, "wrong-labels", "Wrong labels", Format::Percent};
    ClassifierFigures m_figures{this,
                                {.parameters = {{.model = "model", .value = 335114}},
                                 .testAccuracy = {{.model = "model", .value = 0.098}},
                                 .testLoss = {{.model = "model", .value = 22.7}},
                                 .trainingLoss = {{.model = "model", .value = 0.004, .upTo = 0.015}}}};
};

} // namespace

std::unique_ptr<Experiment> makeRandomLabels()
{
    return std::make_unique<RandomLabels>();
}

} // namespace losslab
