#pragma once

#include "lab/run.h"
#include "nn/engine.h"
#include "nn/network.h"
#include "train/convergence.h"
#include "train/samples.h"
#include "train/schedule.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace losslab {

struct TrainerOptions
{
    Optimizer optimizer;
    std::int64_t batchSize = 0;            ///< 0: all samples in one batch, in their order
    Precision precision = Precision::Full; ///< of training; bfloat16 for dense classifiers alone
    bool gradientNorm = false;             ///< whether EpochFigures::gradientNorm is wanted
    Objective objective = Objective::Loss; ///< GradientNorm: EpochFigures::loss is that norm
    bool sharedStart = false;              ///< start as the run's other models of this architecture do
    std::optional<Convergence::Limits> convergence = {}; ///< of the loss: training ends when they hold
    WeightStart weights = WeightStart::Standard;
    Schedule schedule = {};
    at::Tensor start = {}; ///< parameters [P] to start from; undefined: drawn from the seed
    /// Sees every batch's gradient [P] before the update.
    std::function<void(const at::Tensor &)> onGradient = {};
};

/// What was seen during an epoch, as means over its samples, before each batch's update.
struct EpochFigures
{
    double loss = 0;
    double accuracy = 0;     ///< share of labels hit; 0 for regression
    double gradientNorm = 0; ///< ‖∇L‖₂ of the last batch, before weight decay is added
};

/// What was seen in one step, before its update.
struct StepFigures
{
    std::int64_t step = 0; ///< from 1, over all epochs
    double loss = 0;       ///< of its batch, as a mean
    double learningRate = 0;
    double gradientNorm = 0; ///< as in EpochFigures
};

/// Trains a network on samples. Batches are drawn without replacement, reshuffled every epoch by a
/// stream that depends on the run's seed and the epoch alone; a last, partial batch is kept.
class Trainer final : public Training
{
public:
    Trainer(Task &task, Architecture architecture, Samples samples, TrainerOptions options);
    Trainer(const Trainer &) = delete;
    Trainer &operator=(const Trainer &) = delete;

    std::string status() const override;
    bool settled() const override { return m_settled; }
    /// Whether it converged, died, or ended above where it began, as measured on the first samples.
    std::vector<Remark> remarks() override;
    void save(TrainingState &state) const override;
    void restore(const TrainingState &state) override;

    /// One pass over the samples. Throws RunError where the loss is no longer a number, naming model and
    /// epoch.
    EpochFigures epoch();
    std::int64_t epochsDone() const { return m_epochsDone; }

    /// The same batch by batch, where each is to be seen: nothing once the epoch is complete, and the next
    /// call begins another. What is left of an epoch that was begun so, epoch() completes; after a stop,
    /// either goes on with the next batch. Waits for the device at every step.
    std::optional<StepFigures> step();
    /// Those of the last epoch that is complete.
    const EpochFigures &figures() const { return m_figures; }

    /// The optimizer's, for the steps that follow.
    void setLearningRate(double rate);

    const Network &network() const { return m_network; }
    /// Outputs for these samples in evaluation mode.
    at::Tensor outputs(const at::Tensor &inputs) { return m_engine->outputs(m_network.parameters(), inputs); }
    Engine &engine() { return *m_engine; }

private:
    std::int64_t batchSize() const;
    double learningRate() const;
    bool trainOnNext();
    void endEpoch();
    at::Tensor order() const;
    std::uint64_t dropoutSeed(std::int64_t first) const;
    EpochFigures checked(const EpochFigures &figures) const;
    double lossOnFirst();
    bool isDead() const;
    void tellLoss(std::int64_t samples);

    Task *m_task;
    Network m_network;
    Samples m_samples;
    TrainerOptions m_options;
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<Learner> m_learner;
    std::uint64_t m_dropoutStream;
    EpochFigures m_figures;
    std::int64_t m_epochsDone = 0;
    std::int64_t m_steps = 0; ///< over all epochs
    at::Tensor m_order;       ///< of the samples in the running epoch
    bool m_inEpoch = false;
    std::int64_t m_trained = 0; ///< samples of the running epoch
    double m_share = 0;         ///< of the epoch, done
    std::optional<Convergence> m_convergence;
    bool m_settled = false;
    double m_startLoss = 0; ///< on the first samples, before the first step
    struct Told
    {
        std::int64_t samples = 0;
        double lossSum = 0;
    };
    Told m_told; ///< of the running epoch's loss
};

struct Evaluation
{
    double loss = 0;
    double accuracy = 0;
    std::vector<double> classAccuracy; ///< by label; not-a-number for a label without samples

    /// See Keeping.
    std::vector<double> numbers() const;
    static Evaluation ofNumbers(const std::vector<double> &numbers);
};

/// Mean loss and accuracy in evaluation mode of a network with these parameters [P]; of a regression, which
/// has no classes, the loss alone. Pauses and stops with the task.
Evaluation evaluate(Task &task, Engine &engine, const at::Tensor &parameters, const Samples &samples,
                    int classes);

inline Evaluation evaluate(Task &task, Trainer &trainer, const Samples &samples, int classes)
{
    return evaluate(task, trainer.engine(), trainer.network().parameters(), samples, classes);
}

} // namespace losslab
