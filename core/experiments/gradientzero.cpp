#include "analysis/hessian.h"

#include "base/numbertext.h"
#include "experiments/optimizerchoice.h"
#include "experiments/targetchoice.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "nn/makeengine.h"
#include "train/trainer.h"

#include <atomic>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <numeric>

namespace losslab {

namespace {

constexpr std::size_t spectrumBins = 60;
constexpr double alongShare = 0.1; ///< of the work, for the progress bar

/// What kind of critical point does training stop at?
class GradientZero final : public Experiment
{
public:
    GradientZero()
        : Experiment(
            {.id = "gradient-zero",
             .title = "Gradient almost zero",
             .question = "Where the gradient is almost zero, is it a minimum, or a saddle point?",
             .promise = "train a network many times to where the gradient almost vanishes, and see the share "
                        "of positive eigenvalues of the Hessian, along one training and at the end of "
                        "each.",
             .part = Part::Optimization})
    {}

    void normalize() override { m_target.normalize(); }

    std::optional<Conflict> check() const override
    {
        for (const Layer &layer : architecture().layers)
            if (std::holds_alternative<Dropout>(layer))
                return Conflict{"hidden",
                                "With dropout the function is another one at every step, and has no "
                                "Hessian. Leave it out."};
        constexpr std::int64_t most = 5000; // a Hessian of 200 MB
        if (const std::int64_t count = architecture().parameterCount(); count > most)
            return Conflict{"hidden",
                            fmt::format("The Hessian is of all {} parameters together. Choose layers "
                                        "of at most {}.",
                                        countText(count), countText(most))};
        return std::nullopt;
    }

    MemoryNeed memoryNeed() const override
    {
        const auto parameters = static_cast<double>(architecture().parameterCount());
        // The Hessian, its rows that are not zero, what LAPACK works on; the Jacobian of a piece and its
        // parts.
        const double rows = static_cast<double>(std::min(m_target.count(), hessianSamples));
        const double bytes = sizeof(double) * parameters * (4 * parameters + 3 * rows);
        MemoryNeed need{.models = {{"model", bytes}}, .parameters = {"hidden", "points"}};
        for (std::int64_t number = 1; number <= m_trainings; ++number)
            need.models.emplace_back(nameOf(number), bytes);
        return need;
    }

    void run(Run &run) override
    {
        const TargetSamples target = m_target.sampled(run);
        const Samples samples = functionSamples(target.x, target.y, torchDevice(run.device()), at::kDouble);
        const std::string tolerance = fmt::format("positive: λ > {:g} · max |λ|", double{m_tolerance});
        for (const Chart *chart : {&m_ratioAlong, &m_ratioLoss})
            chart->annotate(run, tolerance);

        run.stage(alongShare);
        const std::vector<std::string> one{"model"};
        run.each(one, std::identity(), [&](const std::string &, Task &task) { trainAlong(task, samples); });

        run.stage(1 - alongShare);
        std::vector<std::int64_t> trainings(static_cast<std::size_t>(m_trainings));
        std::iota(trainings.begin(), trainings.end(), 1);
        std::atomic<int> almostZero{0};
        run.each(trainings, nameOf, [&](std::int64_t number, Task &task) {
            if (trainToZero(task, number, samples).gradientNorm < m_almostZero)
                ++almostZero;
        });
        m_ratioLoss.annotate(run, fmt::format("{}; {} of {} have ‖∇L‖₂ < {:g}", tolerance, almostZero.load(),
                                              trainings.size(), double{m_almostZero}));
    }

private:
    static std::string nameOf(std::int64_t number) { return fmt::format("training {}", number); }

    /// What the loss is like at a point.
    struct Point
    {
        double loss = 0;
        double gradientNorm = 0;
        double ratio = 0;
        Vector eigenvalues; ///< ascending
    };

    Point lookAt(Task &task, const at::Tensor &parameters, const Samples &samples) const
    {
        const Pulse pulse = [&task] { task.pulse(1); };
        const Batch batch = samples.slice(0, samples.count());
        at::Tensor gradient = at::zeros_like(parameters);
        Point point;
        point.loss = makeEngine(architecture(), samples.loss, {parameters.device(), parameters.scalar_type()})
                         ->gradient(parameters, batch, gradient, 0)
                         .loss.item<double>();
        point.gradientNorm = gradient.norm().item<double>();
        point.eigenvalues =
            eigenvalues(hessian(architecture(), samples.loss, parameters, batch, pulse), pulse);
        point.ratio = minimalRatio(point.eigenvalues, m_tolerance);
        return point;
    }

