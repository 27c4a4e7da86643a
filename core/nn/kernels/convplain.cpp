#include "nn/kernels/convplain.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/convplain.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/target_inl.h"

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

using Lanes = hn::CappedTag<float, convLanes>;

/// Sums held in registers at once.
constexpr std::size_t mostSums = manyRegisters ? 24 : 12;

/// C output channels and one input channel: the gradient of a row of their kernels, whose patches begin at x.
template <std::size_t K, std::size_t C>
HWY_INLINE void addRowGradient(const PooledConv &layer, const BorderedMaps &maps, const float *HWY_RESTRICT x,
                               const float *HWY_RESTRICT dy, float (&gradient)[C][K])
{
    const Lanes d;
    const std::size_t row = maps.width() * convLanes, channel = layer.outHeight() * row;
    hn::Vec<Lanes> sum[C][K];
    for (std::size_t c = 0; c < C; ++c)
        for (std::size_t kx = 0; kx < K; ++kx)
            sum[c][kx] = hn::Zero(d);
    for (std::size_t lane = 0; lane < convLanes; lane += hn::Lanes(d)) {
        for (std::size_t y = 0; y < layer.outHeight(); ++y) {
            const float *from = x + y * layer.stride * layer.width * convLanes + lane;
            const float *delta = dy + y * row + maps.left * convLanes + lane;
            for (std::size_t column = 0; column < maps.columns; ++column) {
                hn::Vec<Lanes> value[K];
                for (std::size_t kx = 0; kx < K; ++kx)
                    value[kx] = hn::Load(d, from + kx * convLanes);
                for (std::size_t c = 0; c < C; ++c) {
                    const auto of = hn::Load(d, delta + c * channel);
                    for (std::size_t kx = 0; kx < K; ++kx)
                        sum[c][kx] = hn::MulAdd(of, value[kx], sum[c][kx]);
                }
                from += layer.stride * convLanes;
                delta += convLanes;
            }
        }
    }
    for (std::size_t c = 0; c < C; ++c)
        for (std::size_t kx = 0; kx < K; ++kx)
            gradient[c][kx] = hn::GetLane(hn::SumOfLanes(d, sum[c][kx]));
}

/// What convPlainWeights() is given.
struct WeightsOf
{
    const PooledConv &layer;
    const float *x, *dy;
    FilterPlaces places;
    float *filters;
};

template <std::size_t K, std::size_t C>
void addWeights(const WeightsOf &of, std::size_t out)
{
    const PooledConv &layer = of.layer;
    const BorderedMaps maps(layer);
    const float *dy = of.dy + out * layer.outHeight() * maps.width() * convLanes;
    for (std::size_t in = 0; in < layer.in; ++in) {
        for (std::size_t ky = 0; ky < K; ++ky) {
            float gradient[C][K];
            addRowGradient<K, C>(layer, maps, of.x + (in * layer.pixels() + ky * layer.width) * convLanes, dy,
                                 gradient);
            for (std::size_t c = 0; c < C; ++c)
                for (std::size_t kx = 0; kx < K; ++kx)
                    of.filters[of.places(layer, out + c, in, ky, kx)] += gradient[c][kx];
        }
    }
}

/// The last channels, fewer than at once.
template <std::size_t K, std::size_t C>
void addRestOfWeights(const WeightsOf &of, std::size_t out)
{
    if (of.layer.out - out == C)
        return addWeights<K, C>(of, out);
    if constexpr (C > 1)
        addRestOfWeights<K, C - 1>(of, out);
}

template <std::size_t K>
void weightsAll(const PooledConv &layer, const float *x, const float *dy, FilterPlaces places, float *filters,
                float *bias)
{
    constexpr std::size_t atOnce = std::min<std::size_t>(mostSums / K, 8);
    const Lanes d;
    const std::size_t map = layer.outHeight() * BorderedMaps(layer).width() * convLanes;
    for (std::size_t out = 0; out < layer.out; ++out) { // the border adds nothing
        auto sum = hn::Zero(d);
        for (std::size_t i = 0; i < map; i += hn::Lanes(d))
            sum = hn::Add(sum, hn::Load(d, dy + out * map + i));
        bias[out] += hn::GetLane(hn::SumOfLanes(d, sum));
    }
    const WeightsOf of{layer, x, dy, places, filters};
    std::size_t out = 0;
    for (; out + atOnce <= layer.out; out += atOnce)
        addWeights<K, atOnce>(of, out);
    if constexpr (atOnce > 1)
        if (out < layer.out)
            addRestOfWeights<K, atOnce - 1>(of, out);
}

/// What convPlainInput() is given.
struct InputOf
{
    const PooledConv &layer;
    const InnerMap &map;
    BorderedMaps maps;
    const float *weight, *dy;
    float *dx;
};

