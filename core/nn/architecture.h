#pragma once

#include "nn/activation.h"

#include <cstdint>
#include <optional>
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

/// Square kernel; weight [out, in, kernel, kernel]. Zeros pad each side of a map.
struct Conv2d
{
    std::int64_t in = 0;
    std::int64_t out = 0;
    std::int64_t kernel = 0;
    std::int64_t stride = 1;
    std::int64_t padding = 0;      ///< above and to the left
    std::int64_t paddingAfter = 0; ///< below and to the right

    bool isPlain() const { return stride == 1 && padding == 0 && paddingAfter == 0; }
};

/// Square window, stride as wide; what is left at the edges is dropped.
struct MaxPool2d
{
    std::int64_t size = 2;
};

/// The same with the window's mean.
struct AvgPool2d
{
    std::int64_t size = 2;
};

/// An activation as a layer; never Activation::None, which is no layer.
struct Activate
{
    Activation function = Activation::Relu;
};

struct Flatten
{};

/// While training: each input is zero with this probability, the others are scaled by 1 / (1 - probability).
struct Dropout
{
    double probability = 0.5;
};

using Layer = std::variant<Linear, Conv2d, MaxPool2d, AvgPool2d, Activate, Flatten, Dropout>;

/// Where a layer's weight or bias lies in the flat parameters.
struct ParameterSlice
{
    std::string name; ///< as in PyTorch's nn.Sequential: "0.weight", "0.bias"
    std::vector<std::int64_t> shape;
    std::int64_t offset = 0;
    std::int64_t size = 0;
    std::int64_t fanIn = 0;
    std::int64_t fanOut = 0;
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
    /// Of what comes out for one input.
    std::vector<std::int64_t> outputShape() const;
    /// Of one input's way forward.
    std::int64_t multiplications() const;
    /// Numbers in all layers' outputs for one input.
    std::int64_t activations() const;
};

/// What follows its hidden layers, the first of them where they differ.
Activation activationOf(const Architecture &architecture);

/// Fully connected layers of these widths, the activation between them, none after the last: {784, 500, 10}.
Architecture mlp(const std::vector<std::int64_t> &widths, Activation activation = Activation::Relu);

/// The reverse.
struct DenseForm
{
    std::vector<std::int64_t> widths;
    Activation activation = Activation::Relu;
};

/// Nothing for an architecture that mlp() does not make.
std::optional<DenseForm> denseForm(const Architecture &architecture);

/// The widths where there is ReLU between the layers (or nothing to stand between); empty for any other.
std::vector<std::int64_t> denseWidths(const Architecture &architecture);

} // namespace losslab
