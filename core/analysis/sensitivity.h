#pragma once

#include "nn/engine.h"

namespace losslab {

/// What of a classifier is differentiated with respect to its input.
enum class Output {
    Probabilities, ///< softmax of the logits
    Logits,
};

/// ‖∂output/∂input‖_F of every sample [N]: the Frobenius norm of the input-output Jacobian [classes, inputs]
/// (Novak et al. 2018). In evaluation mode.
at::Tensor jacobianNorms(const Architecture &architecture, const at::Tensor &parameters,
                         const at::Tensor &inputs, Output output, const Pulse &pulse = {});

/// ‖∂loss/∂input‖₂ of every sample [N], the loss being the sample's own.
at::Tensor inputGradientNorms(const Architecture &architecture, const at::Tensor &parameters, Loss loss,
                              const Batch &batch);

} // namespace losslab
