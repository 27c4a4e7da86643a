#include "nn/torch/gradientnormengine.h"

#include "nn/network.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

namespace losslab {

GradientNormEngine::GradientNormEngine(Architecture architecture, Loss loss)
    : m_architecture(std::move(architecture)), m_loss(loss)
{}

Step GradientNormEngine::gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                                  std::uint64_t /*dropoutSeed*/)
{
    const at::AutoGradMode withGraph(true);
    const at::Tensor flat = parameters.detach().requires_grad_(true);
    const at::Tensor outputs = forward(m_architecture, views(m_architecture, flat), batch.inputs);
    const at::Tensor loss = lossOf(m_loss, outputs, batch.targets);
    const at::Tensor lossGradient = torch::autograd::grad({loss}, {flat}, {}, /*retain_graph=*/true,
                                                          /*create_graph=*/true)[0];
    const at::Tensor norm = lossGradient.norm();
    gradient.copy_(torch::autograd::grad({norm}, {flat})[0]);
    return {norm.detach(), outputs.detach()};
}

at::Tensor GradientNormEngine::outputs(const at::Tensor &parameters, const at::Tensor &inputs)
{
    const at::NoGradGuard noGraph;
    return forward(m_architecture, views(m_architecture, parameters), inputs);
}

} // namespace losslab
