#include "nn/kernels/conv.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/conv.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/target_inl.h"

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

using Lanes = hn::CappedTag<float, convLanes>;

// How much is held in registers.
constexpr std::size_t tileChannels = manyRegisters ? 5 : 2, patchVectors = manyRegisters ? 16 : 12;

/// A vector of samples' values after ReLU, where the layer has one, and where in the input each came from.
HWY_INLINE void storeValue(const PooledConv &layer, hn::Vec<Lanes> value,
                           hn::Vec<hn::RebindToSigned<Lanes>> from, float *y, std::int32_t *origin)
{
    const Lanes d;
    const hn::RebindToSigned<Lanes> di;
    if (layer.relu) {
        const auto stopped = hn::Le(value, hn::Zero(d)); // of not-a-number it is false
        value = hn::IfThenZeroElse(stopped, value);
        from = hn::IfThenElse(hn::RebindMask(di, stopped), hn::Set(di, -1), from);
    }
    hn::Store(value, d, y);
    hn::Store(from, di, origin);
}

/// The four values of a pool's window → the largest.
HWY_INLINE void storePooled(const PooledConv &layer, const hn::Vec<Lanes> (&window)[4], std::size_t pixel,
                            float *y, std::int32_t *origin)
{
    const hn::RebindToSigned<Lanes> di;
    const auto place = [&](std::size_t i) {
        return hn::Set(di, static_cast<std::int32_t>(pixel + layer.stride * (i / 2 * layer.width + i % 2)));
    };
    auto most = window[0];
    auto from = place(0);
    for (std::size_t i = 1; i < 4; ++i) {
        const auto larger = hn::Gt(window[i], most);
        most = hn::IfThenElse(larger, window[i], most);
        from = hn::IfThenElse(hn::RebindMask(di, larger), place(i), from);
    }
    storeValue(layer, most, from, y, origin);
}

/// N positions in C output channels, for one vector of samples. The positions' patches start at these floats.
template <std::size_t K, std::size_t C, std::size_t N>
HWY_INLINE void forwardTile(const PooledConv &layer, const float *HWY_RESTRICT weight,
                            const float *HWY_RESTRICT bias, const float *HWY_RESTRICT x,
                            const std::size_t (&starts)[N], hn::Vec<Lanes> (&sum)[C][N])
{
    const Lanes d;
    const std::size_t row = layer.width * convLanes, channel = layer.height * row;
    const std::size_t filter = layer.in * K * K;
    for (std::size_t c = 0; c < C; ++c)
        for (std::size_t i = 0; i < N; ++i)
            sum[c][i] = hn::Set(d, bias[c]);
    for (std::size_t in = 0; in < layer.in; ++in, x += channel, weight += K * K) {
        for (std::size_t ky = 0; ky < K; ++ky) {
            for (std::size_t kx = 0; kx < K; ++kx) {
                hn::Vec<Lanes> value[N];
                for (std::size_t i = 0; i < N; ++i)
                    value[i] = hn::Load(d, x + starts[i] + ky * row + kx * convLanes);
                for (std::size_t c = 0; c < C; ++c) {
                    const auto w = hn::Set(d, weight[c * filter + ky * K + kx]);
                    for (std::size_t i = 0; i < N; ++i)
                        sum[c][i] = hn::MulAdd(w, value[i], sum[c][i]);
                }
            }
        }
    }
}

/// What convForward() is given, from an output channel on.
struct Forward
{
    const PooledConv &layer;
    const float *weight, *bias, *x;
    float *y;
    std::size_t yStride;
    std::int32_t *origin;

    Forward from(std::size_t out) const
    {
        const std::size_t rows = out * layer.pooled();
        return {layer,
                weight + out * layer.in * layer.kernel * layer.kernel,
                bias + out,
                x,
                y + rows * yStride,
                yStride,
                origin + rows * convLanes};
    }
};

