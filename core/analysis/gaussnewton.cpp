#include "analysis/gaussnewton.h"

#include "analysis/hessian.h"
#include "analysis/jacobian.h"
#include "base/device.h"

#include <algorithm>

namespace losslab {

std::vector<Matrix> gaussNewtonBlocks(const Architecture &architecture, const at::Tensor &parameters,
                                      const Batch &batch, const Pulse &pulse)
{
    const OneThread alone;
    const std::vector<ParameterSlice> slices = architecture.parameters();
    std::vector<Matrix> blocks;
    for (const ParameterSlice &slice : slices)
        blocks.push_back(Matrix::Zero(slice.size, slice.size));
    const std::int64_t count = batch.inputs.size(0);
    const at::Tensor flat = parameters.cpu(), inputs = batch.inputs.cpu();
    for (std::int64_t first = 0; first < count; first += hessianSamples) {
        const at::Tensor jacobian =
            linearized(architecture, flat, inputs.slice(0, first, std::min(first + hessianSamples, count)),
                       pulse)
                .jacobian;
        for (std::size_t i = 0; i < slices.size(); ++i)
            blocks[i] += gram(jacobian.narrow(1, slices[i].offset, slices[i].size).t(), pulse);
    }
    for (Matrix &block : blocks)
        block *= 2.0 / static_cast<double>(count);
    return blocks;
}

double gaussNewtonRatio(const Architecture &architecture, const at::Tensor &parameters, const Batch &batch,
                        double tolerance, const Pulse &pulse)
{
    const std::vector<Matrix> blocks = gaussNewtonBlocks(architecture, parameters, batch, pulse);
    double sum = 0;
    for (const Matrix &block : blocks)
        sum += minimalRatio(eigenvalues(block, pulse), tolerance);
    return sum / static_cast<double>(blocks.size());
}

} // namespace losslab
