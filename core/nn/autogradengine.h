#pragma once

#include "nn/engine.h"

#include <optional>
#include <vector>

namespace losslab {

/// Outputs [N, out] from weights and biases as views() gives them, and inputs as in a Batch; autograd follows
/// where they ask for it. A seed for dropout's masks means training mode, none evaluation mode.
at::Tensor forward(const Architecture &architecture, const std::vector<at::Tensor> &parameters,
                   const at::Tensor &inputs, std::optional<std::uint64_t> dropoutSeed = {});

/// LibTorch's autograd: any architecture, any floating type, any device. The reference for every other
/// engine.
class AutogradEngine final : public Engine
{
public:
    AutogradEngine(Architecture architecture, Loss loss);

    Step gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                  std::uint64_t dropoutSeed) override;
    at::Tensor outputs(const at::Tensor &parameters, const at::Tensor &inputs) override;

private:
    Architecture m_architecture;
    Loss m_loss;
};

} // namespace losslab
