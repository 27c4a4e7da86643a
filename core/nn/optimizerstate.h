#pragma once

#include <ATen/ATen.h>
#include <cstdint>

namespace losslab {

/// What an optimizer keeps between two steps, in the order of the parameters whatever an engine's own is:
/// with it and the parameters, training goes on as if it had not been left.
struct OptimizerState
{
    /// [P], in the parameters' type: Adam's mean of the gradient, SGD's and RMSprop's momentum; else zeros.
    at::Tensor momentum;
    /// [P]: Adam's and RMSprop's mean of the squared gradient, Adagrad's sum of it; else zeros.
    at::Tensor squares;
    std::int64_t steps = 0;
};

} // namespace losslab
