#include "nn/kernels/activation.h"

#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/activation.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/target_inl.h"

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

/// A function's value and its slope.
template <class V>
struct Point
{
    V value, slope;
};

/// Calls f(x) for every vector of x, and stores what it gives. What is left at the end goes through a vector
/// of its own.
template <class T, class Function>
HWY_INLINE void eachVector(T *HWY_RESTRICT values, T *HWY_RESTRICT slopes, std::size_t count,
                           const Function &f)
{
    const hn::ScalableTag<T> d;
    const std::size_t width = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + width <= count; i += width) {
        const auto point = f(hn::LoadU(d, values + i));
        hn::StoreU(point.value, d, values + i);
        if (slopes)
            hn::StoreU(point.slope, d, slopes + i);
    }
    if (i == count)
        return;
    HWY_ALIGN T rest[HWY_MAX_BYTES / sizeof(T)] = {};
    HWY_ALIGN T restSlopes[HWY_MAX_BYTES / sizeof(T)] = {};
    for (std::size_t k = 0; i + k < count; ++k)
        rest[k] = values[i + k];
    const auto point = f(hn::Load(d, rest));
    hn::Store(point.value, d, rest);
    hn::Store(point.slope, d, restSlopes);
    for (std::size_t k = 0; i + k < count; ++k) {
        values[i + k] = rest[k];
        if (slopes)
            slopes[i + k] = restSlopes[k];
    }
}

template <class D, class V>
HWY_INLINE V sigmoid(D d, V x)
{
    const V one = hn::Set(d, 1), most = hn::Set(d, 88); // e⁸⁸ is about the largest float
    const V power = hn::Neg(x);
    const V y = hn::Div(one, hn::Add(one, hn::Exp(d, hn::IfThenElse(hn::Gt(power, most), most, power))));
    return hn::IfThenElse(hn::IsNaN(x), x, y);
}

/// e^x - 1 times `scale` below 0 and x times `above` elsewhere: ELU and SELU. Keeps not-a-number, as all do.
template <class T>
void exponential(T *values, T *slopes, std::size_t count, T above, T scale)
{
    const hn::ScalableTag<T> d;
    using V = hn::Vec<hn::ScalableTag<T>>;
    const V up = hn::Set(d, above), down = hn::Set(d, scale), zero = hn::Zero(d);
    eachVector(values, slopes, count, [&](V x) HWY_ATTR {
        const auto positive = hn::Gt(x, zero);
        const V below = hn::Mul(down, hn::Expm1(d, hn::IfThenZeroElse(positive, x)));
        return Point<V>{hn::IfThenElse(positive, hn::Mul(up, x), below),
                        hn::IfThenElse(positive, up, hn::Add(below, down))};
    });
}

/// A polynomial's value by Horner's rule, the highest power's coefficient first.
template <class D, class V, std::size_t count>
HWY_INLINE V polynomial(D d, V x, const double (&coefficients)[count])
{
    using T = hn::TFromD<D>;
    V sum = hn::Set(d, static_cast<T>(coefficients[0]));
    for (std::size_t i = 1; i < count; ++i)
        sum = hn::MulAdd(sum, x, hn::Set(d, static_cast<T>(coefficients[i])));
    return sum;
}

