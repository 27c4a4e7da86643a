#include "nn/torch/autogradengine.h"

#include "nn/dropout.h"
#include "nn/network.h"
#include "nn/torch/tensoractivation.h"

#include <ATen/core/grad_mode.h>
#include <mutex>
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

/// What dropout multiplies x [N, …] by, its samples being those of a batch from `first` on. On a GPU drawn
/// there, so that nothing waits for it: another mask than the CPU's.
at::Tensor drawn(const DropoutMask &mask, double probability, const at::Tensor &x, std::int64_t first)
{
    if (!x.device().is_cpu())
        return at::empty(x.sizes(), x.options())
            .bernoulli_(1 - probability, seededGenerator(x.device(), mask.stream()))
            .div_(1 - probability);
    at::Tensor factors = at::empty(x.sizes(), x.options());
    const std::int64_t before = first * (x.numel() / std::max<std::int64_t>(x.size(0), 1));
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "dropout", [&] {
        scalar_t *factor = factors.mutable_data_ptr<scalar_t>();
        for (std::int64_t i = 0; i < x.numel(); ++i)
            factor[i] = static_cast<scalar_t>(mask.factor(static_cast<std::uint64_t>(before + i)));
    });
    return factors;
}

/// Where a pass over the layers stands.
struct Pass
{
    const std::vector<at::Tensor> &parameters;
    std::optional<std::uint64_t> dropoutSeed; ///< nothing: evaluation mode
    std::int64_t firstSample = 0;
    std::size_t layer = 0;
    std::size_t next = 0;

    const at::Tensor &take() { return parameters[next++]; }

    at::Tensor operator()(const Linear &, const at::Tensor &x)
    {
        const at::Tensor &weight = take();
        return at::linear(x, weight, take());
    }
    at::Tensor operator()(const Conv2d &conv, const at::Tensor &x)
    {
        const at::Tensor &weight = take(), &bias = take();
        if (conv.padding == conv.paddingAfter)
            return at::conv2d(x, weight, bias, conv.stride, conv.padding);
        const at::Tensor padded =
            at::constant_pad_nd(x, {conv.padding, conv.paddingAfter, conv.padding, conv.paddingAfter});
        return at::conv2d(padded, weight, bias, conv.stride);
    }
    at::Tensor operator()(const MaxPool2d &pool, const at::Tensor &x)
    {
        return at::max_pool2d(x, {pool.size, pool.size});
    }
    at::Tensor operator()(const AvgPool2d &pool, const at::Tensor &x)
    {
        return at::avg_pool2d(x, {pool.size, pool.size});
    }
    at::Tensor operator()(const Activate &activate, const at::Tensor &x)
    {
        return activated(activate.function, x);
    }
    at::Tensor operator()(const Flatten &, const at::Tensor &x) { return at::flatten(x, 1); }
    at::Tensor operator()(const Dropout &dropout, const at::Tensor &x)
    {
        if (!dropoutSeed)
            return x;
        return x * drawn({*dropoutSeed, layer, dropout.probability}, dropout.probability, x, firstSample);
    }
};

} // namespace

at::Tensor forward(const Architecture &architecture, const std::vector<at::Tensor> &parameters,
                   const at::Tensor &inputs, std::optional<std::uint64_t> dropoutSeed,
                   std::int64_t firstSample)
{
    std::vector<std::int64_t> shape{inputs.size(0)};
    shape.insert(shape.end(), architecture.input.begin(), architecture.input.end());
    at::Tensor x = scaledInputs(inputs, parameters.front().scalar_type()).view(shape);
    Pass pass{parameters, dropoutSeed, firstSample};
    for (; pass.layer < architecture.layers.size(); ++pass.layer)
        x = std::visit([&](const auto &kind) { return pass(kind, x); }, architecture.layers[pass.layer]);
    return x;
}

AutogradEngine::AutogradEngine(Architecture architecture, Loss loss, Pulse pulse)
    : m_architecture(std::move(architecture)), m_loss(loss), m_pulse(std::move(pulse))
{}

/// A GPU takes the batch as it is: the calling thread only says what is to be done.
std::int64_t AutogradEngine::samplesAtOnce(const Batch &batch) const
{
    const std::int64_t count = batch.inputs.size(0);
    if (!batch.inputs.is_cpu())
        return std::max<std::int64_t>(count, 1);
    return std::min(std::max<std::int64_t>(count, 1), rowsOfPiece(m_architecture.multiplications()));
}

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

    const at::AutoGradMode withGraph(true);
    const std::int64_t count = batch.inputs.size(0), most = samplesAtOnce(batch);
    at::Tensor lossSum;
    std::vector<at::Tensor> outputs;
    for (std::int64_t first = 0; first < std::max<std::int64_t>(count, 1); first += most) {
        const std::int64_t last = std::min(first + most, count);
        if (first > 0)
            beat(m_pulse);
        outputs.push_back(
            forward(m_architecture, leaves, batch.inputs.slice(0, first, last), dropoutSeed, first));
        at::Tensor loss = lossOf(m_loss, outputs.back(), batch.targets.slice(0, first, last));
        if (last - first < count)
            loss = loss * (static_cast<double>(last - first) / static_cast<double>(count));
        torch::autograd::backward({loss}, {});
        lossSum = first > 0 ? lossSum + loss.detach() : loss.detach();
        outputs.back() = outputs.back().detach();
    }
    return {lossSum, outputs.size() == 1 ? outputs.front() : at::cat(outputs)};
}

at::Tensor AutogradEngine::outputs(const at::Tensor &parameters, const at::Tensor &inputs)
{
    const at::NoGradGuard noGraph;
    const std::vector<at::Tensor> parts = views(m_architecture, parameters);
    const std::int64_t count = inputs.size(0), most = samplesAtOnce({inputs, {}});
    std::vector<at::Tensor> outputs;
    for (std::int64_t first = 0; first < std::max<std::int64_t>(count, 1); first += most) {
        if (first > 0)
            beat(m_pulse);
        outputs.push_back(
            forward(m_architecture, parts, inputs.slice(0, first, std::min(first + most, count))));
    }
    return outputs.size() == 1 ? outputs.front() : at::cat(outputs);
}

} // namespace losslab