    Architecture architecture() const { return m_hidden.network(m_activation); }

    TrainerOptions onTheLoss(std::int64_t epochs) const
    {
        return {.optimizer = m_method.with(m_learningRate, 0),
                .weights = m_start,
                .schedule = m_schedule.over(epochs)};
    }

    /// View (a): every epoch of one training.
    void trainAlong(Task &task, const Samples &samples)
    {
        Trainer trainer(task, architecture(), samples, onTheLoss(m_epochs));
        task.saveModel(trainer.network().tensors(), "-init");
        Point point;
        m_spectrum.show(task, "eigenvalues", [&] {
            const Histogram bars = histogram(point.eigenvalues, spectrumBins);
            return Chart::Curve{bars.edges, bars.counts};
        });
        for (const std::int64_t epoch : task.epochs(m_epochs, trainer)) {
            trainer.epoch();
            point = lookAt(task, trainer.network().parameters(), samples);
            const auto x = static_cast<double>(epoch);
            m_ratioAlong.add(task, "model", x, point.ratio);
            m_normAlong.add(task, "model", x, point.gradientNorm);
            m_lossAlong.add(task, "model", x, point.loss);
        }
        task.saveModel(trainer.network().tensors());
        for (std::int64_t i = 0; i < point.eigenvalues.size(); ++i)
            m_eigenvalues.add(task, {i + 1, point.eigenvalues[i]});
        m_parameters.set(task, "model",
                         static_cast<double>(trainer.network().architecture().parameterCount()));
        m_loss.set(task, "model", point.loss);
        m_gradientNorm.set(task, "model", point.gradientNorm);
        m_minimalRatio.set(task, "model", point.ratio);
        m_largest.set(task, "model", point.eigenvalues.maxCoeff());
    }

    /// View (b): on the loss first, then on the gradient's norm until it is almost zero. The step size falls
    /// to a thousandth meanwhile: at a kink of a ReLU the gradient jumps, and steps of constant size would
    /// bounce back and forth there.
    Point trainToZero(Task &task, std::int64_t number, const Samples &samples)
    {
        // A step on the norm costs about three on the loss.
        const auto onLoss = static_cast<double>(m_lossEpochs), onNorm = 3 * static_cast<double>(m_normEpochs);
        const double all = std::max(onLoss + onNorm, 1.0);
        task.stage(onLoss / all);
        Trainer first(task, architecture(), samples, onTheLoss(m_lossEpochs));
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(m_lossEpochs, first))
            first.epoch();

        task.stage(onNorm / all);
        Trainer onTheNorm(task, architecture(), samples,
                          {.optimizer = m_method.with(m_learningRate, 0),
                           .objective = Objective::GradientNorm,
                           .start = first.network().parameters()});
        const at::Tensor &parameters = onTheNorm.network().parameters();
        at::Tensor flattest = parameters.clone(); // where the norm was least on the way
        double least = std::numeric_limits<double>::infinity();
        for (const std::int64_t epoch : task.epochs(m_normEpochs, onTheNorm)) {
            const double done = static_cast<double>(epoch - 1) / static_cast<double>(m_normEpochs);
            onTheNorm.setLearningRate(m_learningRate * std::pow(1e-3, done));
            const at::Tensor before = parameters.clone();
            const double norm = onTheNorm.epoch().loss; // of `before`
            if (norm < least) {
                least = norm;
                flattest = before;
            }
            if (norm < m_almostZero)
                break;
        }

        const Point point = lookAt(task, flattest, samples);
        m_ratioLoss.add(task, "trainings", point.ratio, point.loss);
        m_trainingRows.add(task, {number, point.loss, point.gradientNorm, point.ratio});
        return point;
    }

