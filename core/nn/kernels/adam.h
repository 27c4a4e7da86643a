#pragma once

#include "nn/adamoptions.h"

#include <cstddef>

/// Kernels work on plain memory, with the widest vectors that the processor they run on has.
namespace losslab::kernels {

/// What one of Adam's updates needs beside gradient and moments; the same for all parameters.
template <class T>
struct AdamCoefficients
{
    T beta1, oneMinusBeta1;
    T beta2, oneMinusBeta2;
    T weightDecay;
    T stepSize;       ///< learning rate / (1 - β₁ᵗ)
    T rootCorrection; ///< 1 / √(1 - β₂ᵗ)
    T epsilon;

    /// For the t-th update, from 1.
    AdamCoefficients(const AdamOptions &options, double t);
};

/// Update t of `count` parameters in place, as torch.optim.Adam does it (Kingma and Ba 2015):
///     g ← g + λ p, m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²
///     p ← p - lr / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)
void adam(const AdamCoefficients<float> &coefficients, float *parameters, float *mean, float *variance,
          const float *gradient, std::size_t count);
void adam(const AdamCoefficients<double> &coefficients, double *parameters, double *mean, double *variance,
          const double *gradient, std::size_t count);

} // namespace losslab::kernels
