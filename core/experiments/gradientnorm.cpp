#include "experiments/optimizerchoice.h"
#include "experiments/targetchoice.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "train/footprint.h"
#include "train/trainer.h"

namespace losslab {

namespace {

/// How large is the gradient on the way to a minimum? A network with one hidden layer learns sin(5πx)/(5πx).
class GradientNorm final : public Experiment
{
public:
    GradientNorm()
        : Experiment({.id = "gradient-norm",
                      .title = "Gradient norm",
                      .question = "How does the gradient's norm change while the loss falls?",
                      .promise = "train a network on sin(5πx)/(5πx), or another function, from five random "
                                 "starts, and watch its gradient norm and its loss at every epoch.",
                      .part = Part::Optimization,
                      .repeats = 5})
    {}

    MemoryNeed memoryNeed() const override
    {
        return {.models = {{"model", trainingBytes(m_hidden.network(m_activation), Loss::MeanSquaredError,
                                                   m_target.count())}},
                .parameters = {"points", "hidden"}};
    }

    void normalize() override { m_target.normalize(); }

    void run(Run &run) override
    {
        Task &task = run.task("model");
        const TargetSamples target = m_target.sampled(run);
        const TrainerOptions options{
            .optimizer = m_optimizer,
            .gradientNorm = true,
            .convergence = Convergence::Limits{.loss = 1e-3, .changeBefore = 1e-5, .lastChange = 1e-5},
            .weights = m_start,
            .schedule = m_schedule.over(m_epochs)};
        Trainer trainer(task, m_hidden.network(m_activation),
                        functionSamples(target.x, target.y, torchDevice(run.device())), options);
        task.saveModel(trainer.network().tensors(), "-init");

        EpochFigures figures;
        for (const std::int64_t epoch : task.epochs(m_epochs, trainer)) {
            figures = trainer.epoch();
            m_norm.add(task, "model", static_cast<double>(epoch), figures.gradientNorm);
            m_loss.add(task, "model", static_cast<double>(epoch), figures.loss);
        }
        task.saveModel(trainer.network().tensors());
        m_parameters.set(task, "model",
                         static_cast<double>(trainer.network().architecture().parameterCount()));
        m_finalEpochs.set(task, "model", static_cast<double>(trainer.epochsDone()));
        m_finalLoss.set(task, "model", figures.loss);
        m_finalNorm.set(task, "model", figures.gradientNorm);
    }

private:
    Layers m_hidden{this,
                    "hidden",
                    "Hidden layers",
                    {.standard = "400", .task = functionTask(), .help = "Their widths, such as 20, 20."}};
    ActivationChoice m_activation{this};
    StartChoice m_start{this};
    TargetChoice m_target{this, {}};
    OptimizerChoice m_optimizer{this, {.ofDecay = "; the norm drawn is the one before it is added"}};
    ScheduleChoice m_schedule{this};
    Int m_epochs{this,
                 "epochs",
                 "At most",
                 {.standard = 3000,
                  .min = 1,
                  .max = 100000,
                  .unit = "epochs",
                  .help = "Training ends earlier when the loss is below 0.001 and its last two changes are "
                          "below 0.00001."}};

    Chart m_norm{this,
                 "norm",
                 "Gradient norm",
                 epochAxis(),
                 Axis{"‖∇L‖₂", Scale::Log},
                 {.series = {{"model", "gradient norm"}}}};
    Chart m_loss{this,
                 "loss",
                 "Loss",
                 epochAxis(),
                 Axis{"Mean squared error", Scale::Log},
                 {.series = {{"model", "training loss"}}, .sharesX = "norm"}};

    Figure m_parameters{
        this, "parameters", "Parameters", Format::Number, {{.model = "model", .value = 1201}}, {{"hidden"}}};
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
