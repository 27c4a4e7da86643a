#include "train/samples.h"

#include <algorithm>

namespace losslab {

namespace {

at::Tensor column(const std::vector<double> &values, at::Device device, at::ScalarType type)
{
    const auto count = static_cast<std::int64_t>(values.size());
    return at::from_blob(const_cast<double *>(values.data()), {count, 1}, at::kDouble)
        .to(at::TensorOptions(device).dtype(type), /*non_blocking=*/false, /*copy=*/true);
}

} // namespace

Samples Samples::head(std::int64_t most) const
{
    const std::int64_t kept = std::min(most, count());
    return {inputs.slice(0, 0, kept), targets.slice(0, 0, kept), loss, density};
}

Batch Samples::slice(std::int64_t first, std::int64_t last) const
{
    return {inputs.slice(0, first, last), targets.slice(0, first, last)};
}

Batch Samples::gather(const at::Tensor &indices) const
{
    return {inputs.index_select(0, indices), targets.index_select(0, indices)};
}

Samples functionSamples(const std::vector<double> &x, const std::vector<double> &y, at::Device device,
                        at::ScalarType type)
{
    return {column(x, device, type), column(y, device, type), Loss::MeanSquaredError};
}

std::vector<double> toVector(const at::Tensor &tensor)
{
    const at::Tensor values = tensor.to(at::kCPU, at::kDouble).contiguous();
    const double *first = values.const_data_ptr<double>();
    return {first, first + values.numel()};
}

Samples imageSamples(const ImageSet &images, at::Device device)
{
    const at::Tensor pixels = at::from_blob(const_cast<std::uint8_t *>(images.pixels.data()),
                                            {images.count, images.rows * images.columns}, at::kByte);
    const at::Tensor labels =
        at::from_blob(const_cast<std::uint8_t *>(images.labels.data()), {images.count}, at::kByte);
    const double density = static_cast<double>(at::count_nonzero(pixels).item<std::int64_t>())
                           / static_cast<double>(std::max<std::int64_t>(pixels.numel(), 1));
    return {pixels.to(device, at::kByte, /*non_blocking=*/false, /*copy=*/true), labels.to(device, at::kLong),
            Loss::CrossEntropy, density};
}

} // namespace losslab
