#pragma once

#include "nn/activation.h"

#include <cstddef>

namespace losslab::kernels {

/// values [count] ← f(values), and slopes [count] ← f'(values) where `slopes` is not nullptr. T is float or
/// double, to some units in the last place.
template <class T>
void activate(Activation activation, T *values, T *slopes, std::size_t count);

} // namespace losslab::kernels
