#pragma once

#include "analysis/matrix.h"
#include "nn/architecture.h"
#include "nn/engine.h"
#include "nn/pulse.h"

#include <vector>

namespace losslab {

/// The Gauss–Newton matrices 2/N JᵀJ of the mean squared error of a network with one output, one of each
/// weight and each bias alone, in the order of Architecture::parameters(): J [N, size] is the Jacobian of the
/// outputs with respect to it. None of their eigenvalues is negative. `parameters` [P] and the batch in
/// double.
std::vector<Matrix> gaussNewtonBlocks(const Architecture &architecture, const at::Tensor &parameters,
                                      const Batch &batch, const Pulse &pulse = {});

/// The mean over weights and biases of the minimal ratio of their Gauss–Newton matrices.
double gaussNewtonRatio(const Architecture &architecture, const at::Tensor &parameters, const Batch &batch,
                        double tolerance, const Pulse &pulse = {});

} // namespace losslab
