#include "analysis/jacobian.h"
#include "analysis/signedspectrum.h"
#include "base/numbertext.h"
#include "experiments/curvaturechoice.h"
#include "experiments/optimizerchoice.h"
#include "experiments/targetchoice.h"
#include "experiments/zerogradientchoice.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "train/kept.h"
#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

namespace losslab {

namespace {

constexpr int barsPerDecade = 4;   ///< of the spectrum
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
        return m_way.conflict(architecture().parameterCount(), m_target.count());
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
        for (const Chart *chart : {&m_ratioAlong, &m_ratioLoss})
            chart->annotate(run, m_curvature.text());
        m_spectrum.annotate(run, fmt::format("zero: |λ| ≤ {:g} · max |λ|", m_curvature.tolerance()));

        run.stage(alongShare);
        const std::vector<std::string> one{"model"};
        run.each(one, std::identity(), [&](const std::string &, Task &task) { trainAlong(task, samples); });

        run.stage(1 - alongShare);
        std::vector<std::int64_t> trainings(static_cast<std::size_t>(m_trainings));
        std::iota(trainings.begin(), trainings.end(), 1);
        tellAll(run, run.collect(trainings, nameOf, [&](std::int64_t number, Task &task) {
            return trainToZero(task, number, samples);
        }));
    }

private:
    static std::string nameOf(std::int64_t number) { return fmt::format("training {}", number); }

    /// What the minimal ratio of many trainings is made of.
    struct End
    {
        double gradientNorm = 0;
        double ratio = 0;
        bool isLowest = false; ///< no step led lower

        std::vector<double> numbers() const { return {gradientNorm, ratio, isLowest ? 1.0 : 0.0}; }
        static End ofNumbers(const std::vector<double> &numbers)
        {
            return {numbers.at(0), numbers.at(1), numbers.at(2) != 0};
        }
    };

    CurvedPoint lookAt(Task &task, const at::Tensor &parameters, const Samples &samples) const
    {
        return m_curvature.at(task, architecture(), parameters, samples);
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
        Kept<CurvedPoint> point(task, "point");
        showSpectrum(task, "negative", &SignedSpectrum::negative, point->eigenvalues);
        showSpectrum(task, "zero", &SignedSpectrum::zero, point->eigenvalues);
        showSpectrum(task, "positive", &SignedSpectrum::positive, point->eigenvalues);
        for (const std::int64_t epoch : task.epochs(m_epochs, trainer)) {
            trainer.epoch();
            point = lookAt(task, trainer.network().parameters(), samples);
            const auto x = static_cast<double>(epoch);
            m_ratioAlong.add(task, "model", x, point->ratio);
            m_normAlong.add(task, "model", x, point->gradientNorm);
            m_lossAlong.add(task, "model", x, point->loss);
        }
        task.saveModel(trainer.network().tensors());
        tellEnd(task, *point, trainer.network().architecture().parameterCount());
    }

    void showSpectrum(Task &task, const std::string &series, Bars SignedSpectrum::*sign,
                      const Vector &eigenvalues)
    {
        m_spectrum.show(task, series, [this, sign, &eigenvalues] {
            const Bars bars = signedSpectrum(eigenvalues, m_curvature.tolerance(), barsPerDecade).*sign;
            return Chart::Curve{bars.edges, bars.counts};
        });
    }

    /// Of the one training.
    void tellEnd(Task &task, const CurvedPoint &point, std::int64_t parameters) const
    {
        for (std::int64_t i = 0; i < point.eigenvalues.size(); ++i)
            m_eigenvalues.add(task, {i + 1, point.eigenvalues[i]});
        m_parameters.set(task, "model", static_cast<double>(parameters));
        m_loss.set(task, "model", point.loss);
        m_gradientNorm.set(task, "model", point.gradientNorm);
        m_minimalRatio.set(task, "model", point.ratio);
        m_largest.set(task, "model", point.eigenvalues.maxCoeff());
        m_positive.set(task, "model", point.shares.positive);
        m_zero.set(task, "model", point.shares.zero);
        m_negative.set(task, "model", point.shares.negative);
    }

    /// View (b): on the loss first, then to where the gradient is almost zero.
    End trainToZero(Task &task, std::int64_t number, const Samples &samples)
    {
        // A step on the norm costs about three on the loss, an iteration of the other ways some thirty.
        const auto onLoss = static_cast<double>(m_lossEpochs),
                   toZero = (m_way.isOnNorm() ? 3 : 30) * static_cast<double>(m_way.steps());
        const double all = std::max(onLoss + toZero, 1.0);
        task.stage(onLoss / all);
        Trainer first(task, architecture(), samples, onTheLoss(m_lossEpochs));
        for ([[maybe_unused]] const std::int64_t epoch : task.epochs(m_lossEpochs, first))
            first.epoch();

        task.stage(toZero / all);
        const at::Tensor &low = first.network().parameters();
        const ZeroGradientChoice::End last =
            m_way.isOnNorm() ? ZeroGradientChoice::End{trainOnNorm(task, samples, low), false}
                             : m_way.descend(task, architecture(), samples, low, m_almostZero);
        low.copy_(last.parameters);
        task.saveModel(first.network().tensors());
        const CurvedPoint point = lookAt(task, low, samples);
        m_ratioLoss.add(task, "trainings", point.ratio, point.loss);
        m_trainingRows.add(task, {number, point.loss, point.gradientNorm, point.ratio, point.shares.positive,
                                  point.shares.zero, point.shares.negative});
        return {point.gradientNorm, point.ratio, last.isLowest};
    }

