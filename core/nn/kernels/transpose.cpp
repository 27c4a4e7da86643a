#include "nn/kernels/transpose.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/transpose.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/target_inl.h"

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

/// Four rows and columns: wider vectors would need more shuffles an element, and no fewer stores.
template <class T>
HWY_INLINE void transposeBlock(const T *HWY_RESTRICT from, std::size_t fromStride, T *HWY_RESTRICT to,
                               std::size_t toStride)
{
#if HWY_TARGET == HWY_SCALAR
    for (std::size_t r = 0; r < 4; ++r)
        for (std::size_t c = 0; c < 4; ++c)
            to[c * toStride + r] = from[r * fromStride + c];
#else
    const hn::FixedTag<T, 4> d;
    const hn::Repartition<std::uint64_t, decltype(d)> pairs;
    const auto row0 = hn::LoadU(d, from);
    const auto row1 = hn::LoadU(d, from + fromStride);
    const auto row2 = hn::LoadU(d, from + 2 * fromStride);
    const auto row3 = hn::LoadU(d, from + 3 * fromStride);
    const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, row0, row1));
    const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, row2, row3));
    const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, row0, row1));
    const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, row2, row3));
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23)), d, to);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23)), d, to + toStride);
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23)), d, to + 2 * toStride);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23)), d, to + 3 * toStride);
#endif
}

template <class T>
void transposeOne(const Transposition &shape, const T *HWY_RESTRICT from, T *HWY_RESTRICT to)
{
    const std::size_t rows = shape.rows / 4 * 4, columns = shape.columns / 4 * 4;
    const auto single = [&](std::size_t r, std::size_t c) {
        to[c * shape.toStride + r] = from[r * shape.fromStride + c];
    };
    for (std::size_t r = 0; r < rows; r += 4) {
        for (std::size_t c = 0; c < columns; c += 4)
            transposeBlock(from + r * shape.fromStride + c, shape.fromStride, to + c * shape.toStride + r,
                           shape.toStride);
        for (std::size_t c = columns; c < shape.columns; ++c)
            for (std::size_t i = r; i < r + 4; ++i)
                single(i, c);
    }
    for (std::size_t r = rows; r < shape.rows; ++r)
        for (std::size_t c = 0; c < shape.columns; ++c)
            single(r, c);
}

template <class T>
void transposeAll(const Transposition &shape, const T *from, T *to)
{
    for (std::size_t m = 0; m < shape.count; ++m)
        transposeOne(shape, from + m * shape.fromStep, to + m * shape.toStep);
}

void transposeFloat(const Transposition &shape, const float *from, float *to)
{
    transposeAll(shape, from, to);
}

void transposeInt(const Transposition &shape, const std::int32_t *from, std::int32_t *to)
{
    transposeAll(shape, from, to);
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

HWY_EXPORT(transposeFloat);
HWY_EXPORT(transposeInt);

void transpose(const Transposition &shape, const float *from, float *to)
{
    HWY_DYNAMIC_DISPATCH(transposeFloat)(shape, from, to);
}

void transpose(const Transposition &shape, const std::int32_t *from, std::int32_t *to)
{
    HWY_DYNAMIC_DISPATCH(transposeInt)(shape, from, to);
}

} // namespace losslab::kernels
#endif