/// C output channels at all positions, pooled.
template <std::size_t K, std::size_t C>
HWY_INLINE void forwardPooled(const Forward &to)
{
    const PooledConv &layer = to.layer;
    const std::size_t pooled = layer.pooled(), columns = layer.pooledWidth();
    const std::size_t right = layer.stride * convLanes, below = layer.width * right;
    const std::size_t starts[] = {0, right, below, below + right};
    for (std::size_t position = 0; position < pooled; ++position) {
        const std::size_t pixel =
            layer.stride * (position / columns * 2 * layer.width + position % columns * 2);
        for (std::size_t lane = 0; lane < convLanes; lane += hn::Lanes(Lanes())) {
            hn::Vec<Lanes> sum[C][4];
            forwardTile<K, C>(layer, to.weight, to.bias, to.x + pixel * convLanes + lane, starts, sum);
            for (std::size_t c = 0; c < C; ++c) {
                const std::size_t place = c * pooled + position;
                storePooled(layer, sum[c], pixel, to.y + place * to.yStride + lane,
                            to.origin + place * convLanes + lane);
            }
        }
    }
}

/// C output channels at N positions side by side.
template <std::size_t K, std::size_t C, std::size_t N>
HWY_INLINE void forwardStrip(const Forward &to, std::size_t row, std::size_t column)
{
    const hn::RebindToSigned<Lanes> di;
    const PooledConv &layer = to.layer;
    const std::size_t pixel = layer.stride * (row * layer.width + column);
    std::size_t starts[N];
    for (std::size_t i = 0; i < N; ++i)
        starts[i] = i * layer.stride * convLanes;
    for (std::size_t lane = 0; lane < convLanes; lane += hn::Lanes(Lanes())) {
        hn::Vec<Lanes> sum[C][N];
        forwardTile<K, C>(layer, to.weight, to.bias, to.x + pixel * convLanes + lane, starts, sum);
        for (std::size_t c = 0; c < C; ++c)
            for (std::size_t i = 0; i < N; ++i) {
                const std::size_t place = c * layer.pooled() + row * layer.outWidth() + column + i;
                const auto from = hn::Set(di, static_cast<std::int32_t>(pixel + i * layer.stride));
                storeValue(layer, sum[c][i], from, to.y + place * to.yStride + lane,
                           to.origin + place * convLanes + lane);
            }
    }
}

/// C output channels at all positions, not pooled. A row's last strip may go over the one before again.
template <std::size_t K, std::size_t C>
HWY_INLINE void forwardPlain(const Forward &to)
{
    constexpr std::size_t strip = 4;
    const std::size_t columns = to.layer.outWidth();
    for (std::size_t row = 0; row < to.layer.outHeight(); ++row) {
        if (columns < strip)
            for (std::size_t column = 0; column < columns; ++column)
                forwardStrip<K, C, 1>(to, row, column);
        else
            for (std::size_t column = 0; column < columns; column += strip)
                forwardStrip<K, C, strip>(to, row, std::min(column, columns - strip));
    }
}

template <std::size_t K, std::size_t C>
void forwardChannels(const Forward &to)
{
    if (to.layer.pool == 2)
        forwardPooled<K, C>(to);
    else
        forwardPlain<K, C>(to);
}

/// The last channels, fewer than a tile's.
template <std::size_t K, std::size_t C>
void forwardRest(const Forward &to, std::size_t count)
{
    if (count == C)
        return forwardChannels<K, C>(to);
    if constexpr (C > 1)
        forwardRest<K, C - 1>(to, count);
}

template <std::size_t K>
void forwardAll(const PooledConv &layer, const float *weight, const float *bias, const float *x, float *y,
                std::size_t yStride, std::int32_t *origin)
{
    const Forward all{layer, weight, bias, x, y, yStride, origin};
    std::size_t out = 0;
    for (; out + tileChannels <= layer.out; out += tileChannels)
        forwardChannels<K, tileChannels>(all.from(out));
    if (out < layer.out)
        forwardRest<K, tileChannels - 1>(all.from(out), layer.out - out);
}

/// The places of an output channel that have a gradient, with an even count.
struct Entries
{
    static constexpr std::size_t most = 256;

    std::size_t count = 0;
    std::int32_t origin[most + convLanes];
    float dy[most + convLanes];

