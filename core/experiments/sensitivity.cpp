#include "analysis/sensitivity.h"

#include "base/numbertext.h"
#include "experiments/classifierfigures.h"
#include "experiments/classifiertraining.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/sweepkind.h"

#include <fmt/format.h>

namespace losslab {

namespace {

constexpr std::int64_t samplesAtOnce = 1000;

/// Do larger batches lead to networks that are more, or less, sensitive to their input?
class Sensitivity final : public Experiment
{
public:
    Sensitivity()
        : Experiment(
            {.id = "sensitivity",
             .title = "Sensitivity",
             .question = "How are batch size, sensitivity to the input and generalization related?",
             .promise = "train the same network with batches of different sizes, and see its loss, accuracy "
                        "and sensitivity against the batch size.",
             .part = Part::Generalization,
             .needsImages = true})
    {}

    std::optional<Conflict> check() const override
    {
        const bool listed = !m_listed.values().empty();
        if (!listed && m_smallest > m_largest)
            return Conflict{"largest",
                            fmt::format("The largest batch ({}) is smaller than the smallest ({}).",
                                        std::int64_t{m_largest}, std::int64_t{m_smallest})};
        if (const std::int64_t sizes = m_largest - m_smallest + 1; !listed && m_models > sizes)
            return Conflict{"models",
                            fmt::format("From {} to {} there {} only {} batch size{}. Choose at most {}, or "
                                        "batches further apart.",
                                        std::int64_t{m_smallest}, std::int64_t{m_largest},
                                        sizes == 1 ? "is" : "are", sizes, sizes == 1 ? "" : "s", sizes)};
        // Of a set that is smaller than two of the batches, both are all of it: one training under two names.
        const std::int64_t trainingImages = images().trainingImages;
        const std::vector<std::int64_t> sizes = batchSizes();
        if (trainingImages == 0 || sizes.size() < 2 || sizes[sizes.size() - 2] < trainingImages)
            return m_training.conflict(m_hidden.network(m_activation));
        return Conflict{m_listed.values().empty() ? "largest" : "batches",
                        fmt::format("The training set has {} images, so batches of {} and of {} would both "
                                    "be all of it. Choose at most {}.",
                                    countText(trainingImages), countText(sizes[sizes.size() - 2]),
                                    countText(sizes.back()), countText(trainingImages))};
    }

    MemoryNeed memoryNeed() const override
    {
        const Architecture architecture = m_hidden.network(m_activation);
        // Autograd keeps inputs, activations and their gradients of the samples that are looked at together.
        const double jacobians = 4.0 * sizeof(float) * samplesAtOnce
                                 * static_cast<double>(architecture.inputs() + architecture.activations());
        MemoryNeed need{.parameters = {"hidden", m_listed.values().empty() ? "largest" : "batches"}};
        for (const std::int64_t size : batchSizes())
            need.models.emplace_back(nameOf(size), jacobians + m_training.bytes(architecture, size));
        return need;
    }

    void run(Run &run) override
    {
        const Images images = imagesOf(run, m_pixels);
        const Architecture architecture = m_hidden.network(images.task, m_activation);
        const std::vector<std::int64_t> sizes = batchSizes();
        run.each(sizes, nameOf,
                 [&](std::int64_t size, Task &task) { train(task, architecture, size, images); });
    }

private:
    static std::string nameOf(std::int64_t size) { return fmt::format("batch{}", size); }

    /// Those listed, or equally spaced from the smallest to the largest.
    std::vector<std::int64_t> batchSizes() const
    {
        std::vector<std::int64_t> sizes;
        for (const double size : m_listed.values())
            sizes.push_back(static_cast<std::int64_t>(size));
        if (!sizes.empty())
            return sizes;
        for (std::int64_t i = 0; i < m_models; ++i)
            sizes.push_back(m_models > 1 ? m_smallest + (m_largest - m_smallest) * i / (m_models - 1)
                                         : m_smallest);
        return sizes;
    }

