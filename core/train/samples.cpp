#include "train/samples.h"

#include <algorithm>
#include <cstring>

namespace losslab {

namespace {

at::Tensor column(const std::vector<double> &values, at::Device device, at::ScalarType type)
{
    const auto count = static_cast<std::int64_t>(values.size());
    return at::from_blob(const_cast<double *>(values.data()), {count, 1}, at::kDouble)
        .to(at::TensorOptions(device).dtype(type), /*non_blocking=*/false, /*copy=*/true);
}

/// index_select(0, indices), which on the CPU wakes threads that then spin beside the engine's own.
at::Tensor rowsAt(const at::Tensor &matrix, const at::Tensor &indices)
{
    if (!matrix.is_cpu() || !matrix.is_contiguous())
        return matrix.index_select(0, indices);
    at::Tensor rows = at::empty({indices.size(0), matrix.size(1)}, matrix.options());
    const auto bytes = static_cast<std::size_t>(matrix.size(1)) * matrix.element_size();
    const auto *from = static_cast<const std::byte *>(matrix.const_data_ptr());
    auto *to = static_cast<std::byte *>(rows.mutable_data_ptr());
    const std::int64_t *index = indices.const_data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < indices.size(0); ++i)
        std::memcpy(to + static_cast<std::size_t>(i) * bytes,
                    from + static_cast<std::size_t>(index[i]) * bytes, bytes);
    return rows;
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
    return {rowsAt(inputs, indices), targets.index_select(0, indices)};
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
    const at::Tensor pixels =
        at::from_blob(const_cast<std::uint8_t *>(images.pixels.data()),
                      {images.count, images.channels * images.rows * images.columns}, at::kByte);
    const at::Tensor labels =
        at::from_blob(const_cast<std::uint8_t *>(images.labels.data()), {images.count}, at::kByte);
    const double density = static_cast<double>(at::count_nonzero(pixels).item<std::int64_t>())
                           / static_cast<double>(std::max<std::int64_t>(pixels.numel(), 1));
    return {pixels.to(device, at::kByte, /*non_blocking=*/false, /*copy=*/true), labels.to(device, at::kLong),
            Loss::CrossEntropy, density};
}

} // namespace losslab