    /// Of `positions` places, at most `most`. Returns the sum of their gradients.
    HWY_INLINE float collect(const std::int32_t *from, const float *gradient, std::size_t positions)
    {
        const Lanes d;
        const hn::RebindToSigned<Lanes> di;
        auto sum = hn::Zero(d);
        count = 0;
        for (std::size_t p = 0; p < positions; p += hn::Lanes(d)) {
            const auto place = hn::Load(di, from + p);
            const auto delta = hn::Load(d, gradient + p);
            const auto counts = hn::Gt(place, hn::Set(di, -1));
            const auto counting = hn::RebindMask(d, counts);
            sum = hn::Add(sum, hn::IfThenElseZero(counting, delta));
            hn::StoreU(hn::Compress(place, counts), di, origin + count);
            hn::StoreU(hn::Compress(delta, counting), d, dy + count);
            count += hn::CountTrue(di, counts);
        }
        origin[count] = 0;
        dy[count] = 0;
        count += count % 2;
        return hn::GetLane(hn::SumOfLanes(d, sum));
    }
};

/// A patch of the input: K rows of S steps, a step being V vectors.
template <class D, std::size_t K, std::size_t S, std::size_t V>
struct Patch
{
    static constexpr std::size_t rowsAtOnce = K * S * V <= patchVectors ? K : 1;
    static constexpr std::size_t held = rowsAtOnce * S * V;
    /// Several sums side by side where there are few, since each waits for the one before.
    static constexpr std::size_t ways = 2 * held <= patchVectors ? 2 : 1;

    std::size_t pixel = 0; ///< floats from pixel to pixel
    std::size_t row = 0;
    std::size_t gradientRow = 0; ///< of the weight's gradient; its steps follow one another

    HWY_INLINE std::size_t place(std::size_t i) const
    {
        return i / (S * V) * row + i / V % S * pixel + i % V * hn::Lanes(D());
    }
    HWY_INLINE std::size_t gradientPlace(std::size_t i) const
    {
        return i / (S * V) * gradientRow + i % (S * V) * hn::Lanes(D());
    }

    /// gradient += Σ dy · patch of x.
    HWY_INLINE void addWeightGradient(const Entries &entries, const float *HWY_RESTRICT x,
                                      float *HWY_RESTRICT gradient) const
    {
        const D d;
        for (std::size_t first = 0; first < K; first += rowsAtOnce, x += row, gradient += gradientRow) {
            hn::Vec<D> sum[ways][held];
            for (std::size_t i = 0; i < held; ++i)
                sum[0][i] = hn::LoadU(d, gradient + gradientPlace(i));
            for (std::size_t way = 1; way < ways; ++way)
                for (std::size_t i = 0; i < held; ++i)
                    sum[way][i] = hn::Zero(d);
            for (std::size_t e = 0; e < entries.count; e += ways) {
                for (std::size_t way = 0; way < ways; ++way) {
                    const float *patch = x + static_cast<std::size_t>(entries.origin[e + way]) * pixel;
                    const auto dy = hn::Set(d, entries.dy[e + way]);
                    for (std::size_t i = 0; i < held; ++i)
                        sum[way][i] = hn::MulAdd(dy, hn::LoadU(d, patch + place(i)), sum[way][i]);
                }
            }
            for (std::size_t i = 0; i < held; ++i) {
                if constexpr (ways == 2)
                    sum[0][i] = hn::Add(sum[0][i], sum[1][i]);
                hn::StoreU(sum[0][i], d, gradient + gradientPlace(i));
            }
        }
    }

    /// patch of dx += dy · weight.
    HWY_INLINE void addInputGradient(const Entries &entries, const float *HWY_RESTRICT weight,
                                     float *HWY_RESTRICT dx) const
    {
        const D d;
        for (std::size_t e = 0; e < entries.count; ++e) {
            float *patch = dx + static_cast<std::size_t>(entries.origin[e]) * pixel;
            const auto dy = hn::Set(d, entries.dy[e]);
            for (std::size_t ky = 0; ky < K; ++ky) {
                const float *w = weight + ky * gradientRow;
                float *to = patch + ky * row;
                for (std::size_t i = 0; i < S * V; ++i)
                    hn::StoreU(
                        hn::MulAdd(dy, hn::LoadU(d, w + gradientPlace(i)), hn::LoadU(d, to + place(i))), d,
                        to + place(i));
            }
        }
    }
};

