#pragma once

#include "nn/engine.h"

#include <vector>

namespace losslab {

/// Dense networks by LibTorch's operations, into memory kept from batch to batch: the backward pass is
/// written out, so that a step is few operations on the device, and none waits for its result. For
/// devices on which starting an operation costs more than such small ones take. In bfloat16 the products'
/// results are rounded as well as their operands.
class TensorEngine final : public Engine
{
public:
    TensorEngine(Architecture architecture, Loss loss, Precision precision = Precision::Full);

    Step gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                  std::uint64_t dropoutSeed) override;
    at::Tensor outputs(const at::Tensor &parameters, const at::Tensor &inputs) override;

private:
    /// What the linear layers have made of a batch [N, out].
    struct Layers
    {
        std::vector<at::Tensor> memory;    ///< before the activation; ReLU takes its place
        std::vector<at::Tensor> activated; ///< of other activations than that
    };

    at::Tensor forward(const at::Tensor &parameters, const at::Tensor &inputs, Layers &kept) const;
    at::Tensor lossGradient(const at::Tensor &outputs, const at::Tensor &targets, at::Tensor &loss) const;

    Architecture m_architecture;
    Loss m_loss;
    Precision m_precision;
    DenseForm m_form;
    Layers m_trained, m_evaluated;
    std::vector<at::Tensor> m_gradients; ///< with respect to what they make, but for the last
    at::Tensor m_roundedGradient;        ///< [P] in bfloat16, where that is the precision
};

/// Whether a TensorEngine can: linear layers with one activation between them; either loss, any device and
/// floating type.
bool suitsTensors(const Architecture &architecture);

} // namespace losslab
