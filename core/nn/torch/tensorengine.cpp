#include "nn/torch/tensorengine.h"

#include "nn/network.h"
#include "nn/torch/tensoractivation.h"

#include <ATen/core/grad_mode.h>

namespace losslab {

namespace {

/// The first `rows` of memory [at least rows, width] of these options, made anew where it is too small.
at::Tensor memory(at::Tensor &kept, std::int64_t rows, std::int64_t width, const at::TensorOptions &options)
{
    if (!kept.defined() || kept.size(0) < rows)
        kept = at::empty({rows, width}, options);
    return kept.narrow(0, 0, rows);
}

} // namespace

bool suitsTensors(const Architecture &architecture)
{
    return denseForm(architecture).has_value();
}

TensorEngine::TensorEngine(Architecture architecture, Loss loss, Precision precision)
    : m_architecture(std::move(architecture)),
      m_loss(loss),
      m_precision(precision),
      m_form(denseForm(m_architecture).value()),
      m_gradients(m_form.widths.size() - 1)
{
    for (Layers *layers : {&m_trained, &m_evaluated}) {
        layers->memory.resize(m_gradients.size());
        layers->activated.resize(m_gradients.size());
    }
}

/// Leaves what every layer makes in `kept`, and returns the last one's outputs.
at::Tensor TensorEngine::forward(const at::Tensor &parameters, const at::Tensor &inputs, Layers &kept) const
{
    const std::vector<at::Tensor> weights = views(m_architecture, parameters);
    at::Tensor x = inputs;
    for (std::size_t l = 0; l < kept.memory.size(); ++l) {
        const at::Tensor &weight = weights[2 * l], &bias = weights[2 * l + 1];
        at::Tensor y = memory(kept.memory[l], inputs.size(0), bias.size(0), bias.options());
        at::addmm_out(y, bias, x, weight.t());
        x = y;
        if (l + 1 == kept.memory.size())
            break;
        if (m_form.activation == Activation::Relu)
            y.relu_();
        else
            x = kept.activated[l] = activated(m_form.activation, y);
    }
    return x;
}

/// With respect to the outputs, [N, out]. The loss is 0-dimensional.
at::Tensor TensorEngine::lossGradient(const at::Tensor &outputs, const at::Tensor &targets,
                                      at::Tensor &loss) const
{
    if (m_loss == Loss::MeanSquaredError) {
        const at::Tensor residual = outputs - targets;
        loss = residual.square().mean();
        return residual.mul(2.0 / static_cast<double>(residual.numel()));
    }
    const at::Tensor logarithms = at::log_softmax(outputs, 1);
    const at::Tensor labels = targets.unsqueeze(1);
    loss = logarithms.gather(1, labels).mean().neg();
    at::Tensor gradient = logarithms.exp();
    gradient.scatter_add_(1, labels, at::full({}, -1, outputs.options()).expand_as(labels));
    return gradient.div_(static_cast<double>(outputs.size(0)));
}

Step TensorEngine::gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                            std::uint64_t /*dropoutSeed*/)
{
    const at::NoGradGuard noGraph;
    const at::ScalarType type = parameters.scalar_type();
    const bool rounds = m_precision == Precision::BFloat16;
    const at::ScalarType within = rounds ? at::kBFloat16 : type;
    const at::Tensor rounded = parameters.to(within);
    const at::Tensor inputs = scaledInputs(batch.inputs, type).to(within);
    const std::int64_t count = inputs.size(0);
    const at::Tensor outputs = forward(rounded, inputs, m_trained).to(type, false, /*copy=*/true);

    if (rounds && !m_roundedGradient.defined())
        m_roundedGradient = at::empty_like(rounded);
    const std::vector<at::Tensor> weights = views(m_architecture, rounded);
    const std::vector<at::Tensor> gradients = views(m_architecture, rounds ? m_roundedGradient : gradient);
    at::Tensor loss;
    at::Tensor delta = lossGradient(outputs, batch.targets, loss).to(within);
    for (std::size_t l = m_gradients.size(); l-- > 0;) {
        const at::Tensor before = l > 0 ? m_trained.memory[l - 1].narrow(0, 0, count) : inputs;
        const bool relu = l == 0 || m_form.activation == Activation::Relu;
        const at::Tensor &below = relu ? before : m_trained.activated[l - 1];
        at::Tensor weightGradient = gradients[2 * l], biasGradient = gradients[2 * l + 1];
        at::mm_out(weightGradient, delta.t(), below);
        at::sum_out(biasGradient, delta, 0);
        if (l == 0)
            break;
        at::Tensor next = memory(m_gradients[l - 1], count, below.size(1), below.options());
        at::mm_out(next, delta, weights[2 * l]);
        if (relu)
            at::threshold_backward_out(next, next, below, 0);
        delta = relu ? next : throughActivation(m_form.activation, next, before, below);
    }
    if (rounds)
        gradient.copy_(m_roundedGradient);
    return {loss, outputs};
}

at::Tensor TensorEngine::outputs(const at::Tensor &parameters, const at::Tensor &inputs)
{
    const at::NoGradGuard noGraph;
    return forward(parameters, scaledInputs(inputs, parameters.scalar_type()), m_evaluated).clone();
}

} // namespace losslab
