#pragma once

#include "nn/engine.h"
#include "nn/lanes/lanesnetwork.h"

namespace losslab {

/// Small dense regressions: an activation between fully connected layers and the mean squared error, on the
/// CPU, one thread a network. Samples lie in the lanes of vectors (see LanesNetwork), and a training step
/// calls no library. T is float or double.
template <class T>
class LanesEngine final : public Engine
{
public:
    LanesEngine(const Architecture &architecture, Objective objective);

    Step gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                  std::uint64_t dropoutSeed) override;
    at::Tensor outputs(const at::Tensor &parameters, const at::Tensor &inputs) override;
    std::unique_ptr<Learner> ownLearner(const LearnerOptions &options) override;

    /// As gradient(), on memory: returns the loss, or with Objective::GradientNorm that norm.
    double gradient(const T *parameters, const typename LanesNetwork<T>::Batch &batch, T *gradient);

    /// H · direction [P], H being the Hessian of the batch's mean loss.
    at::Tensor hessianProduct(const at::Tensor &parameters, const at::Tensor &direction, const Batch &batch);

private:
    LanesNetwork<T> m_network;
    Objective m_objective;
    std::vector<T> m_direction; ///< ∇L / ‖∇L‖ [P]
};

/// Whether a LanesEngine is made for this; the gradient's norm it follows with ReLU alone.
bool suitsLanes(const Architecture &architecture, Loss loss, const Workload &workload,
                Objective objective = Objective::Loss);

} // namespace losslab
