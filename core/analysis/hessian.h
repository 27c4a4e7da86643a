#pragma once

#include "analysis/matrix.h"
#include "nn/engine.h"
#include "nn/pulse.h"

#include <functional>

namespace losslab {

/// Second derivatives [P, P] of a scalar function at `parameters` [P], row by row through autograd: the
/// reference.
Matrix hessianOf(const std::function<at::Tensor(const at::Tensor &)> &function, const at::Tensor &parameters,
                 const Pulse &pulse = {});

/// The Hessian [P, P] of the mean loss over a batch, with all parameters together. `parameters` [P] in
/// double. A network with one hidden layer and the mean squared error goes the direct way: with f the output
/// of a sample, r its residual and J the Jacobian of all outputs [N, P],
///     H = 2/N (JᵀJ + Σ r ∇²f)
/// (Gauss–Newton term and curvature of the network), other dense ones with this loss through denseHessian();
/// any other goes through hessianOf().
Matrix hessian(const Architecture &architecture, Loss loss, const at::Tensor &parameters, const Batch &batch,
               const Pulse &pulse = {});

/// Eigenvalues of a symmetric matrix [P, P], ascending.
Vector eigenvalues(const Matrix &symmetric, const Pulse &pulse = {});

/// The share of eigenvalues λ > tolerance · max |λ|. Not-a-number for none.
double minimalRatio(const Vector &eigenvalues, double tolerance);

} // namespace losslab