    void train(Task &task, const Architecture &architecture, std::int64_t batchSize, const Images &images)
    {
        const std::string &model = task.name();
        TrainerOptions options = m_training.options(batchSize);
        options.sharedStart = true;
        at::Tensor norms =
            at::zeros({}, at::TensorOptions(images.training.targets.device()).dtype(at::kDouble));
        std::int64_t steps = 0;
        if (m_measure.is("published"))
            options.onGradient = [&](const at::Tensor &gradient) {
                norms.add_(meanTensorNorm(architecture, gradient));
                ++steps;
            };
        Trainer trainer(task, architecture, images.training, options);
        task.saveModel(trainer.network().tensors(), "-init");
        m_loss.follow(task, "train", static_cast<double>(batchSize));
        EpochFigures seen;
        double lossSum = 0;
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(m_training.epochs(), trainer)) {
            seen = trainer.epoch();
            lossSum += seen.loss;
        }
        const Evaluation trained = evaluate(task, trainer, images.training, images.classes());
        const Evaluation tested = evaluate(task, trainer, images.test, images.classes());
        const double sensitivity = m_measure.is("published")
                                       ? norms.item<double>() / static_cast<double>(steps)
                                       : meanNorm(task, trainer.network(), images.test);
        task.saveModel(trainer.network().tensors());

        const auto x = static_cast<double>(batchSize);
        m_loss.add(task, "train", x, trained.loss);
        m_loss.add(task, "test", x, tested.loss);
        m_loss.add(task, "sensitivity", x, sensitivity);
        m_accuracy.add(task, "train", x, trained.accuracy);
        m_accuracy.add(task, "test", x, tested.accuracy);
        m_accuracy.add(task, "sensitivity", x, sensitivity);
        m_figures.set(task, architecture, seen, tested);
        m_afterTraining.set(task, trained);
        m_meanTrainingLoss.set(task, model, lossSum / static_cast<double>(m_training.epochs()));
        m_sensitivity.set(task, model, sensitivity);
    }

    /// Mean over the layers' weights and biases of the norm of each one's gradient, 0-dimensional.
    static at::Tensor meanTensorNorm(const Architecture &architecture, const at::Tensor &gradient)
    {
        const std::vector<at::Tensor> parts = views(architecture, gradient);
        at::Tensor sum = at::zeros({}, gradient.options().dtype(at::kDouble));
        for (const at::Tensor &part : parts)
            sum.add_(part.norm());
        return sum.div_(static_cast<double>(parts.size()));
    }

    /// Over all samples, in evaluation mode.
    double meanNorm(Task &task, const Network &network, const Samples &samples) const
    {
        const std::int64_t step =
            std::min(samplesAtOnce, rowsOfPiece(network.architecture().multiplications()));
        double sum = 0;
        for (std::int64_t first = 0; first < samples.count(); first += step) {
            const Batch batch = samples.slice(first, std::min(first + step, samples.count()));
            sum += norms(task, network, batch, samples.loss).sum().item<double>();
            task.pulse(1);
        }
        return sum / static_cast<double>(samples.count());
    }

    at::Tensor norms(Task &task, const Network &network, const Batch &batch, Loss loss) const
    {
        if (m_measure.is("input-gradient"))
            return inputGradientNorms(network.architecture(), network.parameters(), loss, batch);
        return jacobianNorms(network.architecture(), network.parameters(), batch.inputs,
                             m_measure.is("logits") ? Output::Logits : Output::Probabilities,
                             [&task] { task.pulse(1); });
    }

    ChartOptions withSensitivity(std::string sharesX = {})
    {
        return {.series = {{"train", "training images", Mark::LinePoints},
                           {"test", "test images", Mark::LinePoints},
                           {"sensitivity", "sensitivity, right axis", Mark::LinePoints, true}},
                .right = Axis{"Sensitivity"},
                .sharesX = std::move(sharesX),
                .sorted = true,
                .follow = [this](ChartInfo &info, const RunSpec &spec) {
                    constexpr double farApart = 20;
                    const std::vector<double> sizes = m_listed.in(spec);
                    info.x.scale = !sizes.empty() && sizes.back() > farApart * sizes.front() ? Scale::Log
                                                                                             : Scale::Linear;
                    info.right->title = "Sensitivity " + symbolOf(m_measure.in(spec));
                }};
    }

    /// Of what the norm is taken; p: probabilities, z: logits, L: loss, x: image, θ: parameters.
    static std::string symbolOf(const std::string &measure)
    {
        if (measure == "logits")
            return "‖∂z/∂x‖";
        if (measure == "input-gradient")
            return "‖∂L/∂x‖";
        return measure == "published" ? "‖∂L/∂θ‖" : "‖∂p/∂x‖";
    }

