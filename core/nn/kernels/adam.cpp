#include "nn/kernels/adam.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/adam.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/adam_inl.h"

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

template <class T>
void update(const AdamCoefficients<T> &coefficients, T *HWY_RESTRICT parameters, T *HWY_RESTRICT mean,
            T *HWY_RESTRICT variance, const T *HWY_RESTRICT gradient, std::size_t count)
{
    const hn::ScalableTag<T> d;
    const AdamUpdate wide(d, coefficients);
    std::size_t i = 0;
    for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d))
        wide(hn::LoadU(d, gradient + i), parameters + i, mean + i, variance + i);
    const hn::CappedTag<T, 1> one;
    const AdamUpdate single(one, coefficients);
    for (; i < count; ++i)
        single(hn::LoadU(one, gradient + i), parameters + i, mean + i, variance + i);
}

void updateFloat(const AdamCoefficients<float> &coefficients, float *parameters, float *mean, float *variance,
                 const float *gradient, std::size_t count)
{
    update(coefficients, parameters, mean, variance, gradient, count);
}

void updateDouble(const AdamCoefficients<double> &coefficients, double *parameters, double *mean,
                  double *variance, const double *gradient, std::size_t count)
{
    update(coefficients, parameters, mean, variance, gradient, count);
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

HWY_EXPORT(updateFloat);
HWY_EXPORT(updateDouble);

template <class T>
AdamCoefficients<T>::AdamCoefficients(const AdamOptions &options, double t)
    : beta1(static_cast<T>(options.beta1)),
      oneMinusBeta1(static_cast<T>(1 - options.beta1)),
      beta2(static_cast<T>(options.beta2)),
      oneMinusBeta2(static_cast<T>(1 - options.beta2)),
      weightDecay(static_cast<T>(options.weightDecay)),
      stepSize(static_cast<T>(options.learningRate / (1 - std::pow(options.beta1, t)))),
      rootCorrection(static_cast<T>(1 / std::sqrt(1 - std::pow(options.beta2, t)))),
      epsilon(static_cast<T>(options.epsilon))
{}

template struct AdamCoefficients<float>;
template struct AdamCoefficients<double>;

void adam(const AdamCoefficients<float> &coefficients, float *parameters, float *mean, float *variance,
          const float *gradient, std::size_t count)
{
    HWY_DYNAMIC_DISPATCH(updateFloat)(coefficients, parameters, mean, variance, gradient, count);
}

void adam(const AdamCoefficients<double> &coefficients, double *parameters, double *mean, double *variance,
          const double *gradient, std::size_t count)
{
    HWY_DYNAMIC_DISPATCH(updateDouble)(coefficients, parameters, mean, variance, gradient, count);
}

} // namespace losslab::kernels
#endif
