#include "analysis/sensitivity.h"

#include "experiments/classifierfigures.h"
#include "experiments/classifiertraining.h"
#include "experiments/differingmodels.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runerror.h"
#include "train/kept.h"

namespace losslab {

namespace {

constexpr std::int64_t samplesAtOnce = 1000;

/// Do larger batches, or what else differs between networks, make them more or less sensitive to their input?
class Sensitivity final : public Experiment
{
public:
    Sensitivity()
        : Experiment(
            {.id = "sensitivity",
             .title = "Sensitivity",
             .question = "How are batch size (or another setting), sensitivity to the input and "
                         "generalization related?",
             .promise = "train the same network with batches of different sizes, or with other values of one "
                        "setting, and see its loss, accuracy and sensitivity against them.",
             .part = Part::Generalization,
             .needsImages = true})
    {}

    std::optional<Conflict> check() const override
    {
        const RunSpec spec = settingsOf(*this);
        if (auto conflict = m_models.conflict(spec, m_hidden, images()))
            return conflict;
        for (const Model &model : m_models.in(spec))
            if (auto conflict = m_training.conflict(network(model, imageTask(images()))))
                return conflict;
        return std::nullopt;
    }

    MemoryNeed memoryNeed() const override
    {
        MemoryNeed need{.parameters = m_models.sizeKeys()};
        for (const Model &model : m_models.in(settingsOf(*this))) {
            const Architecture architecture = network(model, imageTask(images()));
            // Autograd keeps inputs, activations and their gradients of the samples that are looked at
            // together.
            const double jacobians =
                4.0 * sizeof(float) * samplesAtOnce
                * static_cast<double>(architecture.inputs() + architecture.activations());
            const std::int64_t batchSize = m_models.options(model, m_training.options()).batchSize;
            need.models.emplace_back(model.name, jacobians + m_training.bytes(architecture, batchSize));
        }
        return need;
    }

    void run(Run &run) override
    {
        const Images images = imagesOf(run, m_pixels);
        run.each(m_models.in(settingsOf(*this)), &Model::name,
                 [&](const Model &model, Task &task) { train(task, model, images); });
    }

private:
    using Model = DifferingModels::Model;

    Architecture network(const Model &model, const NetworkTask &task) const
    {
        const auto network = m_models.network(model, m_hidden, task, m_activation);
        if (!network)
            throw RunError(network.error());
        return *network;
    }

    void train(Task &task, const Model &differing, const Images &images)
    {
        const std::string &model = task.name();
        const Architecture architecture = network(differing, images.task);
        TrainerOptions options = m_models.options(differing, m_training.options());
        options.sharedStart = true;
        Kept<at::Tensor> norms(
            task, "norms",
            at::zeros({}, at::TensorOptions(images.training.targets.device()).dtype(at::kDouble)));
        Kept<std::int64_t> steps(task, "gradients");
        if (m_measure.is("published"))
            options.onGradient = [&](const at::Tensor &gradient) {
                norms = norms->to(gradient.device()).add(meanTensorNorm(architecture, gradient));
                ++*steps;
            };
        Trainer trainer(task, architecture, images.training, options);
        task.saveModel(trainer.network().tensors(), "-init");
        m_loss.follow(task, "train", differing.value);
        Kept<double> lossSum(task, "loss-sum");
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(m_training.epochs(), trainer))
            *lossSum += trainer.epoch().loss;
        const Evaluation trained = evaluate(task, trainer, images.training, images.classes());
        const Evaluation tested = evaluate(task, trainer, images.test, images.classes());
        const double sensitivity = m_measure.is("published")
                                       ? norms->item<double>() / static_cast<double>(*steps)
                                       : meanNorm(task, trainer.network(), images.test);
        task.saveModel(trainer.network().tensors());

        const double x = differing.value;
        m_loss.add(task, "train", x, trained.loss);
        m_loss.add(task, "test", x, tested.loss);
        m_loss.add(task, "sensitivity", x, sensitivity);
        m_accuracy.add(task, "train", x, trained.accuracy);
        m_accuracy.add(task, "test", x, tested.accuracy);
        m_accuracy.add(task, "sensitivity", x, sensitivity);
        m_figures.set(task, architecture, trainer.figures(), tested);
        m_afterTraining.set(task, trained);
        m_meanTrainingLoss.set(task, model, *lossSum / static_cast<double>(m_training.epochs()));
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
                    info.x = m_models.axis(spec);
                    for (SeriesInfo &series : info.series)
                        series.mark = m_models.areNamed(spec) ? Mark::Points : Mark::LinePoints;
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
    DifferingModels m_models{this};
    Choice m_measure{
        this,
        "measure",
        "Sensitivity",
        {.standard = "probabilities",
         .options = {{"probabilities", "Jacobian of the probabilities"},
                     {"logits", "Jacobian of the logits"},
                     {"input-gradient", "Slides: loss gradient ‖∂L/∂x‖"},
                     {"published", "As published, in training"}},
         .slides = "input-gradient",
         .help =
             "Jacobian: mean Frobenius norm of the outputs' derivatives with respect to the input, over the "
             "test set (Novak et al. 2018). Slides: mean Frobenius norm of the loss's derivatives with "
             "respect to the input. As published: norm of the gradient with respect to the parameters, "
             "averaged over "
             "weights and biases and over all training steps.",
         .decides = false}};
    ClassifierTraining m_training{this,
                                  {.epochs = 5,
                                   .batchSizeWhen = DifferingModels::elsewhere("batch"),
                                   .optimizer = {.methodWhen = DifferingModels::elsewhere("optimizer"),
                                                 .rateWhen = DifferingModels::elsewhere("rate"),
                                                 .decayWhen = DifferingModels::elsewhere("decay")}}};

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
