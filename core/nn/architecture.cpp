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
        const auto along = [&](std::int64_t length) {
            return (length + conv.padding + conv.paddingAfter - conv.kernel) / conv.stride + 1;
        };
        shape = {conv.out, along(shape[1]), along(shape[2])};
        multiplications += product(shape) * conv.in * conv.kernel * conv.kernel;
    }
    void operator()(const MaxPool2d &pool) { shape = {shape[0], shape[1] / pool.size, shape[2] / pool.size}; }
    void operator()(const AvgPool2d &pool) { (*this)(MaxPool2d{pool.size}); }
    void operator()(const Flatten &) { shape = {product(shape)}; }
    void operator()(const Activate &) {}
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
        const std::int64_t fanIn = size / shape[0], fanOut = size / shape[1];
        const std::string name = std::to_string(index);
        slices.push_back({name + ".weight", shape, offset, size, fanIn, fanOut, false});
        slices.push_back({name + ".bias", {shape[0]}, offset + size, shape[0], fanIn, fanOut, true});
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

std::vector<std::int64_t> Architecture::outputShape() const
{
    Shaping shaping{input};
    for (const Layer &layer : layers)
        std::visit(shaping, layer);
    return shaping.shape;
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

Activation activationOf(const Architecture &architecture)
{
    for (const Layer &layer : architecture.layers)
        if (const auto *activate = std::get_if<Activate>(&layer))
            return activate->function;
    return Activation::None;
}

Architecture mlp(const std::vector<std::int64_t> &widths, Activation activation)
{
    Architecture architecture{{widths.front()}, {}};
    for (std::size_t i = 1; i < widths.size(); ++i) {
        if (i > 1 && activation != Activation::None)
            architecture.layers.emplace_back(Activate{activation});
        architecture.layers.emplace_back(Linear{widths[i - 1], widths[i]});
    }
    return architecture;
}

std::optional<DenseForm> denseForm(const Architecture &architecture)
{
    if (architecture.input.size() != 1)
        return std::nullopt;
    DenseForm form{architecture.input};
    std::optional<Activation> between;
    bool afterLinear = false;
    for (const Layer &layer : architecture.layers) {
        if (const auto *linear = std::get_if<Linear>(&layer)) {
            if (afterLinear && between.value_or(Activation::None) != Activation::None)
                return std::nullopt; // one of them has something between, another has not
            if (afterLinear)
                between = Activation::None;
            form.widths.push_back(linear->out);
            afterLinear = true;
            continue;
        }
        const auto *activate = std::get_if<Activate>(&layer);
        if (!activate || !afterLinear || between.value_or(activate->function) != activate->function)
            return std::nullopt;
        between = activate->function;
        afterLinear = false;
    }
    form.activation = between.value_or(Activation::Relu);
    return afterLinear ? std::optional(form) : std::nullopt;
}

std::vector<std::int64_t> denseWidths(const Architecture &architecture)
{
    const std::optional<DenseForm> form = denseForm(architecture);
    return form && form->activation == Activation::Relu ? form->widths : std::vector<std::int64_t>{};
}

} // namespace losslab
