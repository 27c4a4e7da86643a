#pragma once

#include <cstddef>
#include <cstdint>

namespace losslab::kernels {

/// Samples that stand side by side in a map: one vector, or several.
inline constexpr std::size_t convLanes = 16;

/// Channels that stand side by side where samples are taken one by one.
inline constexpr std::size_t convChannels = 16;

constexpr std::size_t roundedUp(std::size_t count, std::size_t multiple)
{
    return (count + multiple - 1) / multiple * multiple;
}

/// A convolution (square kernel of minKernel … maxKernel), a 2×2 max pool or none, and ReLU or nothing as one
/// layer. Pooled before ReLU: that gives the same values and gradients, since ReLU is monotonous.
struct PooledConv
{
    static constexpr std::size_t minKernel = 1, maxKernel = 5;

    std::size_t in = 0;
    std::size_t height = 0; ///< of the input, with what pads it
    std::size_t width = 0;
    std::size_t out = 0;
    std::size_t kernel = 0;
    std::size_t stride = 1;
    std::size_t pool = 2; ///< 1: none
    bool relu = true;

    std::size_t pixels() const { return height * width; }
    /// Before the pool.
    std::size_t outHeight() const { return (height - kernel) / stride + 1; }
    std::size_t outWidth() const { return (width - kernel) / stride + 1; }
    std::size_t pooledHeight() const { return outHeight() / pool; }
    std::size_t pooledWidth() const { return outWidth() / pool; }
    std::size_t pooled() const { return pooledHeight() * pooledWidth(); }
    /// An output channel's row of dy and of origin.
    std::size_t pooledStride() const { return roundedUp(pooled(), 16); }
    std::size_t paddedIn() const { return roundedUp(in, convChannels); }
};

/// x [in, height, width, 16 samples], weight [out, in, kernel, kernel], bias [out]. y gets row (o, position)
/// of 16 samples at (o · pooled() + position) · yStride. origin [out, pooled(), 16] gets the pixel of the
/// input where the patch starts whose value it is, of a pool the largest one's, the first of equal ones; -1
/// where ReLU has made it 0.
void convForward(const PooledConv &layer, const float *weight, const float *bias, const float *x, float *y,
                 std::size_t yStride, std::int32_t *origin);

/// One sample's gradients. At most one position of a pool's window has any, so the work is then a quarter of
/// the forward pass's, less what ReLU stops; which position it is differs from sample to sample.
struct ConvGradient
{
    const float *dy = nullptr;            ///< [out, pooledStride()]
    const std::int32_t *origin = nullptr; ///< as dy; -1: no gradient
    float *weight = nullptr;              ///< added to
    float *bias = nullptr;                ///< [out], added to
};

/// Of the first layer, whose input needs none. x [in, height, width], with firstRow floats to read behind it;
/// the weight's gradient is [out, in, kernel, firstRow], of which the first kernel of a row count.
inline constexpr std::size_t firstRow = 8;
void convBackwardFirst(const PooledConv &layer, const ConvGradient &gradient, const float *x);

/// Of any other. x and dx [height, width, paddedIn()]; weight and its gradient [out, paddedIn() / 16, kernel,
/// kernel, 16], with zeros where there is no such channel. dx is added to.
void convBackward(const PooledConv &layer, const ConvGradient &gradient, const float *x, const float *weight,
                  float *dx);

} // namespace losslab::kernels