    Layers m_hidden{this,
                    "hidden",
                    "Hidden layers",
                    {.standard = "400",
                     .task = functionTask(),
                     .help = "Their widths. 128 is the cheap variant that the published code used."}};
    ActivationChoice m_activation{this};
    StartChoice m_start{this};
    TargetChoice m_target{this, {}};
    MethodChoice m_method{this, /*decays=*/false};
    LearningRateChoice m_learningRate{this, 4e-4};
    ScheduleChoice m_schedule{this};
    Int m_epochs{this,
                 "epochs",
                 "One training",
                 {.standard = 100,
                  .min = 1,
                  .max = 100000,
                  .unit = "epochs",
                  .help = "The Hessian is computed after every one.",
                  .group = "One training"}};
    Int m_trainings{this,
                    "trainings",
                    "Number of trainings",
                    {.standard = 100,
                     .min = 1,
                     .max = 1000,
                     .quick = 30,
                     .help = "Each from a start of its own; each gives one point.",
                     .group = "Many trainings",
                     .decides = false}};
    Int m_lossEpochs{
        this,
        "loss-epochs",
        "Each: on the loss",
        {.standard = 5000, .min = 0, .max = 100000, .unit = "epochs", .group = "Many trainings"}};
    Int m_normEpochs{
        this,
        "norm-epochs",
        "Then on the norm, at most",
        {.standard = 1000,
         .min = 0,
         .max = 100000,
         .unit = "epochs",
         .help =
             "A training ends earlier when its gradient is almost zero. Meanwhile the learning rate falls "
             "to a thousandth.",
         .group = "Many trainings"}};
    Real m_almostZero{
        this,
        "almost-zero",
        "Almost zero",
        {.standard = 1e-3,
         .max = 1,
         .scale = Scale::Log,
         .help = "Gradient norm below which a training ends. One that settles above it is kept all the same: "
                 "the table lists the norm of each.",
         .group = "Many trainings"}};
    Real m_tolerance{this,
                     "tolerance",
                     "Tolerance",
                     {.standard = 1e-7,
                      .max = 1,
                      .scale = Scale::Log,
                      .unit = "· max |λ|",
                      .help =
                          "An eigenvalue λ counts as positive above this share of the largest absolute one. "
                          "ReLU makes many of them exactly or nearly zero.",
                      .group = "Hessian"}};

    Chart m_ratioAlong{this,        "ratio-along",         "Minimal ratio",
                       epochAxis(), Axis{"Minimal ratio"}, {.series = {{"model", "minimal ratio"}}}};
    Chart m_normAlong{this,
                      "norm-along",
                      "Gradient norm",
                      epochAxis(),
                      Axis{"‖∇L‖₂", Scale::Log},
                      {.series = {{"model", "gradient norm"}}, .sharesX = "ratio-along"}};
    Chart m_lossAlong{this,
                      "loss-along",
                      "Loss",
                      epochAxis(),
                      Axis{"Mean squared error", Scale::Log},
                      {.series = {{"model", "loss"}}, .sharesX = "norm-along"}};
    Chart m_ratioLoss{this,
                      "ratio-loss",
                      "Many trainings",
                      Axis{"Minimal ratio"},
                      Axis{"Mean squared error"},
                      {.series = {{"trainings", "one point per training", Mark::Points}}, .sorted = true}};
    Chart m_spectrum{this,
                     "spectrum",
                     "Spectrum",
                     Axis{"Eigenvalue λ"},
                     Axis{.title = "Number of eigenvalues", .scale = Scale::Log, .whole = true},
                     {.series = {{"eigenvalues", "eigenvalues", Mark::Bars}}}};

    Table m_trainingRows{this,
                         "trainings",
                         "Trainings",
                         {{"training", "Training"},
                          {"loss", "Loss"},
                          {"gradient-norm", "Gradient norm"},
                          {"minimal-ratio", "Minimal ratio"}},
                         Rows::Sorted};
    Table m_eigenvalues{
        this, "eigenvalues", "Eigenvalues", {{"number", "Number"}, {"eigenvalue", "Eigenvalue"}}};

    Figure m_parameters{
        this,
        "parameters",
        "Parameters",
        Format::Number,
        {{.model = "model", .value = 1201}, {.model = "model", .value = 385, .where = {{"hidden", {"128"}}}}},
        {{"hidden"}}};
    Figure m_loss{this, "loss", "Loss, one training"};
    Figure m_gradientNorm{this, "gradient-norm", "Gradient norm, one training"};
    Figure m_minimalRatio{this, "minimal-ratio", "Minimal ratio, one training"};
    Figure m_largest{this, "largest-eigenvalue", "Largest eigenvalue, one training"};
};

} // namespace

std::unique_ptr<Experiment> makeGradientZero()
{
    return std::make_unique<GradientZero>();
}

} // namespace losslab
