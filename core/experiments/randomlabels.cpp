#include "experiments/classifierfigures.h"
#include "experiments/classifiertraining.h"
#include "experiments/trainingdata.h"
#include "experiments/variablechoice.h"
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
        if (const auto twice = writtenTwice(toText(m_shares.value())))
            return Conflict{"shares", fmt::format("{} is listed twice: the two would be one model.", *twice)};
        if (const std::size_t count = m_shares.values().size(); count > mostModels)
            return Conflict{"shares",
                            fmt::format("There are {} values. Choose at most {}.", count, mostModels)};
        return m_training.conflict(m_hidden.network(m_activation));
    }

    MemoryNeed memoryNeed() const override
    {
        const double bytes = m_training.bytes(m_hidden.network(m_activation));
        MemoryNeed need{.parameters = {"batch"}};
        for (const Model &model : models(settingsOf(*this)))
            need.models.emplace_back(model.name, bytes);
        return need;
    }

    void run(Run &run) override
    {
        const Images images = imagesOf(run, m_pixels);
        const Samples given = m_images.of(images.training);
        const double chance = 1.0 / images.classes();
        m_loss.annotate(run, m_images.remark(given.count()),
                        {{-std::log(chance), fmt::format("chance, ln {}", images.classes())}});
        m_accuracy.annotate(run, m_images.remark(given.count()),
                            {{chance, fmt::format("chance, {:.3g} %", 100 * chance)}});
        std::vector<Model> models = this->models(settingsOf(*this));
        for (Model &model : models) {
            model.training = given;
            model.training.targets = m_noise.corrupted(run, given.targets, images.classes(), model.share);
            if (!model.isTrue)
                m_wrongLabels.set(run, model.name, changedShare(model.training.targets, given.targets));
        }
        run.each(models, &Model::name, [&](const Model &model, Task &task) { train(task, model, images); });
    }

private:
    struct Model
    {
        std::string name;
        std::string suffix;  ///< of its series
        std::string label;   ///< after that of its series, in the legend
        double share = 0;    ///< of labels, 0 … 1
        bool isTrue = false; ///< the one to compare with
        Samples training = {};
    };

    /// One for each share of a list; else that of the single share, and the one with true labels.
    std::vector<Model> models(const RunSpec &spec) const
    {
        std::vector<Model> models;
        for (const double share : m_shares.in(spec))
            models.push_back({fmt::format("share{}", share), fmt::format("-{}", share),
                              fmt::format(", {} %", share), share / 100});
        if (!models.empty())
            return models;
        models.push_back({"model", "", "", m_noise.share()});
        if (m_trueLabels.in(spec))
            models.push_back({"true", "-true", ", true labels", 0, true});
        return models;
    }

    void train(Task &task, const Model &model, const Images &images)
    {
        const Architecture architecture = m_hidden.network(images.task, m_activation);
        TrainerOptions options = m_training.options();
        options.sharedStart = true;
        Trainer trainer(task, architecture, model.training, options);
        task.saveModel(trainer.network().tensors(), "-init");

        m_loss.follow(task, "train" + model.suffix);
        Kept<Evaluation> tested(task, "tested");
        for (const std::int64_t epoch : task.epochs(m_training.epochs(), trainer)) {
            const EpochFigures seen = trainer.epoch();
            tested = evaluate(task, trainer, images.test, images.classes());
            const auto x = static_cast<double>(epoch);
            m_loss.add(task, "train" + model.suffix, x, seen.loss);
            m_loss.add(task, "test" + model.suffix, x, tested->loss);
            m_accuracy.add(task, "train" + model.suffix, x, seen.accuracy);
            m_accuracy.add(task, "test" + model.suffix, x, tested->accuracy);
        }
        task.saveModel(trainer.network().tensors());
        m_figures.set(task, architecture, trainer.figures(), *tested);
    }

    /// Training beside test, of every model.
    ChartOptions pairs(std::string sharesX = {}) const
    {
        return {.sharesX = std::move(sharesX), .follow = [this](ChartInfo &info, const RunSpec &spec) {
                    info.series.clear();
                    const std::vector<Model> models = this->models(spec);
                    for (const Model &model : models)
                        info.series.push_back({"train" + model.suffix, "training" + model.label});
                    for (const Model &model : models) // dashed, in the colour of its training
                        info.series.push_back({.key = "test" + model.suffix,
                                               .label = "test" + model.label,
                                               .like = models.size() > 1 ? "train" + model.suffix : ""});
                }};
    }

    PixelsChoice m_pixels{this};
    TrainingImagesChoice m_images{this, 60000, 3000};
    LabelNoise m_noise{this, {.slides = "shuffled", .shareWhen = Condition{"shares", {""}}}};
    Sweep m_shares{this,
                   "shares",
                   "Several shares",
                   {.min = 0,
                    .max = 100,
                    .whole = false,
                    .whenEmpty = "the one above",
                    .help =
                        "In per cent, in place of the one share: 0..100 step 20 trains six networks, from "
                        "the same start, and draws their curves beside each other.",
                    .group = "Data",
                    .decides = false}};
    Flag m_trueLabels{this,
                      "true-labels",
                      "Train on true labels as well",
                      {.standard = false,
                       .help = "Trains the same network, from the same start, on the true labels as well.",
                       .decides = false,
                       .when = Condition{"shares", {""}}}};
    Layers m_hidden{this, "hidden", "Hidden layers", {.standard = "256, 256, 256", .task = imageTask()}};
    ActivationChoice m_activation{this};
    ClassifierTraining m_training{
        this,
        {.epochs = 1000,
         .quickEpochs = 200,
         .slidesEpochs = 4000,
         .mostEpochs = 1000000,
         .batchSize = 200,
         .optimizer = {
             .learningRate = 1e-4, .weightDecay = 0, .quickRate = 3e-4, .decayScale = Scale::Linear}}};

    Chart m_loss{this, "loss", "Loss", epochAxis(), Axis{"Cross entropy"}, pairs()};
    Chart m_accuracy{this,
                     "accuracy",
                     "Accuracy",
                     epochAxis(),
                     Axis{.title = "Accuracy", .format = Format::Percent, .min = 0, .max = 1},
                     pairs("loss")};

    Figure m_wrongLabels{this, "wrong-labels", "Wrong labels", Format::Percent};
    ClassifierFigures m_figures{this,
                                {.parameters = {{.model = "model", .value = 335114}},
                                 .testAccuracy = {{.model = "model", .value = 0.098}},
                                 .testLoss = {{.model = "model", .value = 22.7},
                                              {.model = "model",
                                               .value = 40,
                                               .where = {{"corruption", {"shuffled"}}, {"epochs", {"4000"}}},
                                               .source = homeworkSlides()}},
                                 .trainingLoss = {{.model = "model", .value = 0.004, .upTo = 0.015}}}};
};

} // namespace

std::unique_ptr<Experiment> makeRandomLabels()
{
    return std::make_unique<RandomLabels>();
}

} // namespace losslab
