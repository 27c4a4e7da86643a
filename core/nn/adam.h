#pragma once

#include "nn/adamoptions.h"

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

private:
    template <class T>
    void update(const at::Tensor &parameters, const at::Tensor &gradient);

    AdamOptions m_options;
    at::Tensor m_mean;     ///< of the gradient [P]
    at::Tensor m_variance; ///< uncentred [P]
    std::int64_t m_steps = 0;
    at::Tensor m_deviceSteps; ///< the same where a GPU reads it, 0-dimensional float
};

} // namespace losslab
