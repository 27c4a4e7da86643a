#pragma once

#include "nn/optimizer.h"

#include <cstddef>

/// Kernels work on plain memory, with the widest vectors that the processor they run on has.
namespace losslab::kernels {

/// What one update needs beside gradient and state; the same for all parameters.
template <class T>
struct UpdateCoefficients
{
    Optimizer::Method method;
    bool nesterov;
    T momentum;                           ///< β₁ of Adam
    T oneMinusMomentum;                   ///< of Adam; else 1
    T squaresDecay, oneMinusSquaresDecay; ///< β₂ of Adam, α of RMSprop; 1 and 1 of Adagrad
    T weightDecay;                        ///< the L2 term
    T kept;                               ///< of the parameters, by AdamW's decay; else 1
    T stepSize;                           ///< learning rate; of Adam / (1 - β₁ᵗ)
    T rootCorrection;                     ///< of Adam 1 / √(1 - β₂ᵗ); else 1
    T epsilon;

    /// For the t-th update, from 1.
    UpdateCoefficients(const Optimizer &optimizer, double t);
};

/// Update t of `count` parameters in place, with their state, as torch.optim does it. Of Adam, with m the
/// momentum and v the squares:
///     g ← g + λ p, m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²
///     p ← p - lr / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)
/// AdamW: p ← (1 - lr λ) p in place of g + λ p. SGD: m ← μ m + g, p ← p - lr m, or by Nesterov
/// p ← p - lr (g + μ m). RMSprop: v ← α v + (1 - α) g², m ← μ m + g / (√v + ε), p ← p - lr m. Adagrad:
/// v ← v + g², p ← p - lr g / (√v + ε).
void update(const UpdateCoefficients<float> &coefficients, float *parameters, float *momentum, float *squares,
            const float *gradient, std::size_t count);
void update(const UpdateCoefficients<double> &coefficients, double *parameters, double *momentum,
            double *squares, const double *gradient, std::size_t count);

} // namespace losslab::kernels
