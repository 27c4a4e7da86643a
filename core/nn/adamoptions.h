#pragma once

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

} // namespace losslab
