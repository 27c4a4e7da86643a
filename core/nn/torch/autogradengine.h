#pragma once

#include "nn/engine.h"

#include <optional>
#include <vector>

namespace losslab {

/// Outputs [N, out] from weights and biases as views() gives them, and inputs as in a Batch; autograd follows
/// where they ask for it. A seed for dropout's masks means training mode, none evaluation mode; the masks are
/// those of a batch's samples from firstSample on (on the CPU).
at::Tensor forward(const Architecture &architecture, const std::vector<at::Tensor> &parameters,
                   const at::Tensor &inputs, std::optional<std::uint64_t> dropoutSeed = {},
                   std::int64_t firstSample = 0);

/// LibTorch's autograd: any architecture, any floating type, any device. The reference for every other
/// engine. On the CPU, a large batch goes in pieces.
class AutogradEngine final : public Engine
{
public:
    AutogradEngine(Architecture architecture, Loss loss, Pulse pulse = {});

    Step gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                  std::uint64_t dropoutSeed) override;
    at::Tensor outputs(const at::Tensor &parameters, const at::Tensor &inputs) override;

private:
    std::int64_t samplesAtOnce(const Batch &batch) const;

    Architecture m_architecture;
    Loss m_loss;
    Pulse m_pulse;
};

} // namespace losslab