/// Calls use(entries, output channel) with the places of each, in parts.
template <class Use>
HWY_INLINE void forEachChannel(const PooledConv &layer, const ConvGradient &gradient, const Use &use)
{
    Entries entries;
    const std::size_t stride = layer.pooledStride();
    for (std::size_t out = 0; out < layer.out; ++out) {
        for (std::size_t first = 0; first < stride; first += Entries::most) {
            const std::size_t start = out * stride + first;
            gradient.bias[out] += entries.collect(gradient.origin + start, gradient.dy + start,
                                                  std::min(stride - first, Entries::most));
            use(entries, out);
        }
    }
}

template <std::size_t K>
void backwardFirstAll(const PooledConv &layer, const ConvGradient &gradient, const float *x)
{
    using D = hn::CappedTag<float, (K > 4 ? 8 : 4)>;
    constexpr std::size_t vectors = (K + hn::MaxLanes(D()) - 1) / hn::MaxLanes(D());
    const Patch<D, K, 1, vectors> patch{1, layer.width, firstRow};
    forEachChannel(layer, gradient, [&](const Entries &entries, std::size_t out) {
        for (std::size_t in = 0; in < layer.in; ++in)
            patch.addWeightGradient(entries, x + in * layer.pixels(),
                                    gradient.weight + (out * layer.in + in) * K * firstRow);
    });
}

template <std::size_t K>
void backwardAll(const PooledConv &layer, const ConvGradient &gradient, const float *x, const float *weight,
                 float *dx)
{
    using D = hn::CappedTag<float, convChannels>;
    const std::size_t padded = layer.paddedIn();
    const Patch<D, K, K, convChannels / hn::MaxLanes(D())> patch{padded, layer.width * padded,
                                                                 K * convChannels};
    forEachChannel(layer, gradient, [&](const Entries &entries, std::size_t out) {
        for (std::size_t in = 0; in < padded; in += convChannels) {
            const std::size_t filter = (out * padded + in) * K * K;
            patch.addWeightGradient(entries, x + in, gradient.weight + filter);
            patch.addInputGradient(entries, weight + filter, dx + in);
        }
    });
}

void forward(const PooledConv &layer, const float *weight, const float *bias, const float *x, float *y,
             std::size_t yStride, std::int32_t *origin)
{
    constexpr decltype(&forward) byKernel[] = {forwardAll<1>, forwardAll<2>, forwardAll<3>, forwardAll<4>,
                                               forwardAll<5>};
    byKernel[layer.kernel - PooledConv::minKernel](layer, weight, bias, x, y, yStride, origin);
}

void backwardFirst(const PooledConv &layer, const ConvGradient &gradient, const float *x)
{
    constexpr decltype(&backwardFirst) byKernel[] = {backwardFirstAll<1>, backwardFirstAll<2>,
                                                     backwardFirstAll<3>, backwardFirstAll<4>,
                                                     backwardFirstAll<5>};
    byKernel[layer.kernel - PooledConv::minKernel](layer, gradient, x);
}

void backward(const PooledConv &layer, const ConvGradient &gradient, const float *x, const float *weight,
              float *dx)
{
    constexpr decltype(&backward) byKernel[] = {backwardAll<1>, backwardAll<2>, backwardAll<3>,
                                                backwardAll<4>, backwardAll<5>};
    byKernel[layer.kernel - PooledConv::minKernel](layer, gradient, x, weight, dx);
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

HWY_EXPORT(forward);
HWY_EXPORT(backwardFirst);
HWY_EXPORT(backward);

void convForward(const PooledConv &layer, const float *weight, const float *bias, const float *x, float *y,
                 std::size_t yStride, std::int32_t *origin)
{
    HWY_DYNAMIC_DISPATCH(forward)(layer, weight, bias, x, y, yStride, origin);
}

void convBackwardFirst(const PooledConv &layer, const ConvGradient &gradient, const float *x)
{
    HWY_DYNAMIC_DISPATCH(backwardFirst)(layer, gradient, x);
}

void convBackward(const PooledConv &layer, const ConvGradient &gradient, const float *x, const float *weight,
                  float *dx)
{
    HWY_DYNAMIC_DISPATCH(backward)(layer, gradient, x, weight, dx);
}

} // namespace losslab::kernels
#endif
