#pragma once

#include "nn/architecture.h"
#include "nn/kernels/conv.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace losslab {

/// A convolution with its ReLU and 2×2 pool.
struct ConvStage
{
    kernels::PooledConv shape;
    std::size_t weight = 0; ///< where it starts in the flat parameters
    std::size_t bias = 0;
    std::size_t filters = 0; ///< where the weight starts among ConvPlan's filters
};

/// A dense layer with what follows it.
struct DenseStage
{
    std::size_t in = 0;
    std::size_t out = 0;
    std::size_t weight = 0;
    std::size_t bias = 0;
    bool relu = false;
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

    std::size_t inputSize() const { return convs.front().shape.in * convs.front().shape.pixels(); }
    std::size_t outputs() const { return denses.back().out; }

    /// From the convolutions' weights in the flat parameters [P] to filters [filterCount], and back.
    void packFilters(const float *parameters, float *filters) const;
    void unpackFilters(const float *filters, float *parameters) const;
};

/// Nothing where the architecture is not: convolution, ReLU and 2×2 pool at least once, flattening, dense
/// layers; each of these but the last may have ReLU and then dropout behind it.
std::optional<ConvPlan> convPlan(const Architecture &architecture);

} // namespace losslab
