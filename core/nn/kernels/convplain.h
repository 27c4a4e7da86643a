#pragma once

#include "nn/kernels/conv.h"

#include <algorithm>
#include <cstddef>

namespace losslab::kernels {

/// Gradients of a layer without a pool: every position has one, unless ReLU stops it, so they are computed
/// for 16 samples side by side, as the forward pass is. (Of a pooled layer at most a quarter has any: see
/// conv.h.)

/// dy of a layer with zeros around its rows, as convPlainInput() takes it: [out, outHeight(), width(), 16].
struct BorderedMaps
{
    std::size_t left = 0;
    std::size_t columns = 0;
    std::size_t right = 0;

    explicit BorderedMaps(const PooledConv &layer)
        : left((layer.kernel - 1) / layer.stride), columns(layer.outWidth()), right(left + 1)
    {}
    std::size_t width() const { return left + columns + right; }
    /// Floats of a layer's.
    std::size_t size(const PooledConv &layer) const
    {
        return layer.out * layer.outHeight() * width() * convLanes;
    }
};

/// Where a layer's weight stands among filters, see ConvPlan.
struct FilterPlaces
{
    bool first = false; ///< of the network's first layer

    std::size_t operator()(const PooledConv &layer, std::size_t out, std::size_t in, std::size_t ky,
                           std::size_t kx) const
    {
        if (first)
            return ((out * layer.in + in) * layer.kernel + ky) * firstRow + kx;
        const std::size_t block = out * layer.paddedIn() + in / convChannels * convChannels;
        return block * layer.kernel * layer.kernel + (ky * layer.kernel + kx) * convChannels
               + in % convChannels;
    }
};

/// x [in, height, width, 16 samples], dy bordered. The gradients of weights, at their places among filters,
/// and of biases [out] are added to.
void convPlainWeights(const PooledConv &layer, const float *x, const float *dy, FilterPlaces places,
                      float *filters, float *bias);

/// The part of the input that gets a gradient: the map without what pads it.
struct InnerMap
{
    std::size_t padding = 0; ///< above and to the left
    std::size_t height = 0;
    std::size_t width = 0;
};

/// dy bordered, weight [out, in, kernel, kernel] → dx [in, map.height, map.width, 16 samples].
void convPlainInput(const PooledConv &layer, const InnerMap &map, const float *weight, const float *dy,
                    float *dx);

} // namespace losslab::kernels
