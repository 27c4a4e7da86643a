#include "train/kept.h"

#include <cstring>
#include <span>

namespace losslab {

TensorData tensorData(const at::Tensor &tensor)
{
    const at::Tensor whole = tensor.detach().to(at::kCPU).contiguous();
    const bool isDouble = whole.scalar_type() == at::kDouble;
    TORCH_CHECK(isDouble || whole.scalar_type() == at::kFloat, "only float and double are kept");
    const auto bytes = std::span(static_cast<const std::byte *>(whole.const_data_ptr()), whole.nbytes());
    return {{},
            isDouble ? TensorType::Float64 : TensorType::Float32,
            whole.sizes().vec(),
            {bytes.begin(), bytes.end()}};
}

at::Tensor tensorOf(const TensorData &data)
{
    at::Tensor tensor = at::empty(data.shape, data.type == TensorType::Float64 ? at::kDouble : at::kFloat);
    TORCH_CHECK(tensor.nbytes() == data.bytes.size(), "a tensor's shape and bytes do not agree");
    std::memcpy(tensor.mutable_data_ptr(), data.bytes.data(), data.bytes.size());
    return tensor;
}

} // namespace losslab
