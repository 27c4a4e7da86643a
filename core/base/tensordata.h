#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace losslab {

enum class TensorType {
    Float32,
    Float64,
};

/// A named tensor as plain values: what is written to and read from a safetensors file. Row-major, host byte
/// order (little endian).
struct TensorData
{
    std::string name;
    TensorType type = TensorType::Float32;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;

    bool operator==(const TensorData &) const = default;
};

} // namespace losslab
