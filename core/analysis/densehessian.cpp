#include "analysis/densehessian.h"

#include "analysis/jacobian.h"
#include "nn/network.h"
#include "nn/torch/tensoractivation.h"

#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <cstddef>
#include <torch/csrc/autograd/autograd.h>
#include <vector>

namespace losslab {

namespace {

constexpr std::int64_t mostNumbers = std::int64_t{1} << 20; ///< of a layer's tangents

/// σ, σ' and σ'' of an activation at z, element by element.
struct Bend
{
    at::Tensor value;
    at::Tensor slope;
    at::Tensor curvature;
};

Bend bendOf(Activation activation, const at::Tensor &z)
{
    if (activation == Activation::None)
        return {z, at::ones_like(z), at::zeros_like(z)};
    const at::AutoGradMode withGraph(true);
    const at::Tensor point = z.detach().requires_grad_(true);
    const at::Tensor value = activated(activation, point);
    const at::Tensor slope =
        torch::autograd::grad({value.sum()}, {point}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
    at::Tensor curvature;
    if (slope.requires_grad())
        curvature = torch::autograd::grad({slope.sum()}, {point}, {}, /*retain_graph=*/false,
                                          /*create_graph=*/false, /*allow_unused=*/true)[0];
    return {value.detach(), slope.detach(), curvature.defined() ? curvature : at::zeros_like(z)};
}

struct DenseLayer
{
    at::Tensor weight;         ///< [out, in]
    at::Tensor bias;           ///< [out]
    std::int64_t offset = 0;   ///< of the weight in the parameters; the bias follows it
    at::Tensor input;          ///< h of the layer below, [N, in]
    Bend output;               ///< of z, each [N, out]
    at::Tensor outputGradient; ///< ∂L/∂h, [N, out]; of the last layer ∂L/∂z
    at::Tensor gradient;       ///< ∂L/∂z, [N, out]

    std::int64_t in() const { return weight.size(1); }
    std::int64_t out() const { return weight.size(0); }
    std::int64_t size() const { return out() * (in() + 1); }
};

/// Adds the Hessian's part of some samples.
class Pass
{
public:
    Pass(const DenseForm &form, const std::vector<at::Tensor> &parts, const Batch &batch, double scale);

    /// `hessian` [P, P]: its entries of `first` ≤ row < `last` within layer `which`, from that layer's first
    /// column on.
    void addRows(const at::Tensor &hessian, std::size_t which, std::int64_t first, std::int64_t last) const;
    const std::vector<DenseLayer> &layers() const { return m_layers; }

private:
    at::Tensor ownTangent(const DenseLayer &layer, std::int64_t first, std::int64_t last) const;

    std::vector<DenseLayer> m_layers;
    double m_scale; ///< ∂L/∂(output - target)
};

Pass::Pass(const DenseForm &form, const std::vector<at::Tensor> &parts, const Batch &batch, double scale)
    : m_layers(parts.size() / 2), m_scale(scale)
{
    at::Tensor h = batch.inputs;
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        DenseLayer &layer = m_layers[i];
        layer.weight = parts[2 * i];
        layer.bias = parts[2 * i + 1];
        layer.offset = offset;
        layer.input = h;
        layer.output = bendOf(i + 1 < m_layers.size() ? form.activation : Activation::None,
                              at::addmm(layer.bias, h, layer.weight.t()));
        h = layer.output.value;
        offset += layer.size();
    }
    at::Tensor gradient = (h - batch.targets) * scale;
    for (std::size_t i = m_layers.size(); i-- > 0;) {
        DenseLayer &layer = m_layers[i];
        layer.outputGradient = gradient;
        layer.gradient = gradient * layer.output.slope;
        gradient = at::mm(layer.gradient, layer.weight);
    }
}

/// R z of a layer in the directions of its own parameters, [D, N, out]: its input where the direction is a
/// weight, 1 where it is a bias, both at that parameter's unit.
at::Tensor Pass::ownTangent(const DenseLayer &layer, std::int64_t first, std::int64_t last) const
{
    at::Tensor tangent = at::zeros({last - first, layer.input.size(0), layer.out()}, layer.input.options());
    const std::int64_t weights = layer.out() * layer.in();
    for (std::int64_t direction = first; direction < last; ++direction) {
        const at::Tensor samples = tangent.select(0, direction - first);
        if (direction < weights)
            samples.select(1, direction / layer.in()).copy_(layer.input.select(1, direction % layer.in()));
        else
            samples.select(1, direction - weights).fill_(1);
    }
    return tangent;
}

void Pass::addRows(const at::Tensor &hessian, std::size_t which, std::int64_t first, std::int64_t last) const
{
    std::vector<at::Tensor> tangents{ownTangent(m_layers[which], first, last)}; // R z from this layer on
    for (std::size_t i = which + 1; i < m_layers.size(); ++i)
        tangents.push_back(
            at::matmul(tangents.back() * m_layers[i - 1].output.slope, m_layers[i].weight.t()));

    const at::Tensor rows = hessian.narrow(0, m_layers[which].offset + first, last - first);
    at::Tensor pull; // R g
    for (std::size_t i = m_layers.size(); i-- > which;) {
        const DenseLayer &layer = m_layers[i];
        const at::Tensor &tangent = tangents[i - which];
        at::Tensor gradient =
            i + 1 == m_layers.size()
                ? tangent * m_scale
                : pull * layer.output.slope + layer.outputGradient * layer.output.curvature * tangent; // R δ
        at::Tensor weight = at::matmul(gradient.transpose(1, 2), layer.input);
        if (i > which)
            weight += at::matmul(layer.gradient.t(), tangents[i - which - 1] * m_layers[i - 1].output.slope);
        const std::int64_t weights = layer.out() * layer.in();
        rows.narrow(1, layer.offset, weights).add_(weight.flatten(1));
        rows.narrow(1, layer.offset + weights, layer.out()).add_(gradient.sum(1));
        if (i > which)
            pull = at::matmul(gradient, layer.weight);
    }
}

} // namespace

Matrix denseHessian(const DenseForm &form, const at::Tensor &parameters, const Batch &batch,
                    const Pulse &pulse)
{
    const at::Tensor flat = parameters.detach().cpu();
    const std::vector<at::Tensor> parts = views(mlp(form.widths, form.activation), flat);
    const std::int64_t count = batch.inputs.size(0);
    const double scale = 2 / static_cast<double>(batch.targets.numel());
    const std::int64_t widest = *std::max_element(form.widths.begin(), form.widths.end());

    Matrix result = Matrix::Zero(flat.numel(), flat.numel());
    const at::Tensor hessian = transposedView(result);
    for (std::int64_t at = 0; at < count; at += hessianSamples) {
        const std::int64_t samples = std::min(hessianSamples, count - at);
        const Pass pass(
            form, parts,
            {batch.inputs.narrow(0, at, samples).cpu(), batch.targets.narrow(0, at, samples).cpu()}, scale);
        const std::int64_t directions = std::max<std::int64_t>(1, mostNumbers / (samples * widest));
        for (std::size_t which = 0; which < pass.layers().size(); ++which) {
            const std::int64_t size = pass.layers()[which].size();
            for (std::int64_t first = 0; first < size; first += directions) {
                pass.addRows(hessian, which, first, std::min(first + directions, size));
                beat(pulse);
            }
        }
    }
    // What was computed lies above the diagonal of the tensor: below that of the matrix.
    return result.selfadjointView<Eigen::Lower>();
}

} // namespace losslab