    PixelsChoice m_pixels{this};
    Layers m_hidden{this,
                    "hidden",
                    "Hidden layers",
                    {.standard = "500", .task = imageTask(), .help = "The published code used 256."}};
    ActivationChoice m_activation{this};
    Int m_smallest{this,
                   "smallest",
                   "Smallest batch",
                   {.standard = 10,
                    .min = 1,
                    .max = 60000,
                    .unit = "images",
                    .decides = false,
                    .when = Condition{"batches", {""}}}};
    Int m_largest{this,
                  "largest",
                  "Largest batch",
                  {.standard = 1510,
                   .min = 1,
                   .max = 60000,
                   .unit = "images",
                   .decides = false,
                   .when = Condition{"batches", {""}}}};
    Int m_models{this,
                 "models",
                 "Number of batch sizes",
                 {.standard = 5,
                  .min = 1,
                  .max = 40,
                  .quick = 3,
                  .help = "Equally spaced from the smallest to the largest.",
                  .decides = false,
                  .when = Condition{"batches", {""}}}};
    Sweep m_listed{this,
                   "batches",
                   "Batch sizes of one's own",
                   {.min = 1,
                    .max = 60000,
                    .whenEmpty = "equally spaced, as above",
                    .slides = "16..1024 double",
                    .help = "In their place, such as 16, 64, 256, 1024 or 16..1024 double. Of sizes that lie "
                            "far apart, the axis is logarithmic.",
                    .decides = false}};
    Choice m_measure{
        this,
        "measure",
        "Sensitivity",
        {.standard = "probabilities",
         .options = {{"probabilities", "Jacobian of the probabilities"},
                     {"logits", "Jacobian of the logits"},
                     {"input-gradient", "Loss gradient at the input"},
                     {"published", "As published, in training"}},
         .slides = "input-gradient",
         .help =
             "Jacobian: mean Frobenius norm of the outputs' derivatives with respect to the input, over the "
             "test set (Novak et al. 2018). Loss gradient: mean norm of the loss's derivatives with respect "
             "to the "
             "input. As published: norm of the gradient with respect to the parameters, averaged over "
             "weights and biases and over all training steps.",
         .decides = false}};
    ClassifierTraining m_training{this, {.epochs = 5}};

    Chart m_loss{this,
                 "loss",
                 "Loss after training, sensitivity",
                 Axis{.title = "Batch size", .whole = true},
                 Axis{"Cross entropy"},
                 withSensitivity()};
    Chart m_accuracy{this,
                     "accuracy",
                     "Accuracy after training, sensitivity",
                     Axis{.title = "Batch size", .whole = true},
                     Axis{.title = "Accuracy", .format = Format::Percent},
                     withSensitivity("loss")};

    /// The report's text has 500 hidden units, its code 256: it does not say which its figures are of.
    static Published ofEither(std::string model, double value)
    {
        return {.model = std::move(model), .value = value, .where = {{"hidden", {"500", "256"}}}};
    }
    static Published measuredInTraining(std::string model, double value)
    {
        Published published = ofEither(std::move(model), value);
        published.where.push_back({"measure", {"published"}});
        return published;
    }

    ClassifierFigures m_figures{
        this,
        {.parameters = {{.model = "batch10", .value = 397510},
                        {.model = "batch10", .value = 203530, .where = {{"hidden", {"256"}}}}},
         .testAccuracy = {ofEither("batch10", 0.977), ofEither("batch1510", 0.945)},
         .testLoss = {ofEither("batch10", 0.075), ofEither("batch1510", 0.195)}}};
    TrainingFigures m_afterTraining{this};
    Figure m_meanTrainingLoss{this,
                              "training-loss-mean",
                              "Training loss, mean over training",
                              Format::Number,
                              {ofEither("batch10", 0.10), ofEither("batch1510", 0.43)}};
    Figure m_sensitivity{
        this,
        "sensitivity",
        "Sensitivity",
        Format::Number,
        {measuredInTraining("batch10", 0.33), measuredInTraining("batch1510", 0.10)},
        {{"pixels", "hidden", "activation", "start", "measure", "epochs", "optimizer", "momentum", "nesterov",
          "lr", "weight-decay", "schedule", "schedule-epochs", "schedule-factor", "precision"}}};
};

} // namespace

std::unique_ptr<Experiment> makeSensitivity()
{
    return std::make_unique<Sensitivity>();
}

} // namespace losslab
