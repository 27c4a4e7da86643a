#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace losslab {

/// y = W x + b, W [out, in].
struct Linear
{
    std::int64_t in = 0;
    std::int64_t out = 0;
};

/// Square kernel, stride 1, no padding; weight [out, in, kernel, kernel].
struct Conv2d
{
    std::int64_t in = 0;
    std::int64_t out = 0;
    std::int64_t kernel = 0;
};

/// Square window, stride as wide.
struct MaxPool2d
{
    std::int64_t size = 2;
};

struct Relu
{};

struct Flatten
{};

/// While training: each input is zero with this probability, the others are scaled by 1 / (1 - probability).
struct Dropout
{
    double probability = 0.5;
};

using Layer = std::variant<Linear, Conv2d, MaxPool2d, Relu, Flatten, Dropout>;

/// Where a layer's weight or bias lies in the flat parameters.
struct ParameterSlice
{
    std::string name; ///< as in PyTorch's nn.Sequential: "0.weight", "0.bias"
    std::vector<std::int64_t> shape;
    std::int64_t offset = 0;
    std::int64_t size = 0;
    std::int64_t fanIn = 0;
    bool bias = false;
};

/// What a network is, as a value: the shape of one input and its layers in order.
struct Architecture
{
    std::vector<std::int64_t> input; ///< {784} or {1, 28, 28}
    std::vector<Layer> layers;

    std::vector<ParameterSlice> parameters() const;
    std::int64_t parameterCount() const;
    /// Numbers in one input.
    std::int64_t inputs() const;
    /// Of one input's way forward.
    std::int64_t multiplications() const;
    /// Numbers in all layers' outputs for one input.
    std::int64_t activations() const;
};

/// Fully connected layers of these widths, ReLU between them, none after the last: {784, 500, 10}.
Architecture mlp(const std::vector<std::int64_t> &widths);

/// The reverse: the widths of fully connected layers with ReLU between them and none after the last; empty
/// for any other architecture.
std::vector<std::int64_t> denseWidths(const Architecture &architecture);

} // namespace losslab
