#pragma once

#include <cstddef>

/// Networks 1-h-1: f(x) = Σⱼ vⱼ max(wⱼ x + bⱼ, 0) + c. Hidden units are taken one after the other and leave
/// nothing in memory. Parameters [3h + 1] are w, b, v, c, as PyTorch has them. Rows of samples are as in
/// lanes.h. T is float or double.
namespace losslab::kernels {

/// y[s] = f(x[s]).
template <class T>
void unitsForward(const T *parameters, std::size_t hidden, const T *x, T *y, std::size_t samples);

/// gradient [3h + 1] += Σₛ dy[s] ∂f(x[s])/∂parameters. dy is 0 in the padding; `scratch` is one more row.
template <class T>
void addUnitsGradient(const T *parameters, std::size_t hidden, const T *x, const T *dy, T *scratch,
                      std::size_t samples, T *gradient);

} // namespace losslab::kernels
