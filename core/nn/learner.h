#pragma once

#include "nn/architecture.h"
#include "nn/optimizer.h"
#include "nn/optimizerstate.h"

#include <ATen/ATen.h>
#include <cstdint>
#include <functional>
#include <memory>

namespace losslab {

class Engine;
enum class Loss;

/// Inputs [N, …] in the network's type, or images as bytes [N, in], which stand for byte · 1/255; and what
/// they should give: targets [N, out], or labels [N] (int64).
struct Batch
{
    at::Tensor inputs;
    at::Tensor targets;
};

struct LearnerOptions
{
    Optimizer optimizer;
    bool gradientNorm = false; ///< whether EpochTotals::gradientNorm is wanted
    /// Sees every batch's gradient [P] before the update.
    std::function<void(const at::Tensor &)> onGradient = {};
};

/// What the steps since Learner::begin() have shown, each before its update.
struct EpochTotals
{
    double lossSum = 0;      ///< over all samples
    std::int64_t hits = 0;   ///< samples whose label has the largest output; 0 for regression
    double gradientNorm = 0; ///< ‖∇‖₂ of the last batch's objective, before weight decay is added
};

/// Trains a network by an optimizer, batch by batch. Between begin() and finish() the parameters are the
/// learner's own; the optimizer's state is so from the first step to the last.
class Learner
{
public:
    virtual ~Learner() = default;

    /// For the steps that follow.
    virtual void setLearningRate(double rate) = 0;

    /// Takes the parameters [P] over as they stand.
    virtual void begin(const at::Tensor &parameters) = 0;
    /// One update by the gradient of the batch's mean loss. Dropout's masks depend on dropoutSeed alone.
    virtual void step(const Batch &batch, std::uint64_t dropoutSeed) = 0;
    /// EpochTotals::lossSum so far. Waits for the device.
    virtual double lossSum() const = 0;
    /// EpochTotals::gradientNorm so far: of the last step; 0 where it is not wanted. Waits for the device.
    virtual double gradientNorm() const = 0;
    /// Brings the parameters given to begin() up to date.
    virtual EpochTotals finish() = 0;

    /// The optimizer's state as it stands, copied; of no steps before the first begin().
    virtual OptimizerState optimizerState() const = 0;
    /// Goes on from another learner's, of whatever engine. After begin(). Throws std::invalid_argument where
    /// it is not of parameters like these.
    virtual void setOptimizerState(const OptimizerState &state) = 0;

protected:
    static void checkOptimizerState(const OptimizerState &state, const at::Tensor &parameters);
};

/// The engine's own learner, or else one that takes its gradient and then the optimizer's step. The engine
/// must outlive it.
std::unique_ptr<Learner> makeLearner(Engine &engine, Loss loss, LearnerOptions options);

} // namespace losslab
