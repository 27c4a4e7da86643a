#pragma once

#include "nn/activation.h"

#include <cstddef>

namespace losslab::kernels {

/// values [count] ← f(values), and slopes [count] ← f'(values) where `slopes` is not nullptr. T is float or
/// double, to some units in the last place.
template <class T>
void activate(Activation activation, T *values, T *slopes, std::size_t count);

/// Whether the way back needs its slopes: ReLU's outputs tell them, and without an activation there are none.
constexpr bool hasSlopes(Activation activation)
{
    return activation != Activation::Relu && activation != Activation::None;
}

} // namespace losslab::kernels
