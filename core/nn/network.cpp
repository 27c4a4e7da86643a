#include "nn/network.h"

#include "base/draws.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <random>

namespace losslab {

namespace {

/// The bound of what is drawn uniformly, or the deviation.
double spread(WeightStart start, const ParameterSlice &slice)
{
    const auto in = static_cast<double>(slice.fanIn), both = static_cast<double>(slice.fanIn + slice.fanOut);
    switch (start) {
    case WeightStart::XavierUniform:
        return std::sqrt(6 / both);
    case WeightStart::XavierNormal:
        return std::sqrt(2 / both);
    case WeightStart::HeUniform:
        return std::sqrt(6 / in);
    case WeightStart::HeNormal:
        return std::sqrt(2 / in);
    case WeightStart::Standard:
        break;
    }
    return 1 / std::sqrt(in);
}

} // namespace

at::Device torchDevice(Device device)
{
    return device == Device::Cuda ? at::Device(at::kCUDA) : at::Device(at::kCPU);
}

Network::Network(Architecture architecture, std::uint64_t seed, at::Device device, at::ScalarType type,
                 WeightStart start)
    : m_architecture(std::move(architecture))
{
    at::Tensor drawn = at::empty({m_architecture.parameterCount()}, at::kDouble);
    double *values = drawn.data_ptr<double>();
    std::mt19937_64 generator(seed);
    for (const ParameterSlice &slice : m_architecture.parameters()) {
        const double width = spread(slice.bias ? WeightStart::Standard : start, slice);
        const bool normal =
            !slice.bias && (start == WeightStart::XavierNormal || start == WeightStart::HeNormal);
        for (std::int64_t i = 0; i < slice.size; ++i)
            values[slice.offset + i] = normal ? gaussian(generator, width) : uniform(generator, width);
    }
    m_parameters = drawn.to(at::TensorOptions(device).dtype(type));
}

std::vector<TensorData> Network::tensors() const
{
    const at::Tensor flat = m_parameters.detach().to(at::kCPU).contiguous();
    const auto *bytes = static_cast<const std::byte *>(flat.const_data_ptr());
    const auto width = static_cast<std::int64_t>(flat.element_size());
    std::vector<TensorData> tensors;
    for (const ParameterSlice &slice : m_architecture.parameters()) {
        const TensorType type = flat.scalar_type() == at::kDouble ? TensorType::Float64 : TensorType::Float32;
        tensors.push_back({slice.name,
                           type,
                           slice.shape,
                           {bytes + slice.offset * width, bytes + (slice.offset + slice.size) * width}});
    }
    return tensors;
}

std::optional<std::string> mismatchOf(const Architecture &architecture,
                                      const std::vector<TensorData> &tensors)
{
    const std::vector<ParameterSlice> slices = architecture.parameters();
    for (const ParameterSlice &slice : slices) {
        const auto found = std::find_if(tensors.begin(), tensors.end(),
                                        [&](const TensorData &tensor) { return tensor.name == slice.name; });
        if (found == tensors.end())
            return fmt::format("it has no {}", slice.name);
        if (found->shape != slice.shape)
            return fmt::format("its {} is {}, not {}", slice.name, fmt::join(found->shape, " × "),
                               fmt::join(slice.shape, " × "));
    }
    if (tensors.size() > slices.size())
        return fmt::format("it has {} weights and biases, not {}", tensors.size(), slices.size());
    return std::nullopt;
}

at::Tensor parametersOf(const Architecture &architecture, const std::vector<TensorData> &tensors)
{
    at::Tensor flat = at::empty({architecture.parameterCount()}, at::kFloat);
    for (const ParameterSlice &slice : architecture.parameters()) {
        const auto found = std::find_if(tensors.begin(), tensors.end(),
                                        [&](const TensorData &tensor) { return tensor.name == slice.name; });
        const auto type = found->type == TensorType::Float64 ? at::kDouble : at::kFloat;
        flat.narrow(0, slice.offset, slice.size)
            .copy_(at::from_blob(const_cast<std::byte *>(found->bytes.data()), {slice.size}, type));
    }
    return flat;
}

std::vector<at::Tensor> views(const Architecture &architecture, const at::Tensor &flat)
{
    std::vector<at::Tensor> tensors;
    for (const ParameterSlice &slice : architecture.parameters())
        tensors.push_back(flat.narrow(0, slice.offset, slice.size).view(slice.shape));
    return tensors;
}

} // namespace losslab
