#pragma once

#include "nn/torch/autogradengine.h"

namespace losslab {

/// Takes the norm of the loss gradient, ‖∇L‖₂, in the place of the loss: Step::loss is that norm, and the
/// gradient is the norm's own, by differentiating twice. Its minima are the loss's critical points, whatever
/// their kind, besides points where the norm itself has a minimum above zero.
class GradientNormEngine final : public Engine
{
public:
    GradientNormEngine(Architecture architecture, Loss loss);

    Step gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                  std::uint64_t dropoutSeed) override;
    at::Tensor outputs(const at::Tensor &parameters, const at::Tensor &inputs) override;

private:
    Architecture m_architecture;
    Loss m_loss;
};

} // namespace losslab