    /// The flattest point on the way. The step size falls to a thousandth: at a kink of a ReLU the gradient
    /// jumps, and steps of constant size would bounce back and forth there.
    at::Tensor trainOnNorm(Task &task, const Samples &samples, const at::Tensor &start)
    {
        Trainer trainer(task, architecture(), samples,
                        {.optimizer = m_method.with(m_learningRate, 0),
                         .objective = Objective::GradientNorm,
                         .start = start});
        const at::Tensor &parameters = trainer.network().parameters();
        Kept<at::Tensor> flattest(task, "flattest", parameters.clone());
        Kept<double> least(task, "least", std::numeric_limits<double>::infinity());
        const std::int64_t epochs = m_way.steps();
        for (const std::int64_t epoch : task.epochs(epochs, trainer)) {
            const double done = static_cast<double>(epoch - 1) / static_cast<double>(epochs);
            trainer.setLearningRate(m_learningRate * std::pow(1e-3, done));
            const at::Tensor before = parameters.clone();
            const double norm = trainer.epoch().loss; // of `before`
            if (norm < *least) {
                least = norm;
                flattest = before;
            }
            if (norm < m_almostZero)
                break;
        }
        return *flattest;
    }

    /// What the trainings have come to together.
    void tellAll(Run &run, const std::vector<End> &ends) const
    {
        const auto isZero = [this](const End &end) { return end.gradientNorm < m_almostZero; };
        const auto isElsewhere = [&](const End &end) { return end.isLowest && !isZero(end); };
        const auto elsewhere = std::count_if(ends.begin(), ends.end(), isElsewhere);
        m_ratioLoss.annotate(
            run,
            fmt::format("{}; {} of {} have ‖∇L‖₂ < {:g}{}", m_curvature.text(),
                        std::count_if(ends.begin(), ends.end(), isZero), ends.size(), double{m_almostZero},
                        elsewhere > 0 ? fmt::format(", {} ended where no step leads lower", elsewhere) : ""));
        std::vector<double> ratios;
        for (const End &end : ends)
            ratios.push_back(end.ratio);
        m_medianRatio.set(run, "model", summaryOf(ratios).median);
    }

    Layers m_hidden{this,
                    "hidden",
                    "Hidden layers",
                    {.standard = "400",
                     .task = functionTask(),
                     .help = "Their widths. 128 is the cheap variant that the published code used."}};
    ActivationChoice m_activation{this};
    StartChoice m_start{this};
    TargetChoice m_target{this, {.slidesLow = 0}};
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
    ZeroGradientChoice m_way{this};
    Real m_almostZero{
        this,
        "almost-zero",
        "Almost zero",
        {.standard = 1e-3,
         .max = 1,
         .scale = Scale::Log,
         .help = "Gradient norm below which a training ends. One that settles above it is kept all the same: "
                 "the table lists the norm of each. Levenberg–Marquardt and L-BFGS may reach 1e-8.",
         .group = "Many trainings"}};
    CurvatureChoice m_curvature{this};

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
                     Axis{.title = "Eigenvalue λ", .scale = Scale::SymLog},
                     Axis{.title = "Number of eigenvalues", .scale = Scale::Log, .whole = true},
                     {.series = {{"negative", "negative", Mark::Bars},
                                 {"zero", "zero", Mark::Bars},
                                 {"positive", "positive", Mark::Bars}}}};

    Table m_trainingRows{this,
                         "trainings",
                         "Trainings",
                         {{"training", "Training"},
                          {"loss", "Loss"},
                          {"gradient-norm", "Gradient norm"},
                          {"minimal-ratio", "Minimal ratio"},
                          {"positive", "Positive λ", Format::Percent},
                          {"zero", "Zero λ", Format::Percent},
                          {"negative", "Negative λ", Format::Percent}},
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
    Figure m_minimalRatio{this,
                          "minimal-ratio",
                          "Minimal ratio, one training",
                          Format::Number,
                          {{.model = "model",
                            .value = 0.69,
                            .upTo = 0.76,
                            .where = {{"hidden", {"128"}}, {"ratio", {"gauss-newton"}}}}}};
    Figure m_largest{this, "largest-eigenvalue", "Largest eigenvalue, one training"};
    Figure m_positive{this, "positive-share", "Positive eigenvalues, one training", Format::Percent};
    Figure m_zero{this, "zero-share", "Zero eigenvalues, one training", Format::Percent};
    Figure m_negative{this, "negative-share", "Negative eigenvalues, one training", Format::Percent};
    Figure m_medianRatio{this,
                         "median-ratio",
                         "Minimal ratio, median of the trainings",
                         Format::Number,
                         {{.model = "model",
                           .value = 0.25,
                           .upTo = 0.55,
                           .where = {{"low", {"0"}}},
                           .source = homeworkSlides()}},
                         {{"function", "low", "high", "table", "ratio"}}};
};

} // namespace

std::unique_ptr<Experiment> makeGradientZero()
{
    return std::make_unique<GradientZero>();
}

} // namespace losslab
