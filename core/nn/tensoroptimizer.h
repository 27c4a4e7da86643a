#pragma once

#include "nn/optimizer.h"
#include "nn/optimizerstate.h"

#include <ATen/ATen.h>

namespace losslab {

/// An optimizer on LibTorch's contiguous tensors in float or double, on any device.
class TensorOptimizer
{
public:
    /// For flat parameters [P] of this type and device.
    TensorOptimizer(const at::Tensor &parameters, const Optimizer &optimizer);

    /// For the steps that follow.
    void setLearningRate(double rate) { m_optimizer.learningRate = rate; }

    /// Changes the parameters in place, given the loss gradient [P].
    void step(const at::Tensor &parameters, const at::Tensor &gradient);

    /// A copy.
    OptimizerState state() const
    {
        return {m_state.momentum.clone(), m_state.squares.clone(), m_state.steps};
    }
    void setState(const OptimizerState &state);

private:
    template <class T>
    void update(const at::Tensor &parameters, const at::Tensor &gradient);
    void updateOnDevice(const at::Tensor &parameters, const at::Tensor &gradient);

    Optimizer m_optimizer;
    OptimizerState m_state;
    at::Tensor m_deviceSteps; ///< its steps where a GPU reads them, 0-dimensional float
};

} // namespace losslab
