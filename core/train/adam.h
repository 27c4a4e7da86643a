#pragma once

#include <ATen/ATen.h>

namespace losslab {

/// Adam (Kingma and Ba 2015) with PyTorch's defaults; weight decay is the L2 term added to the gradient, as
/// in torch.optim.Adam, not AdamW's.
struct AdamOptions
{
    double learningRate = 1e-3;
    double weightDecay = 0;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
};

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
    AdamOptions m_options;
    at::Tensor m_mean;     ///< of the gradient [P]
    at::Tensor m_variance; ///< uncentred [P]
    at::Tensor m_steps;    ///< count of steps taken, 0-dimensional float
};

} // namespace losslab
