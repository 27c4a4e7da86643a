#include "nn/kernels/lanes.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/lanes.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/target_inl.h"

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

template <class T>
using Lanes = hn::CappedTag<T, laneGroup<T>>;

// How much of a product is held in registers.
constexpr std::size_t tileRows = manyRegisters ? 6 : 3, gradientTile = manyRegisters ? 4 : 3;
constexpr std::size_t tileVectors = 4;

/// R rows × C vectors of y, from row `row` and sample `s` on.
template <std::size_t R, std::size_t C, class T>
HWY_INLINE void affineTile(const Affine<T> &map, const T *HWY_RESTRICT x, T *y, std::size_t samples,
                           std::size_t row, std::size_t s)
{
    const Lanes<T> d;
    using V = hn::Vec<Lanes<T>>;
    const std::size_t width = hn::Lanes(d);
    const auto place = [&](std::size_t r, std::size_t c) { return (row + r) * samples + s + c * width; };

    V sum[R][C];
    for (std::size_t r = 0; r < R; ++r) {
        const V start = hn::Set(d, map.bias ? map.bias[row + r] : T(0));
        for (std::size_t c = 0; c < C; ++c)
            sum[r][c] = start;
    }
    if (map.adds)
        for (std::size_t r = 0; r < R; ++r)
            for (std::size_t c = 0; c < C; ++c)
                sum[r][c] = hn::Add(sum[r][c], hn::Load(d, y + place(r, c)));
    const T *weight = map.weight + row * map.rowStride;
    for (std::size_t k = 0; k < map.depth; ++k, weight += map.depthStride) {
        V in[C];
        for (std::size_t c = 0; c < C; ++c)
            in[c] = hn::Load(d, x + k * samples + s + c * width);
        for (std::size_t r = 0; r < R; ++r) {
            const V w = hn::Set(d, weight[r * map.rowStride]);
            for (std::size_t c = 0; c < C; ++c)
                sum[r][c] = hn::MulAdd(w, in[c], sum[r][c]);
        }
    }
    const V zero = hn::Zero(d);
    if (map.relu)
        for (std::size_t r = 0; r < R; ++r)
            for (std::size_t c = 0; c < C; ++c) // keeps not-a-number
                sum[r][c] = hn::IfThenZeroElse(hn::Le(sum[r][c], zero), sum[r][c]);
    if (map.gate)
        for (std::size_t r = 0; r < R; ++r)
            for (std::size_t c = 0; c < C; ++c)
                sum[r][c] = hn::IfThenElseZero(hn::Gt(hn::Load(d, map.gate + place(r, c)), zero), sum[r][c]);
    if (map.factor)
        for (std::size_t r = 0; r < R; ++r)
            for (std::size_t c = 0; c < C; ++c)
                sum[r][c] = hn::Mul(sum[r][c], hn::Load(d, map.factor + place(r, c)));
    for (std::size_t r = 0; r < R; ++r)
        for (std::size_t c = 0; c < C; ++c)
            hn::Store(sum[r][c], d, y + place(r, c));
}

template <std::size_t R, std::size_t C, class T>
HWY_INLINE void affineRows(const Affine<T> &map, const T *x, T *y, std::size_t samples, std::size_t row,
                           std::size_t s)
{
    if (map.rows - row >= R)
        affineTile<R, C>(map, x, y, samples, row, s);
    else if constexpr (R > 1)
        affineRows<R - 1, C>(map, x, y, samples, row, s);
}

/// All rows of at most C vectors; returns where the next vector begins.
template <std::size_t C, class T>
HWY_INLINE std::size_t affineColumn(const Affine<T> &map, const T *x, T *y, std::size_t samples,
                                    std::size_t s)
{
    const std::size_t end = s + C * hn::Lanes(Lanes<T>());
    if constexpr (C > 1)
        if (end > samples)
            return affineColumn<C - 1>(map, x, y, samples, s);
    for (std::size_t row = 0; row < map.rows; row += tileRows)
        affineRows<tileRows, C>(map, x, y, samples, row, s);
    return end;
}

template <class T>
void affineAll(const Affine<T> &map, const T *x, T *y, std::size_t samples)
{
    for (std::size_t s = 0; s < samples;)
        s = affineColumn<tileVectors>(map, x, y, samples, s);
}

/// O × I elements of a weight's gradient.
template <std::size_t O, std::size_t I, class T>
HWY_INLINE void gradientTileOf(const T *HWY_RESTRICT dy, const T *HWY_RESTRICT x, std::size_t in,
                               std::size_t samples, T *HWY_RESTRICT gradient)
{
    const Lanes<T> d;
    using V = hn::Vec<Lanes<T>>;
    V sum[O][I];
    for (std::size_t o = 0; o < O; ++o)
        for (std::size_t i = 0; i < I; ++i)
            sum[o][i] = hn::Zero(d);
    for (std::size_t s = 0; s < samples; s += hn::Lanes(d)) {
        V a[I];
        for (std::size_t i = 0; i < I; ++i)
            a[i] = hn::Load(d, x + i * samples + s);
        for (std::size_t o = 0; o < O; ++o) {
            const V delta = hn::Load(d, dy + o * samples + s);
            for (std::size_t i = 0; i < I; ++i)
                sum[o][i] = hn::MulAdd(delta, a[i], sum[o][i]);
        }
    }
    for (std::size_t o = 0; o < O; ++o)
        for (std::size_t i = 0; i < I; ++i)
            gradient[o * in + i] += hn::GetLane(hn::SumOfLanes(d, sum[o][i]));
}

