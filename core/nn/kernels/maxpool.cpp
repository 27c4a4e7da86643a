#include "nn/kernels/maxpool.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/maxpool.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/target_inl.h"

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

/// One window, for one vector of samples. `right` and `below`: floats to the neighbours.
HWY_INLINE void poolWindow(const ActivatedMaps &maps, std::size_t place, std::size_t right, std::size_t below,
                           const PooledMaps &pooled, std::size_t row, std::size_t lane)
{
    const hn::CappedTag<float, convLanes> d;
    const hn::RebindToSigned<decltype(d)> di;
    auto value = hn::Load(d, maps.values + place), slope = hn::Load(d, maps.slopes + place);
    auto origin = hn::Load(di, maps.origins + place);
    for (const std::size_t other : {place + right, place + below, place + below + right}) {
        const auto rival = hn::Load(d, maps.values + other);
        const auto larger = hn::Gt(rival, value);
        value = hn::IfThenElse(larger, rival, value);
        slope = hn::IfThenElse(larger, hn::Load(d, maps.slopes + other), slope);
        origin = hn::IfThenElse(hn::RebindMask(di, larger), hn::Load(di, maps.origins + other), origin);
    }
    hn::Store(value, d, pooled.values + row * pooled.stride + lane);
    hn::Store(slope, d, pooled.slopes + row * pooled.stride + lane);
    hn::Store(origin, di, pooled.origins + row * convLanes + lane);
}

void pool(const PooledConv &layer, const ActivatedMaps &maps, const PooledMaps &pooled)
{
    const std::size_t width = hn::Lanes(hn::CappedTag<float, convLanes>());
    const std::size_t right = convLanes, below = layer.outWidth() * convLanes;
    std::size_t row = 0;
    for (std::size_t channel = 0; channel < layer.out; ++channel)
        for (std::size_t y = 0; y < layer.pooledHeight(); ++y)
            for (std::size_t x = 0; x < layer.pooledWidth(); ++x, ++row) {
                const std::size_t pixel = (channel * layer.outHeight() + 2 * y) * layer.outWidth() + 2 * x;
                for (std::size_t lane = 0; lane < convLanes; lane += width)
                    poolWindow(maps, pixel * convLanes + lane, right, below, pooled, row, lane);
            }
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

HWY_EXPORT(pool);

void maxPool(const PooledConv &layer, const ActivatedMaps &maps, const PooledMaps &pooled)
{
    HWY_DYNAMIC_DISPATCH(pool)(layer, maps, pooled);
}

} // namespace losslab::kernels
#endif
