#pragma once

#include "nn/adamoptions.h"
#include "nn/adamstate.h"

#include <ATen/ATen.h>

namespace losslab {

/// On LibTorch's contiguous tensors in float or double, on any device.
class Adam
{
public:
    /// For flat parameters [P] of this type and device.
    Adam(const at::Tensor &parameters, AdamOptions options);

    /// For the steps that follow.
    void setLearningRate(double rate) { m_options.learningRate = rate; }

    /// Changes the parameters in place, given the loss gradient [P].
    void step(const at::Tensor &parameters, const at::Tensor &gradient);

    /// A copy.
    AdamState state() const { return {m_state.mean.clone(), m_state.variance.clone(), m_state.steps}; }
    void setState(const AdamState &state);

private:
    template <class T>
    void update(const at::Tensor &parameters, const at::Tensor &gradient);

    AdamOptions m_options;
    AdamState m_state;
    at::Tensor m_deviceSteps; ///< its steps where a GPU reads them, 0-dimensional float
};

} // namespace losslab
