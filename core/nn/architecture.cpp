#include "nn/architecture.h"

#include <functional>
#include <numeric>

namespace losslab {

namespace {

std::int64_t product(const std::vector<std::int64_t> &shape)
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

struct Weights
{
    std::vector<std::int64_t> shape; ///< of the weight, output first; empty: the layer has none
};

Weights weightsOf(const Layer &layer)
{
    if (const auto *linear = std::get_if<Linear>(&layer))
        return {{linear->out, linear->in}};
    if (const auto *conv = std::get_if<Conv2d>(&layer))
        return {{conv->out, conv->in, conv->kernel, conv->kernel}};
    return {};
}

/// What a layer makes of an input of this shape.
struct Shaping
{
    std::vector<std::int64_t> shape;
    std::int64_t multiplications = 0;

    void operator()(const Linear &linear)
    {
        shape = {linear.out};
        multiplications += linear.in * linear.out;
    }
    void operator()(const Conv2d &conv)
    {
        shape = {conv.out, shape[1] - conv.kernel + 1, shape[2] - conv.kernel + 1};
        multiplications += product(shape) * conv.in * conv.kernel * conv.kernel;
    }
    void operator()(const MaxPool2d &pool) { shape = {shape[0], shape[1] / pool.size, shape[2] / pool.size}; }
    void operator()(const Flatten &) { shape = {product(shape)}; }
    void operator()(const Relu &) {}
    void operator()(const Dropout &) {}
};

} // namespace

std::vector<ParameterSlice> Architecture::parameters() const
{
    std::vector<ParameterSlice> slices;
    std::int64_t offset = 0;
    for (std::size_t index = 0; index < layers.size(); ++index) {
        const auto [shape] = weightsOf(layers[index]);
        if (shape.empty())
            continue;
        const std::int64_t size = product(shape);
        const std::int64_t fanIn = size / shape[0];
        const std::string name = std::to_string(index);
        slices.push_back({name + ".weight", shape, offset, size, fanIn, false});
        slices.push_back({name + ".bias", {shape[0]}, offset + size, shape[0], fanIn, true});
        offset += size + shape[0];
    }
    return slices;
}

std::int64_t Architecture::parameterCount() const
{
    std::int64_t count = 0;
    for (const ParameterSlice &slice : parameters())
        count += slice.size;
    return count;
}

std::int64_t Architecture::multiplications() const
{
    Shaping shaping{input};
    for (const Layer &layer : layers)
        std::visit(shaping, layer);
    return shaping.multiplications;
}

std::int64_t Architecture::inputs() const
{
    return product(input);
}

std::int64_t Architecture::activations() const
{
    Shaping shaping{input};
    std::int64_t count = 0;
    for (const Layer &layer : layers) {
        std::visit(shaping, layer);
        count += product(shaping.shape);
    }
    return count;
}

Architecture mlp(const std::vector<std::int64_t> &widths)
{
    Architecture architecture{{widths.front()}, {}};
    for (std::size_t i = 1; i < widths.size(); ++i) {
        if (i > 1)
            architecture.layers.emplace_back(Relu{});
        architecture.layers.emplace_back(Linear{widths[i - 1], widths[i]});
    }
    return architecture;
}

std::vector<std::int64_t> denseWidths(const Architecture &architecture)
{
    if (architecture.input.size() != 1)
        return {};
    std::vector<std::int64_t> widths = architecture.input;
    const std::vector<Layer> &layers = architecture.layers;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto *linear = std::get_if<Linear>(&layers[i]);
        if ((i % 2 == 0) != (linear != nullptr) || (!linear && !std::holds_alternative<Relu>(layers[i])))
            return {};
        if (linear)
            widths.push_back(linear->out);
    }
    return layers.size() % 2 == 1 ? widths : std::vector<std::int64_t>{};
}

} // namespace losslab
