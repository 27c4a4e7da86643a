#pragma once

#include <ATen/ATen.h>

namespace losslab::test {

/// ‖a - b‖₂ / ‖b‖₂.
inline double relativeDifference(const at::Tensor &a, const at::Tensor &b)
{
    return ((a - b).norm() / b.norm()).item<double>();
}

} // namespace losslab::test
