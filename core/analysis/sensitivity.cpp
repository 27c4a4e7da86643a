#include "analysis/sensitivity.h"

#include "nn/network.h"
#include "nn/torch/autogradengine.h"

#include <torch/csrc/autograd/autograd.h>

namespace losslab {

namespace {

/// A sample's outputs depend on its own input alone, so the gradient of a sum over samples holds each
/// sample's.
at::Tensor gradientBySample(const at::Tensor &summed, const at::Tensor &inputs)
{
    return torch::autograd::grad({summed}, {inputs}, {}, /*retain_graph=*/true)[0].flatten(1);
}

} // namespace

at::Tensor jacobianNorms(const Architecture &architecture, const at::Tensor &parameters,
                         const at::Tensor &inputs, Output output, const Pulse &pulse)
{
    const at::AutoGradMode withGraph(true);
    const at::Tensor x = scaledInputs(inputs, parameters.scalar_type()).detach().requires_grad_(true);
    at::Tensor outputs = forward(architecture, views(architecture, parameters.detach()), x);
    if (output == Output::Probabilities)
        outputs = outputs.softmax(1);
    at::Tensor squares = at::zeros({x.size(0)}, x.options().dtype(at::kDouble).requires_grad(false));
    for (std::int64_t k = 0; k < outputs.size(1); ++k) {
        beat(pulse);
        squares.add_(gradientBySample(outputs.select(1, k).sum(), x).square().sum(1, false, at::kDouble));
    }
    return squares.sqrt_();
}

at::Tensor inputGradientNorms(const Architecture &architecture, const at::Tensor &parameters, Loss loss,
                              const Batch &batch)
{
    const at::AutoGradMode withGraph(true);
    const at::Tensor x = scaledInputs(batch.inputs, parameters.scalar_type()).detach().requires_grad_(true);
    const at::Tensor outputs = forward(architecture, views(architecture, parameters.detach()), x);
    const at::Tensor summed = lossOf(loss, outputs, batch.targets) * x.size(0);
    return gradientBySample(summed, x).to(at::kDouble).norm(2, 1);
}

} // namespace losslab
