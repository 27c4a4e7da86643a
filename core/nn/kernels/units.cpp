#include "nn/kernels/units.h"

#include "nn/kernels/lanes.h"

#include <algorithm>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/units.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/target_inl.h"

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

template <class T>
using Lanes = hn::CappedTag<T, laneGroup<T>>;

// What is held in registers.
constexpr std::size_t forwardVectors = manyRegisters ? 8 : 4, gradientUnits = manyRegisters ? 4 : 2;

/// `count` vectors of samples through all units.
template <std::size_t count, class T>
HWY_INLINE void forwardTile(const T *parameters, std::size_t hidden, const T *x, T *y)
{
    const Lanes<T> d;
    using V = hn::Vec<Lanes<T>>;
    V in[count], sum[count];
    for (std::size_t i = 0; i < count; ++i) {
        in[i] = hn::Load(d, x + i * hn::Lanes(d));
        sum[i] = hn::Set(d, parameters[3 * hidden]);
    }
    for (std::size_t unit = 0; unit < hidden; ++unit) {
        const V w = hn::Set(d, parameters[unit]), b = hn::Set(d, parameters[hidden + unit]);
        const V v = hn::Set(d, parameters[2 * hidden + unit]);
        for (std::size_t i = 0; i < count; ++i)
            sum[i] = hn::MulAdd(v, hn::Max(hn::MulAdd(w, in[i], b), hn::Zero(d)), sum[i]);
    }
    for (std::size_t i = 0; i < count; ++i)
        hn::Store(sum[i], d, y + i * hn::Lanes(d));
}

template <class T>
void forwardAll(const T *parameters, std::size_t hidden, const T *x, T *y, std::size_t samples)
{
    const std::size_t width = hn::Lanes(Lanes<T>());
    std::size_t s = 0;
    for (; s + forwardVectors * width <= samples; s += forwardVectors * width)
        forwardTile<forwardVectors>(parameters, hidden, x + s, y + s);
    for (; s < samples; s += width)
        forwardTile<1>(parameters, hidden, x + s, y + s);
}

/// The gradients of `count` units from `unit` on; dyx is dy · x.
template <std::size_t count, class T>
HWY_INLINE void gradientTile(const T *parameters, std::size_t hidden, std::size_t unit, const T *x,
                             const T *dy, const T *dyx, std::size_t samples, T *gradient)
{
    const Lanes<T> d;
    using V = hn::Vec<Lanes<T>>;
    const V zero = hn::Zero(d);
    V w[count], b[count], toWeight[count], toBias[count], toHead[count];
    for (std::size_t u = 0; u < count; ++u) {
        w[u] = hn::Set(d, parameters[unit + u]);
        b[u] = hn::Set(d, parameters[hidden + unit + u]);
        toWeight[u] = toBias[u] = toHead[u] = zero;
    }
    for (std::size_t s = 0; s < samples; s += hn::Lanes(d)) {
        const V in = hn::Load(d, x + s), out = hn::Load(d, dy + s), outIn = hn::Load(d, dyx + s);
        for (std::size_t u = 0; u < count; ++u) {
            const V before = hn::MulAdd(w[u], in, b[u]);
            const auto active = hn::Gt(before, zero);
            toHead[u] = hn::MulAdd(hn::Max(before, zero), out, toHead[u]);
            toBias[u] = hn::Add(toBias[u], hn::IfThenElseZero(active, out));
            toWeight[u] = hn::Add(toWeight[u], hn::IfThenElseZero(active, outIn));
        }
    }
    const auto sum = [&](V vector) HWY_ATTR { return hn::GetLane(hn::SumOfLanes(d, vector)); };
    for (std::size_t u = 0; u < count; ++u) {
        const T v = parameters[2 * hidden + unit + u];
        gradient[unit + u] += v * sum(toWeight[u]);
        gradient[hidden + unit + u] += v * sum(toBias[u]);
        gradient[2 * hidden + unit + u] += sum(toHead[u]);
    }
}

template <class T>
void gradientAll(const T *parameters, std::size_t hidden, const T *x, const T *dy, T *dyx,
                 std::size_t samples, T *gradient)
{
    const Lanes<T> d;
    auto total = hn::Zero(d);
    for (std::size_t s = 0; s < samples; s += hn::Lanes(d)) {
        const auto out = hn::Load(d, dy + s);
        hn::Store(hn::Mul(out, hn::Load(d, x + s)), d, dyx + s);
        total = hn::Add(total, out);
    }
    gradient[3 * hidden] += hn::GetLane(hn::SumOfLanes(d, total));
    std::size_t unit = 0;
    for (; unit + gradientUnits <= hidden; unit += gradientUnits)
        gradientTile<gradientUnits>(parameters, hidden, unit, x, dy, dyx, samples, gradient);
    for (; unit < hidden; ++unit)
        gradientTile<1>(parameters, hidden, unit, x, dy, dyx, samples, gradient);
}

// Dispatch needs functions that are no templates.
#define LOSSLAB_UNITS(T, NAME)                                                                               \
    void forward##NAME(const T *parameters, std::size_t hidden, const T *x, T *y, std::size_t samples)       \
    {                                                                                                        \
        forwardAll(parameters, hidden, x, y, samples);                                                       \
    }                                                                                                        \
    void gradient##NAME(const T *parameters, std::size_t hidden, const T *x, const T *dy, T *scratch,        \
                        std::size_t samples, T *gradient)                                                    \
    {                                                                                                        \
        gradientAll(parameters, hidden, x, dy, scratch, samples, gradient);                                  \
    }
LOSSLAB_UNITS(float, Float)
LOSSLAB_UNITS(double, Double)
#undef LOSSLAB_UNITS

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

#define LOSSLAB_UNITS(T, NAME)                                                                               \
    HWY_EXPORT(forward##NAME);                                                                               \
    HWY_EXPORT(gradient##NAME);                                                                              \
    template <>                                                                                              \
    void unitsForward(const T *parameters, std::size_t hidden, const T *x, T *y, std::size_t samples)        \
    {                                                                                                        \
        HWY_DYNAMIC_DISPATCH(forward##NAME)(parameters, hidden, x, y, samples);                              \
    }                                                                                                        \
    template <>                                                                                              \
    void addUnitsGradient(const T *parameters, std::size_t hidden, const T *x, const T *dy, T *scratch,      \
                          std::size_t samples, T *gradient)                                                  \
    {                                                                                                        \
        HWY_DYNAMIC_DISPATCH(gradient##NAME)(parameters, hidden, x, dy, scratch, samples, gradient);         \
    }
LOSSLAB_UNITS(float, Float)
LOSSLAB_UNITS(double, Double)
#undef LOSSLAB_UNITS

} // namespace losslab::kernels
#endif
