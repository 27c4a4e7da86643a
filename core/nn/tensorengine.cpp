#include "nn/tensorengine.h"

#include "nn/network.h"

namespace losslab {

namespace {

/// The first `rows` of memory [at least rows, width] of these options, made anew where it does not fit.
at::Tensor memory(at::Tensor &kept, std::int64_t rows, std::int64_t width, const at::TensorOptions &options)
{
    if (!kept.defined() || kept.size(0) < rows || kept.dtype() != options.dtype())
        kept = at::empty({rows, width}, options);
    return kept.narrow(0, 0, rows);
}

std::vector<at::Tensor> asType(at::ScalarType type, std::vector<at::Tensor> tensors)
{
    for (at::Tensor &tensor : tensors)
        tensor = tensor.to(type);
    return tensors;
}

} // namespace

bool suitsTensors(const Architecture &architecture)
{
    return !denseWidths(architecture).empty();
}

TensorEngine::TensorEngine(Architecture architecture, Loss loss, Precision precision)
    : m_architecture(std::move(architecture)),
      m_loss(loss),
      m_precision(precision),
      m_outputs((m_architecture.layers.size() + 1) / 2),
      m_gradients(m_outputs.size())
{}

/// Leaves every layer's outputs in m_outputs.
void TensorEngine::forward(const std::vector<at::Tensor> &parameters, const at::Tensor &inputs)
{
    at::Tensor x = inputs;
    for (std::size_t l = 0; l < m_outputs.size(); ++l) {
        const at::Tensor &weight = parameters[2 * l], &bias = parameters[2 * l + 1];
        at::Tensor y = memory(m_outputs[l], inputs.size(0), bias.size(0), bias.options());
        at::addmm_out(y, bias, x, weight.t());
        if (l + 1 < m_outputs.size())
            y.relu_();
        x = y;
    }
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
    const at::ScalarType rough = m_precision == Precision::BFloat16 ? at::kBFloat16 : type;
    const std::vector<at::Tensor> weights = asType(rough, views(m_architecture, parameters));
    const std::vector<at::Tensor> gradients = views(m_architecture, gradient);
    const at::Tensor inputs = scaledInputs(batch.inputs, type).to(rough);
    const std::int64_t count = inputs.size(0);
    forward(weights, inputs);
    const at::Tensor outputs = m_outputs.back().narrow(0, 0, count).to(type, false, /*copy=*/true);

    at::Tensor loss;
    at::Tensor delta = lossGradient(outputs, batch.targets, loss).to(rough);
    for (std::size_t l = m_outputs.size(); l-- > 0;) {
        const at::Tensor below = l > 0 ? m_outputs[l - 1].narrow(0, 0, count) : inputs;
        at::Tensor weightGradient = gradients[2 * l], biasGradient = gradients[2 * l + 1];
        if (rough == type)
            at::mm_out(weightGradient, delta.t(), below);
        else
            weightGradient.copy_(at::mm(delta.t(), below));
        at::sum_out(biasGradient, delta, 0, /*keepdim=*/false, type);
        if (l == 0)
            break;
        at::Tensor next = memory(m_gradients[l - 1], count, below.size(1), below.options());
        at::mm_out(next, delta, weights[2 * l]);
        at::threshold_backward_out(next, next, below, 0);
        delta = next;
    }
    return {loss, outputs};
}

at::Tensor TensorEngine::outputs(const at::Tensor &parameters, const at::Tensor &inputs)
{
    const at::NoGradGuard noGraph;
    forward(views(m_architecture, parameters), scaledInputs(inputs, parameters.scalar_type()));
    return m_outputs.back().narrow(0, 0, inputs.size(0)).clone();
}

} // namespace losslab
