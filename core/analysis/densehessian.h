#pragma once

#include "analysis/matrix.h"
#include "nn/architecture.h"
#include "nn/engine.h"
#include "nn/pulse.h"

namespace losslab {

/// The Hessian [P, P] of the mean squared error of a dense network, of any depth and activation, over a
/// batch. `parameters` [P] in double. Forward over reverse (Pearlmutter 1994, “Fast exact multiplication by
/// the Hessian”): with R the derivative in a direction, z = W h + b a layer's input, h = σ(z), g = ∂L/∂h and
/// δ = ∂L/∂z,
///     R z = (R W) h + W R h + R b,  R h = σ'(z) R z,  R δ = σ'(z) R g + σ''(z) g R z,  R ∂L/∂W = R (δ hᵀ)
/// for many unit directions at once, and of each layer's only against itself and the layers above.
Matrix denseHessian(const DenseForm &form, const at::Tensor &parameters, const Batch &batch,
                    const Pulse &pulse = {});

} // namespace losslab