template <std::size_t O, std::size_t I, class T>
HWY_INLINE void gradientColumns(std::size_t columns, const T *dy, const T *x, std::size_t in,
                                std::size_t samples, T *gradient)
{
    if (columns >= I)
        gradientTileOf<O, I>(dy, x, in, samples, gradient);
    else if constexpr (I > 1)
        gradientColumns<O, I - 1>(columns, dy, x, in, samples, gradient);
}

template <std::size_t O, class T>
HWY_INLINE void gradientRows(std::size_t rows, const T *dy, const T *x, std::size_t in, std::size_t samples,
                             T *gradient)
{
    if (rows >= O)
        for (std::size_t i = 0; i < in; i += gradientTile)
            gradientColumns<O, gradientTile>(in - i, dy, x + i * samples, in, samples, gradient + i);
    else if constexpr (O > 1)
        gradientRows<O - 1>(rows, dy, x, in, samples, gradient);
}

template <class T>
void weightGradient(const T *dy, std::size_t out, const T *x, std::size_t in, std::size_t samples,
                    T *gradient)
{
    for (std::size_t o = 0; o < out; o += gradientTile)
        gradientRows<gradientTile>(out - o, dy + o * samples, x, in, samples, gradient + o * in);
}

template <class T>
void biasGradient(const T *HWY_RESTRICT dy, std::size_t out, std::size_t samples, T *HWY_RESTRICT gradient)
{
    const Lanes<T> d;
    for (std::size_t o = 0; o < out; ++o, dy += samples) {
        auto sum = hn::Zero(d);
        for (std::size_t s = 0; s < samples; s += hn::Lanes(d))
            sum = hn::Add(sum, hn::Load(d, dy + s));
        gradient[o] += hn::GetLane(hn::SumOfLanes(d, sum));
    }
}

template <class T>
double residualsOf(T *HWY_RESTRICT y, const T *HWY_RESTRICT target, T scale, std::size_t rows,
                   std::size_t count, std::size_t samples)
{
    const Lanes<T> d;
    const auto factor = hn::Set(d, scale);
    double total = 0;
    for (std::size_t row = 0; row < rows; ++row, y += samples, target += samples) {
        auto squares = hn::Zero(d);
        for (std::size_t s = 0; s < samples; s += hn::Lanes(d)) {
            const auto counts = hn::FirstN(d, s < count ? count - s : 0);
            const auto residual =
                hn::IfThenElseZero(counts, hn::Sub(hn::Load(d, y + s), hn::Load(d, target + s)));
            squares = hn::MulAdd(residual, residual, squares);
            hn::Store(hn::Mul(factor, residual), d, y + s);
        }
        total += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, squares)));
    }
    return total;
}

// One function a type, since what is exported has no template arguments.
#define LOSSLAB_LANES(T, NAME)                                                                               \
    void affine##NAME(const Affine<T> &map, const T *x, T *y, std::size_t samples)                           \
    {                                                                                                        \
        affineAll(map, x, y, samples);                                                                       \
    }                                                                                                        \
    void weightGradient##NAME(const T *dy, std::size_t out, const T *x, std::size_t in, std::size_t samples, \
                              T *gradient)                                                                   \
    {                                                                                                        \
        weightGradient(dy, out, x, in, samples, gradient);                                                   \
    }                                                                                                        \
    void biasGradient##NAME(const T *dy, std::size_t out, std::size_t samples, T *gradient)                  \
    {                                                                                                        \
        biasGradient(dy, out, samples, gradient);                                                            \
    }                                                                                                        \
    double residuals##NAME(T *y, const T *target, T scale, std::size_t rows, std::size_t count,              \
                           std::size_t samples)                                                              \
    {                                                                                                        \
        return residualsOf(y, target, scale, rows, count, samples);                                          \
    }
LOSSLAB_LANES(float, Float)
LOSSLAB_LANES(double, Double)
#undef LOSSLAB_LANES

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

#define LOSSLAB_LANES(T, NAME)                                                                               \
    HWY_EXPORT(affine##NAME);                                                                                \
    HWY_EXPORT(weightGradient##NAME);                                                                        \
    HWY_EXPORT(biasGradient##NAME);                                                                          \
    HWY_EXPORT(residuals##NAME);                                                                             \
    template <>                                                                                              \
    void affine(const Affine<T> &map, const T *x, T *y, std::size_t samples)                                 \
    {                                                                                                        \
        HWY_DYNAMIC_DISPATCH(affine##NAME)(map, x, y, samples);                                              \
    }                                                                                                        \
    template <>                                                                                              \
    void addWeightGradient(const T *dy, std::size_t out, const T *x, std::size_t in, std::size_t samples,    \
                           T *gradient)                                                                      \
    {                                                                                                        \
        HWY_DYNAMIC_DISPATCH(weightGradient##NAME)(dy, out, x, in, samples, gradient);                       \
    }                                                                                                        \
    template <>                                                                                              \
    void addBiasGradient(const T *dy, std::size_t out, std::size_t samples, T *gradient)                     \
    {                                                                                                        \
        HWY_DYNAMIC_DISPATCH(biasGradient##NAME)(dy, out, samples, gradient);                                \
    }                                                                                                        \
    template <>                                                                                              \
    double residuals(T *y, const T *target, T scale, std::size_t rows, std::size_t count,                    \
                     std::size_t samples)                                                                    \
    {                                                                                                        \
        return HWY_DYNAMIC_DISPATCH(residuals##NAME)(y, target, scale, rows, count, samples);                \
    }
LOSSLAB_LANES(float, Float)
LOSSLAB_LANES(double, Double)
#undef LOSSLAB_LANES

} // namespace losslab::kernels
#endif
