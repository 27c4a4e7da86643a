#include "analysis/jacobian.h"

#include "nn/network.h"
#include "nn/torch/autogradengine.h"
#include "nn/torch/tensoractivation.h"

#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <torch/csrc/autograd/autograd.h>
#include <vector>

namespace losslab {

namespace {

Linearized linearizedDense(const DenseForm &form, const std::vector<at::Tensor> &parts,
                           const at::Tensor &inputs)
{
    const std::size_t layers = parts.size() / 2;
    const auto activation = [&](std::size_t layer) {
        return layer + 1 < layers ? form.activation : Activation::None;
    };
    std::vector<at::Tensor> ins{inputs}, sums; // of each layer; the last of `ins` is the output
    for (std::size_t layer = 0; layer < layers; ++layer) {
        sums.push_back(at::addmm(parts[2 * layer + 1], ins.back(), parts[2 * layer].t()));
        ins.push_back(activated(activation(layer), sums.back()));
    }
    std::vector<at::Tensor> blocks(parts.size());
    at::Tensor slope = at::ones_like(ins.back()); // of the output against what the layer gives
    for (std::size_t layer = layers; layer-- > 0;) {
        slope = throughActivation(activation(layer), slope, sums[layer], ins[layer + 1]);
        blocks[2 * layer] = (slope.unsqueeze(2) * ins[layer].unsqueeze(1)).flatten(1);
        blocks[2 * layer + 1] = slope;
        slope = at::mm(slope, parts[2 * layer]);
    }
    return {ins.back(), at::cat(blocks, 1)};
}

} // namespace

Linearized linearizedByAutograd(const Architecture &architecture, const at::Tensor &parameters,
                                const at::Tensor &inputs, const Pulse &pulse)
{
    const at::AutoGradMode withGraph(true);
    const at::Tensor point = parameters.detach().clone().requires_grad_(true);
    const at::Tensor outputs = forward(architecture, views(architecture, point), inputs);
    at::Tensor jacobian = at::zeros({inputs.size(0), point.numel()}, at::kDouble);
    for (std::int64_t sample = 0; sample < inputs.size(0); ++sample) {
        jacobian.select(0, sample).copy_(torch::autograd::grad({outputs[sample][0]}, {point}, {},
                                                               /*retain_graph=*/true)[0]);
        beat(pulse);
    }
    return {outputs.detach(), jacobian};
}

Linearized linearized(const Architecture &architecture, const at::Tensor &parameters,
                      const at::Tensor &inputs, const Pulse &pulse)
{
    const auto form = denseForm(architecture);
    if (!form)
        return linearizedByAutograd(architecture, parameters, inputs, pulse);
    const at::NoGradGuard noGraph;
    return linearizedDense(*form, views(architecture, parameters), inputs);
}

Matrix gram(const at::Tensor &rows, const Pulse &pulse)
{
    const std::int64_t count = rows.size(0);
    const std::int64_t atOnce = std::max<std::int64_t>(1, pieceOfWork / (count * rows.size(1)));
    Matrix product(count, count);
    const at::Tensor result = transposedView(product);
    for (std::int64_t first = 0; first < count; first += atOnce) {
        const std::int64_t last = std::min(first + atOnce, count);
        at::Tensor part = result.slice(0, first, last);
        at::mm_out(part, rows.slice(0, first, last), rows.t());
        beat(pulse);
    }
    return product;
}

} // namespace losslab