/// C input channels at N positions of a row, `stride` apart, the first of them at this column with what pads
/// the map. The kernel's columns that meet an output there begin with kx and are `stride` apart, too.
template <std::size_t C, std::size_t N>
HWY_INLINE void inputStrip(const InputOf &of, std::size_t in, std::size_t row, std::size_t column)
{
    const Lanes d;
    const PooledConv &layer = of.layer;
    const std::size_t stride = layer.stride, kernel = layer.kernel, patch = kernel * kernel;
    const std::size_t width = of.maps.width() * convLanes, channel = layer.outHeight() * width;
    const std::size_t firstX = column % stride, place = column / stride + of.maps.left;
    for (std::size_t lane = 0; lane < convLanes; lane += hn::Lanes(d)) {
        hn::Vec<Lanes> sum[C][N];
        for (std::size_t c = 0; c < C; ++c)
            for (std::size_t i = 0; i < N; ++i)
                sum[c][i] = hn::Zero(d);
        for (std::size_t ky = row % stride; ky < kernel && ky <= row; ky += stride) {
            const std::size_t y = (row - ky) / stride;
            if (y >= layer.outHeight())
                continue;
            for (std::size_t out = 0; out < layer.out; ++out) {
                const float *w = of.weight + (out * layer.in + in) * patch + ky * kernel;
                const float *from = of.dy + out * channel + y * width + place * convLanes + lane;
                for (std::size_t kx = firstX; kx < kernel; kx += stride, from -= convLanes) {
                    hn::Vec<Lanes> delta[N];
                    for (std::size_t i = 0; i < N; ++i)
                        delta[i] = hn::Load(d, from + i * convLanes);
                    for (std::size_t c = 0; c < C; ++c) {
                        const auto by = hn::Set(d, w[c * patch + kx]);
                        for (std::size_t i = 0; i < N; ++i)
                            sum[c][i] = hn::MulAdd(by, delta[i], sum[c][i]);
                    }
                }
            }
        }
        const std::size_t to = (row - of.map.padding) * of.map.width + column - of.map.padding;
        for (std::size_t c = 0; c < C; ++c)
            for (std::size_t i = 0; i < N; ++i)
                hn::Store(sum[c][i], d,
                          of.dx + ((in + c) * of.map.height * of.map.width + to + i * stride) * convLanes
                              + lane);
    }
}

/// A row's last strip may go over the one before again.
template <std::size_t C>
void inputChannels(const InputOf &of, std::size_t in)
{
    constexpr std::size_t strip = 4;
    const std::size_t stride = of.layer.stride, padding = of.map.padding;
    for (std::size_t row = padding; row < padding + of.map.height; ++row) {
        for (std::size_t first = padding; first < padding + std::min(stride, of.map.width); ++first) {
            const std::size_t count = (padding + of.map.width - first + stride - 1) / stride;
            if (count < strip)
                for (std::size_t i = 0; i < count; ++i)
                    inputStrip<C, 1>(of, in, row, first + i * stride);
            else
                for (std::size_t i = 0; i < count; i += strip)
                    inputStrip<C, strip>(of, in, row, first + std::min(i, count - strip) * stride);
        }
    }
}

template <std::size_t C>
void restOfInput(const InputOf &of, std::size_t in)
{
    if (of.layer.in - in == C)
        return inputChannels<C>(of, in);
    if constexpr (C > 1)
        restOfInput<C - 1>(of, in);
}

void plainInput(const PooledConv &layer, const InnerMap &map, const float *weight, const float *dy, float *dx)
{
    constexpr std::size_t atOnce = manyRegisters ? 5 : 2;
    const InputOf of{layer, map, BorderedMaps(layer), weight, dy, dx};
    std::size_t in = 0;
    for (; in + atOnce <= layer.in; in += atOnce)
        inputChannels<atOnce>(of, in);
    if (in < layer.in)
        restOfInput<atOnce - 1>(of, in);
}

void plainWeights(const PooledConv &layer, const float *x, const float *dy, FilterPlaces places,
                  float *filters, float *bias)
{
    constexpr decltype(&plainWeights) byKernel[] = {weightsAll<1>, weightsAll<2>, weightsAll<3>,
                                                    weightsAll<4>, weightsAll<5>};
    byKernel[layer.kernel - PooledConv::minKernel](layer, x, dy, places, filters, bias);
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

HWY_EXPORT(plainWeights);
HWY_EXPORT(plainInput);

void convPlainWeights(const PooledConv &layer, const float *x, const float *dy, FilterPlaces places,
                      float *filters, float *bias)
{
    HWY_DYNAMIC_DISPATCH(plainWeights)(layer, x, dy, places, filters, bias);
}

void convPlainInput(const PooledConv &layer, const InnerMap &map, const float *weight, const float *dy,
                    float *dx)
{
    HWY_DYNAMIC_DISPATCH(plainInput)(layer, map, weight, dy, dx);
}

} // namespace losslab::kernels
#endif
