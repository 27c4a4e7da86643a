#include "experiments/optimizerchoice.h"
#include "experiments/taskchoice.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runspec.h"
#include "train/trainer.h"

namespace losslab {

namespace {

/// How large is the gradient on the way to a minimum? Of a network with one hidden layer that learns
/// sin(5πx)/(5πx), or of any other.
class GradientNorm final : public Experiment
{
public:
    GradientNorm()
        : Experiment({.id = "gradient-norm",
                      .title = "Gradient norm",
                      .question = "How does the gradient's norm change while the loss falls?",
                      .promise = "train a network on sin(5πx)/(5πx), another function or images, from five "
                                 "random starts, and watch its gradient norm and its loss by epoch or "
                                 "iteration.",
                      .part = Part::Optimization,
                      .needsImages = true,
                      .imagesWhen = TaskChoice::onImages(),
                      .repeats = 5})
    {}

    MemoryNeed memoryNeed() const override
    {
        return {.models = {{"model", m_task.bytes(m_task.network(m_activation))}},
                .parameters = {m_task.ofImages() ? m_task.key("batch") : "points", m_task.key("hidden")}};
    }

    void normalize() override { m_task.normalize(); }

    void run(Run &run) override
    {
        Task &task = run.task("model");
        Trainer trainer(task, m_task.network(m_activation), m_task.data(run).training, options());
        task.saveModel(trainer.network().tensors(), "-init");
        if (!byIteration())
            m_loss.follow(task, "model");
        for (const std::int64_t epoch : task.epochs(m_task.epochs(), trainer)) {
            if (byIteration())
                while (const auto step = trainer.step())
                    add(task, step->step, *step);
            else
                add(task, epoch, trainer.epoch());
        }
        task.saveModel(trainer.network().tensors());
        m_parameters.set(task, "model",
                         static_cast<double>(trainer.network().architecture().parameterCount()));
        m_finalEpochs.set(task, "model", static_cast<double>(trainer.epochsDone()));
        m_finalLoss.set(task, "model", trainer.figures().loss);
        m_finalNorm.set(task, "model", trainer.figures().gradientNorm);
    }

private:
    TrainerOptions options() const
    {
        TrainerOptions options{.optimizer = m_optimizer,
                               .batchSize = m_task.batchSize(),
                               .gradientNorm = true,
                               .weights = m_start,
                               .schedule = m_schedule.over(m_task.epochs())};
        if (m_converged > 0)
            options.convergence = Convergence::Limits{
                .loss = m_converged, .changeBefore = m_converged / 100, .lastChange = m_converged / 100};
        return options;
    }

    bool byIteration() const { return m_measured.is("iteration"); }

    /// `Figures`: of an epoch or of a step.
    template <class Figures>
    void add(Task &task, std::int64_t x, const Figures &figures) const
    {
        m_norm.add(task, "model", static_cast<double>(x), figures.gradientNorm);
        m_loss.add(task, "model", static_cast<double>(x), figures.loss);
    }

    void follow(ChartInfo &info, const RunSpec &spec) const
    {
        info.x.title = m_measured.in(spec) == "iteration" ? "Iteration" : "Epoch";
        if (info.id == "loss")
            info.y.title = m_task.lossTitle(spec);
    }
    ChartOptions follows(ChartOptions options) const
    {
        options.follow = [this](ChartInfo &info, const RunSpec &spec) { follow(info, spec); };
        return options;
    }

    TaskChoice m_task{this,
                      {.slides = TaskChoice::Learns::Images,
                       .function = {.layers = "400", .epochs = 3000},
                       .images = {.layers = "100", .epochs = 20, .batchSize = 128},
                       .epochsLabel = "At most",
                       .epochsHelp = "Training ends earlier when it has converged.",
                       .mostEpochs = 100000}};
    ActivationChoice m_activation{this};
    StartChoice m_start{this};
    OptimizerChoice m_optimizer{this, {.ofDecay = "; the norm drawn is the one before it is added"}};
    ScheduleChoice m_schedule{this};
    Real m_converged{this,
                     "converged",
                     "Converged below",
                     {.standard = 1e-3,
                      .max = 1,
                      .scale = Scale::Log,
                      .slides = 0,
                      .help =
                          "Training ends when the loss of an epoch is below this and has settled: its last "
                          "two changes are less than a hundredth of it. 0: never."}};
    Choice m_measured{
        this,
        "measured",
        "Measured every",
        {.standard = "epoch",
         .options = {{"epoch", "epoch"}, {"iteration", "iteration"}},
         .slides = "iteration",
         .help =
             "An iteration is one step: norm and loss are those of its batch. An epoch's loss is the mean "
             "over its batches, its norm that of the last one. With all samples in a batch, the two are "
             "the same.",
         .group = "Picture",
         .decides = false}};

    Chart m_norm{this,
                 "norm",
                 "Gradient norm",
                 epochAxis(),
                 Axis{"‖∇L‖₂", Scale::Log},
                 follows({.series = {{"model", "gradient norm"}}})};
    Chart m_loss{this,
                 "loss",
                 "Loss",
                 epochAxis(),
                 Axis{"Mean squared error", Scale::Log},
                 follows({.series = {{"model", "training loss"}}, .sharesX = "norm"})};

    Figure m_parameters{this,
                        "parameters",
                        "Parameters",
                        Format::Number,
                        {{.model = "model", .value = 1201}},
                        m_task.sizeKeys()};
    Figure m_finalEpochs{
        this, "epochs", "Epochs trained", Format::Epochs, {{.model = "model", .value = 1650, .upTo = 1750}}};
    Figure m_finalLoss{this, "loss", "Final loss", Format::Number, {{.model = "model", .value = 0.000998}}};
    Figure m_finalNorm{this,
                       "gradient-norm",
                       "Final gradient norm",
                       Format::Number,
                       {{.model = "model", .value = 0.01, .upTo = 0.02}}};
};

} // namespace

std::unique_ptr<Experiment> makeGradientNorm()
{
    return std::make_unique<GradientNorm>();
}

} // namespace losslab
