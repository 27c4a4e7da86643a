#pragma once

#include "analysis/matrix.h"
#include "nn/architecture.h"
#include "nn/pulse.h"

namespace losslab {

/// Samples whose Jacobian and tangents are in memory at once; of more, what is summed over samples is summed
/// over pieces.
constexpr std::int64_t hessianSamples = 4096;

/// A network's outputs for some inputs, and how they change with its parameters.
struct Linearized
{
    at::Tensor outputs;  ///< [N, 1]
    at::Tensor jacobian; ///< [N, P]
};

/// Of a network with one output. `parameters` [P] and `inputs` [N, in] in double on the CPU. Dense ones with
/// one activation go the direct way, backwards through the layers for all samples at once; any other goes
/// sample by sample through autograd, the reference.
Linearized linearized(const Architecture &architecture, const at::Tensor &parameters,
                      const at::Tensor &inputs, const Pulse &pulse = {});

/// The reference, for any network with one output.
Linearized linearizedByAutograd(const Architecture &architecture, const at::Tensor &parameters,
                                const at::Tensor &inputs, const Pulse &pulse = {});

/// A Aᵀ [n, n] of rows A [n, m]; in pieces where there is much to do.
Matrix gram(const at::Tensor &rows, const Pulse &pulse = {});

} // namespace losslab
