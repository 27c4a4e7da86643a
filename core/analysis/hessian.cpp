#include "analysis/hessian.h"

#include "analysis/densehessian.h"
#include "analysis/jacobian.h"
#include "analysis/signedspectrum.h"
#include "analysis/spectrum.h"
#include "base/device.h"
#include "nn/network.h"
#include "nn/torch/autogradengine.h"
#include "train/samples.h"

#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <torch/csrc/autograd/autograd.h>

namespace losslab {

namespace {

bool hasOneHiddenLayer(const Architecture &architecture)
{
    const std::vector<std::int64_t> widths = denseWidths(architecture);
    return widths.size() == 3 && widths[2] == 1;
}

/// JᵀJ + Σ r ∇²f of f(x) = v · relu(W x + b) + c, so that ∇²f has entries ∂²f/∂v∂W and ∂²f/∂v∂b alone.
Matrix curvatureOfOneHiddenLayer(const Architecture &architecture, const at::Tensor &parameters,
                                 const Batch &batch, const Pulse &pulse)
{
    const std::vector<at::Tensor> parts = views(architecture, parameters);
    const Matrix weight = toMatrix(parts[0]); // [hidden, in]
    const Vector bias = toMatrix(parts[1]), head = toMatrix(parts[2].flatten());
    const double offset = parts[3].item<double>();
    const Matrix x = toMatrix(batch.inputs); // [N, in]
    const Eigen::Index count = x.rows(), in = x.cols(), hidden = bias.size();

    const Matrix before = (x * weight.transpose()).rowwise() + bias.transpose(); // [N, hidden]
    const Matrix active = (before.array() > 0).cast<double>();
    const Matrix after = before.cwiseProduct(active);
    const Vector residual = (after * head).array() + offset - toMatrix(batch.targets).col(0).array();
    const Matrix slope = active * head.asDiagonal(); // ∂f/∂(W x + b)

    // Parameters lie as W row by row, b, v, c.
    const Eigen::Index biasStart = hidden * in, headStart = biasStart + hidden;
    Matrix jacobian(count, headStart + hidden + 1);
    for (Eigen::Index unit = 0; unit < hidden; ++unit)
        jacobian.middleCols(unit * in, in) = slope.col(unit).asDiagonal() * x;
    jacobian.middleCols(biasStart, hidden) = slope;
    jacobian.middleCols(headStart, hidden) = after;
    jacobian.rightCols(1).setOnes();
    Matrix curvature = gram(transposedView(jacobian), pulse);

    const Matrix pull = residual.asDiagonal() * active;
    const Matrix headWeight = pull.transpose() * x; // Σ r ∂²f/∂v∂W, [hidden, in]
    const Vector headBias = pull.colwise().sum();   // Σ r ∂²f/∂v∂b
    for (Eigen::Index unit = 0; unit < hidden; ++unit) {
        const Eigen::Index row = headStart + unit;
        curvature.row(row).segment(unit * in, in) += headWeight.row(unit);
        curvature.col(row).segment(unit * in, in) += headWeight.row(unit).transpose();
        curvature(row, biasStart + unit) += headBias[unit];
        curvature(biasStart + unit, row) += headBias[unit];
    }
    return curvature;
}

/// Many samples are taken in pieces: a Jacobian of all would not fit into memory.
Matrix hessianOfOneHiddenLayer(const Architecture &architecture, const at::Tensor &parameters,
                               const Batch &batch, const Pulse &pulse)
{
    const std::int64_t count = batch.inputs.size(0);
    Matrix sum;
    for (std::int64_t first = 0; first < count; first += hessianSamples) {
        const std::int64_t last = std::min(first + hessianSamples, count);
        const Matrix part = curvatureOfOneHiddenLayer(
            architecture, parameters,
            {batch.inputs.slice(0, first, last), batch.targets.slice(0, first, last)}, pulse);
        sum = first == 0 ? part : Matrix(sum + part);
    }
    return sum * (2.0 / static_cast<double>(count));
}

} // namespace

Matrix hessianOf(const std::function<at::Tensor(const at::Tensor &)> &function, const at::Tensor &parameters,
                 const Pulse &pulse)
{
    const at::AutoGradMode withGraph(true);
    const at::Tensor point = parameters.detach().clone().requires_grad_(true);
    const at::Tensor gradient = torch::autograd::grad({function(point)}, {point}, {}, /*retain_graph=*/true,
                                                      /*create_graph=*/true)[0];
    const std::int64_t count = point.numel();
    Matrix columns = Matrix::Zero(count, count);
    for (std::int64_t i = 0; i < count && gradient.requires_grad(); ++i) {
        const at::Tensor column = torch::autograd::grad({gradient[i]}, {point}, {}, /*retain_graph=*/true,
                                                        /*create_graph=*/false, /*allow_unused=*/true)[0];
        if (column.defined())
            columns.col(i) = toMatrix(column);
        beat(pulse);
    }
    return columns;
}

Matrix hessian(const Architecture &architecture, Loss loss, const at::Tensor &parameters, const Batch &batch,
               const Pulse &pulse)
{
    if (loss == Loss::MeanSquaredError && hasOneHiddenLayer(architecture)) {
        const at::NoGradGuard noGraph;
        const OneThread alone;
        return hessianOfOneHiddenLayer(architecture, parameters, batch, pulse);
    }
    if (const auto form = denseForm(architecture); form && loss == Loss::MeanSquaredError) {
        const at::NoGradGuard noGraph;
        const OneThread alone;
        return denseHessian(*form, parameters, batch, pulse);
    }
    return hessianOf(
        [&](const at::Tensor &flat) {
            return lossOf(loss, forward(architecture, views(architecture, flat), batch.inputs),
                          batch.targets);
        },
        parameters, pulse);
}

Vector eigenvalues(const Matrix &symmetric, const Pulse &pulse)
{
    // A row of zeros, as a unit that is active on no sample gives it, is an eigenvalue of zero: without them
    // the matrix is smaller, and the time goes with the third power of its size.
    std::vector<Eigen::Index> live;
    for (Eigen::Index i = 0; i < symmetric.cols(); ++i)
        if (!symmetric.col(i).isZero(0))
            live.push_back(i);
    Vector values = Vector::Zero(symmetric.cols());
    values.head(static_cast<Eigen::Index>(live.size())) = symmetricSpectrum(symmetric(live, live), pulse);
    std::sort(values.begin(), values.end());
    return values;
}

double minimalRatio(const Vector &eigenvalues, double tolerance)
{
    return sharesOf(eigenvalues, tolerance).positive;
}

} // namespace losslab
