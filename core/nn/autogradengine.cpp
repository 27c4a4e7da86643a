#include "nn/autogradengine.h"

#include "nn/network.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <torch/csrc/autograd/autograd.h>

namespace losslab {

namespace {

at::Generator seededGenerator(at::Device device, std::uint64_t seed)
{
    at::Generator shared = at::globalContext().defaultGenerator(device);
    const std::lock_guard lock(shared.mutex());
    at::Generator own = shared.clone();
    own.set_current_seed(seed);
    return own;
}

/// Where a pass over the layers stands.
struct Pass
{
    const std::vector<at::Tensor> &parameters;
    at::Generator *dropout; ///< nullptr: evaluation mode
    std::size_t next = 0;

    const at::Tensor &take() { return parameters[next++]; }

    at::Tensor operator()(const Linear &, const at::Tensor &x)
    {
        const at::Tensor &weight = take();
        return at::linear(x, weight, take());
    }
    at::Tensor operator()(const Conv2d &, const at::Tensor &x)
    {
        const at::Tensor &weight = take();
        return at::conv2d(x, weight, take());
    }
    at::Tensor operator()(const MaxPool2d &pool, const at::Tensor &x)
    {
        return at::max_pool2d(x, {pool.size, pool.size});
    }
    at::Tensor operator()(const Relu &, const at::Tensor &x) { return at::relu(x); }
    at::Tensor operator()(const Flatten &, const at::Tensor &x) { return at::flatten(x, 1); }
    at::Tensor operator()(const Dropout &layer, const at::Tensor &x)
    {
        if (!dropout)
            return x;
        const double keep = 1 - layer.probability;
        return x * at::empty(x.sizes(), x.options()).bernoulli_(keep, *dropout).div_(keep);
    }
};

bool hasDropout(const Architecture &architecture)
{
    return std::any_of(architecture.layers.begin(), architecture.layers.end(),
                       [](const Layer &layer) { return std::holds_alternative<Dropout>(layer); });
}

} // namespace

at::Tensor forward(const Architecture &architecture, const std::vector<at::Tensor> &parameters,
                   const at::Tensor &inputs, at::Generator *dropout)
{
    std::vector<std::int64_t> shape{inputs.size(0)};
    shape.insert(shape.end(), architecture.input.begin(), architecture.input.end());
    at::Tensor x = scaledInputs(inputs, parameters.front().scalar_type()).view(shape);
    Pass pass{parameters, dropout};
    for (const Layer &layer : architecture.layers)
        x = std::visit([&](const auto &kind) { return pass(kind, x); }, layer);
    return x;
}

AutogradEngine::AutogradEngine(Architecture architecture, Loss loss)
    : m_architecture(std::move(architecture)), m_loss(loss)
{}

Step AutogradEngine::gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                              std::uint64_t dropoutSeed)
{
    // Leaves that share the flat tensors' memory: backward adds into `gradient` without another copy.
    gradient.zero_();
    std::vector<at::Tensor> leaves = views(m_architecture, parameters.detach());
    const std::vector<at::Tensor> gradients = views(m_architecture, gradient);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        leaves[i].requires_grad_(true);
        leaves[i].mutable_grad() = gradients[i];
    }
    std::optional<at::Generator> dropout;
    if (hasDropout(m_architecture))
        dropout = seededGenerator(parameters.device(), dropoutSeed);

    const at::AutoGradMode withGraph(true);
    const at::Tensor outputs = forward(m_architecture, leaves, batch.inputs, dropout ? &*dropout : nullptr);
    const at::Tensor loss = lossOf(m_loss, outputs, batch.targets);
    torch::autograd::backward({loss}, {});
    return {loss.detach(), outputs.detach()};
}

at::Tensor AutogradEngine::outputs(const at::Tensor &parameters, const at::Tensor &inputs)
{
    const at::NoGradGuard noGraph;
    return forward(m_architecture, views(m_architecture, parameters), inputs, nullptr);
}

} // namespace losslab
