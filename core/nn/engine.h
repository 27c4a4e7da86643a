#pragma once

#include "lab/runspec.h"
#include "nn/architecture.h"

#include <ATen/ATen.h>
#include <cstdint>
#include <memory>

namespace losslab {

enum class Loss {
    MeanSquaredError, ///< mean over samples and outputs of (output - target)²
    CrossEntropy,     ///< mean over samples of -log softmax(outputs)[label]
};

/// Inputs [N, …] in the network's type and what they should give: targets [N, out], or labels [N] (int64).
struct Batch
{
    at::Tensor inputs;
    at::Tensor targets;
};

/// The loss of a batch, 0-dimensional, and the outputs [N, out]; both still on the device, nothing waited
/// for.
struct Step
{
    at::Tensor loss;
    at::Tensor outputs;
};

/// Computes what training and evaluation need of a network, from its flat parameters [P].
class Engine
{
public:
    virtual ~Engine() = default;

    /// Mean loss over the batch, in training mode; its gradient [P] overwrites `gradient`. Dropout's masks
    /// depend on dropoutSeed alone.
    virtual Step gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                          std::uint64_t dropoutSeed) = 0;

    /// Outputs [N, out] in evaluation mode (no dropout), outside autograd.
    virtual at::Tensor outputs(const at::Tensor &parameters, const at::Tensor &inputs) = 0;
};

/// The engine for this architecture. All engines give the reference's values, up to rounding.
std::unique_ptr<Engine> makeEngine(const Architecture &architecture, Loss loss);

/// Mean loss of outputs against targets or labels, 0-dimensional.
at::Tensor lossOf(Loss loss, const at::Tensor &outputs, const at::Tensor &targets);

} // namespace losslab
