#pragma once

#include "nn/architecture.h"
#include "nn/kernels/convplain.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace losslab {

/// A convolution with its activation and 2×2 pool, or without either.
struct ConvStage
{
    kernels::PooledConv shape;
    std::size_t padding = 0;      ///< zeros above and to the left of the map
    std::size_t paddingAfter = 0; ///< below and to the right
    Activation activation = Activation::Relu;
    std::size_t weight = 0; ///< where it starts in the flat parameters
    std::size_t bias = 0;
    std::size_t filters = 0; ///< where the weight starts among ConvPlan's filters

    /// Whether the pool must be behind the activation. Where that is monotonous it is taken before, which
    /// gives the same values and gradients.
    bool poolsActivated() const
    {
        return shape.pool > 1 && (activation == Activation::Gelu || activation == Activation::Silu);
    }
    bool isPooled() const { return shape.pool > 1; }
    /// Of the map without what pads it.
    std::size_t mapHeight() const { return shape.height - padding - paddingAfter; }
    std::size_t mapWidth() const { return shape.width - padding - paddingAfter; }
    std::size_t mapPixels() const { return mapHeight() * mapWidth(); }
    bool isPadded() const { return padding + paddingAfter > 0; }

    /// Calls use(pixel of the map, pixel of the padded map, count) for pixels that are neighbours in both.
    template <class Use>
    void eachRun(const Use &use) const
    {
        if (!isPadded())
            return use(std::size_t{0}, std::size_t{0}, shape.pixels());
        for (std::size_t row = 0; row < mapHeight(); ++row)
            use(row * mapWidth(), (row + padding) * shape.width + padding, mapWidth());
    }
};

/// A dense layer with what follows it.
struct DenseStage
{
    std::size_t in = 0;
    std::size_t out = 0;
    std::size_t weight = 0;
    std::size_t bias = 0;
    Activation activation = Activation::None;
    double dropout = 0;           ///< probability; 0: none
    std::size_t dropoutLayer = 0; ///< its place in the architecture
};

/// A convolutional network as its stages. The kernels have a layout of their own for the convolutions'
/// weights, here called filters.
struct ConvPlan
{
    std::vector<ConvStage> convs;
    std::vector<DenseStage> denses;
    std::size_t parameterCount = 0;
    std::size_t filterCount = 0;

    /// Of an image, and with what pads it.
    std::size_t inputSize() const { return convs.front().shape.in * convs.front().mapPixels(); }
    std::size_t paddedInputSize() const { return convs.front().shape.in * convs.front().shape.pixels(); }
    std::size_t outputs() const { return denses.back().out; }

    /// From the convolutions' weights in the flat parameters [P] to filters [filterCount], and back.
    void packFilters(const float *parameters, float *filters) const;
    void unpackFilters(const float *filters, float *parameters) const;
};

/// Nothing where there is no gain in it, or where the architecture is not: convolutions of small kernels,
/// each with an activation or none and then a 2×2 max pool or none, flattening, dense layers; each of these
/// but the last may have an activation and then dropout behind it.
std::optional<ConvPlan> convPlan(const Architecture &architecture);

} // namespace losslab
