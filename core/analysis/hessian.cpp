#include "analysis/hessian.h"

#include "analysis/spectrum.h"
#include "base/device.h"
#include "nn/network.h"
#include "nn/torch/autogradengine.h"
#include "train/samples.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <torch/csrc/autograd/autograd.h>

namespace losslab {

namespace {

constexpr std::int64_t mostForLapack = 1300; ///< rows: some tenths of a second

/// JᵀJ [P, P] of a Jacobian [N, P]; rows of it are taken in pieces where there is much to do.
at::Tensor squared(const at::Tensor &jacobian, const Pulse &pulse)
{
    const std::int64_t count = jacobian.size(0), width = jacobian.size(1);
    const std::int64_t rows =
        std::max<std::int64_t>(1, pieceOfWork / std::max<std::int64_t>(1, count * width));
    if (rows >= width)
        return at::mm(jacobian.t(), jacobian);
    at::Tensor product = at::empty({width, width}, jacobian.options());
    for (std::int64_t first = 0; first < width; first += rows) {
        const std::int64_t last = std::min(first + rows, width);
        at::Tensor part = product.slice(0, first, last);
        at::mm_out(part, jacobian.slice(1, first, last).t(), jacobian);
        beat(pulse);
    }
    return product;
}

bool hasOneHiddenLayer(const Architecture &architecture)
{
    const std::vector<Layer> &layers = architecture.layers;
    return architecture.input.size() == 1 && layers.size() == 3 && std::holds_alternative<Linear>(layers[0])
           && std::holds_alternative<Relu>(layers[1]) && std::holds_alternative<Linear>(layers[2])
           && std::get<Linear>(layers[2]).out == 1;
}

/// f(x) = v · relu(W x + b) + c, so that ∇²f has entries ∂²f/∂v∂W and ∂²f/∂v∂b alone.
at::Tensor hessianOfOneHiddenLayer(const Architecture &architecture, const at::Tensor &parameters,
                                   const Batch &batch, const Pulse &pulse)
{
    const std::vector<at::Tensor> parts = views(architecture, parameters);
    const at::Tensor &weight = parts[0], &bias = parts[1], &head = parts[2], &offset = parts[3];
    const at::Tensor &x = batch.inputs; // [N, in]
    const std::int64_t count = x.size(0), in = x.size(1), hidden = bias.size(0);

    const at::Tensor before = at::linear(x, weight, bias);                       // [N, hidden]
    const at::Tensor active = before.gt(0).to(before.scalar_type());             // [N, hidden]
    const at::Tensor after = before * active;                                    // [N, hidden]
    const at::Tensor residual = at::linear(after, head, offset) - batch.targets; // [N, 1]

    const at::Tensor slope = active * head; // ∂f/∂(W x + b)
    const at::Tensor jacobian = at::cat({(slope.unsqueeze(2) * x.unsqueeze(1)).reshape({count, hidden * in}),
                                         slope, after, at::ones_like(residual)},
                                        1); // [N, P]
    at::Tensor curvature = squared(jacobian, pulse);

    const at::Tensor pull = active * residual;         // [N, hidden]
    const at::Tensor headWeight = at::mm(pull.t(), x); // Σ r ∂²f/∂v∂W, [hidden, in]
    const at::Tensor headBias = pull.sum(0);           // Σ r ∂²f/∂v∂b, [hidden]
    const std::int64_t biasStart = hidden * in, headStart = biasStart + hidden;
    const auto block = [&](std::int64_t row, std::int64_t rows, std::int64_t column, std::int64_t columns) {
        return curvature.narrow(0, row, rows).narrow(1, column, columns);
    };
    for (std::int64_t i = 0; i < in; ++i) {
        block(headStart, hidden, 0, biasStart)
            .slice(1, i, biasStart, in)
            .diagonal()
            .add_(headWeight.select(1, i));
        block(0, biasStart, headStart, hidden)
            .slice(0, i, biasStart, in)
            .diagonal()
            .add_(headWeight.select(1, i));
    }
    block(headStart, hidden, biasStart, hidden).diagonal().add_(headBias);
    block(biasStart, hidden, headStart, hidden).diagonal().add_(headBias);
    return curvature.mul_(2.0 / static_cast<double>(count));
}

} // namespace

at::Tensor hessianOf(const std::function<at::Tensor(const at::Tensor &)> &function,
                     const at::Tensor &parameters, const Pulse &pulse)
{
    const at::AutoGradMode withGraph(true);
    const at::Tensor point = parameters.detach().clone().requires_grad_(true);
    const at::Tensor gradient = torch::autograd::grad({function(point)}, {point}, {}, /*retain_graph=*/true,
                                                      /*create_graph=*/true)[0];
    const std::int64_t count = point.numel();
    at::Tensor rows = at::zeros({count, count}, point.options().requires_grad(false));
    for (std::int64_t i = 0; i < count && gradient.requires_grad(); ++i) {
        const at::Tensor row = torch::autograd::grad({gradient[i]}, {point}, {}, /*retain_graph=*/true,
                                                     /*create_graph=*/false, /*allow_unused=*/true)[0];
        if (row.defined())
            rows[i].copy_(row);
        beat(pulse);
    }
    return rows;
}

at::Tensor hessian(const Architecture &architecture, Loss loss, const at::Tensor &parameters,
                   const Batch &batch, const Pulse &pulse)
{
    if (loss == Loss::MeanSquaredError && hasOneHiddenLayer(architecture)) {
        const at::NoGradGuard noGraph;
        const OneThread alone;
        return hessianOfOneHiddenLayer(architecture, parameters, batch, pulse);
    }
    return hessianOf(
        [&](const at::Tensor &flat) {
            return lossOf(loss, forward(architecture, views(architecture, flat), batch.inputs),
                          batch.targets);
        },
        parameters, pulse);
}

std::vector<double> eigenvalues(const at::Tensor &symmetric, const Pulse &pulse)
{
    // A row of zeros, as a unit that is active on no sample gives it, is an eigenvalue of zero: without them
    // the matrix is smaller, and the time goes with the third power of its size.
    const at::NoGradGuard noGraph;
    const OneThread alone;
    const at::Tensor live = at::nonzero(symmetric.ne(0).any(1)).flatten();
    const at::Tensor matrix =
        live.numel() < symmetric.size(0) ? symmetric.index_select(0, live).index_select(1, live) : symmetric;
    beat(pulse);
    std::vector<double> values = matrix.size(0) > mostForLapack ? symmetricSpectrum(matrix, pulse)
                                                                : toVector(at::linalg_eigvalsh(matrix));
    values.insert(std::upper_bound(values.begin(), values.end(), 0.0),
                  static_cast<std::size_t>(symmetric.size(0) - live.numel()), 0.0);
    return values;
}

double minimalRatio(const std::vector<double> &eigenvalues, double tolerance)
{
    if (eigenvalues.empty())
        return std::numeric_limits<double>::quiet_NaN();
    double largest = 0;
    for (const double value : eigenvalues)
        largest = std::max(largest, std::abs(value));
    const auto positive = std::count_if(eigenvalues.begin(), eigenvalues.end(),
                                        [&](double value) { return value > tolerance * largest; });
    return static_cast<double>(positive) / static_cast<double>(eigenvalues.size());
}

Histogram histogram(const std::vector<double> &values, std::size_t bins)
{
    Histogram result;
    if (values.empty() || bins == 0)
        return result;
    const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
    const double width = *greatest > *least ? (*greatest - *least) / static_cast<double>(bins) : 1;
    for (std::size_t i = 0; i < bins; ++i)
        result.edges.push_back(*least + width * static_cast<double>(i));
    result.counts.assign(bins, 0);
    for (const double value : values)
        ++result.counts[std::min(bins - 1, static_cast<std::size_t>((value - *least) / width))];
    return result;
}

} // namespace losslab