/// x Φ(x). The tail Φ(-|x|) is e^(-x²/2) times a quotient of polynomials: Hart et al. 1968, "Computer
/// Approximations", no. 5666, as West 2005, "Better approximations to cumulative normal functions", prints
/// it; to 2e-16 in double. What is beyond 40 is 0 in either type.
template <class T>
void gelu(T *values, T *slopes, std::size_t count)
{
    static constexpr double above[] = {3.52624965998911e-2, 0.700383064443688, 6.37396220353165,
                                       33.912866078383,     112.079291497871,  221.213596169931,
                                       220.206867912376};
    static constexpr double below[] = {8.83883476483184e-2, 1.75566716318264, 16.064177579207,
                                       86.7807322029461,    296.564248779674, 637.333633378831,
                                       793.826512519948,    440.413735824752};
    constexpr double density = std::numbers::inv_sqrtpi / std::numbers::sqrt2; // at 0
    const hn::ScalableTag<T> d;
    using V = hn::Vec<hn::ScalableTag<T>>;
    const V one = hn::Set(d, 1), half = hn::Set(d, static_cast<T>(0.5)), far = hn::Set(d, 40);
    const V atZero = hn::Set(d, static_cast<T>(density));
    eachVector(values, slopes, count, [&](V x) HWY_ATTR {
        const V size = hn::Min(hn::Abs(x), far);
        const V bell = hn::Exp(d, hn::Neg(hn::Mul(half, hn::Mul(size, size))));
        const V tail = hn::Mul(bell, hn::Div(polynomial(d, size, above), polynomial(d, size, below)));
        const V share = hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Sub(one, tail), tail);
        return Point<V>{hn::Mul(x, share), hn::MulAdd(x, hn::Mul(atZero, bell), share)};
    });
}

template <class T>
void activateAll(Activation activation, T *values, T *slopes, std::size_t count)
{
    const hn::ScalableTag<T> d;
    using V = hn::Vec<hn::ScalableTag<T>>;
    const V zero = hn::Zero(d), one = hn::Set(d, 1);
    const auto kinked = [&](V below) HWY_ATTR { // of 0 and below: `below` times x
        eachVector(values, slopes, count, [&](V x) HWY_ATTR {
            const auto positive = hn::Gt(x, zero);
            return Point<V>{hn::IfThenElse(positive, x, hn::Mul(below, x)),
                            hn::IfThenElse(positive, one, below)};
        });
    };
    switch (activation) {
    case Activation::Relu:
        return kinked(zero);
    case Activation::LeakyRelu:
        return kinked(hn::Set(d, static_cast<T>(0.01)));
    case Activation::Elu:
        return exponential<T>(values, slopes, count, 1, 1);
    case Activation::Selu: {
        constexpr double alpha = 1.6732632423543772848170429916717, scale = 1.0507009873554804934193349852946;
        return exponential<T>(values, slopes, count, static_cast<T>(scale), static_cast<T>(scale * alpha));
    }
    case Activation::Gelu:
        return gelu(values, slopes, count);
    case Activation::Tanh:
        return eachVector(values, slopes, count, [&](V x) HWY_ATTR {
            const V y = hn::Tanh(d, x);
            return Point<V>{y, hn::NegMulAdd(y, y, one)};
        });
    case Activation::Sigmoid:
        return eachVector(values, slopes, count, [&](V x) HWY_ATTR {
            const V y = sigmoid(d, x);
            return Point<V>{y, hn::Mul(y, hn::Sub(one, y))};
        });
    case Activation::Silu:
        return eachVector(values, slopes, count, [&](V x) HWY_ATTR {
            const V share = sigmoid(d, x), y = hn::Mul(x, share);
            return Point<V>{y, hn::MulAdd(y, hn::Sub(one, share), share)};
        });
    case Activation::None:
        return eachVector(values, slopes, count, [&](V x) HWY_ATTR { return Point<V>{x, one}; });
    }
}

void activateFloat(Activation activation, float *values, float *slopes, std::size_t count)
{
    activateAll(activation, values, slopes, count);
}

void activateDouble(Activation activation, double *values, double *slopes, std::size_t count)
{
    activateAll(activation, values, slopes, count);
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

HWY_EXPORT(activateFloat);
HWY_EXPORT(activateDouble);

template <>
void activate(Activation activation, float *values, float *slopes, std::size_t count)
{
    HWY_DYNAMIC_DISPATCH(activateFloat)(activation, values, slopes, count);
}

template <>
void activate(Activation activation, double *values, double *slopes, std::size_t count)
{
    HWY_DYNAMIC_DISPATCH(activateDouble)(activation, values, slopes, count);
}

} // namespace losslab::kernels
#endif
