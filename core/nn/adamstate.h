#pragma once

#include <ATen/ATen.h>
#include <cstdint>

namespace losslab {

/// What Adam keeps between two steps, in the order of the parameters whatever an engine's own is: with it and
/// the parameters, training goes on as if it had not been left.
struct AdamState
{
    at::Tensor mean;     ///< of the gradient [P], in the parameters' type
    at::Tensor variance; ///< uncentred [P]
    std::int64_t steps = 0;
};

} // namespace losslab
