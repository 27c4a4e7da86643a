#include "nn/kernels/optimizer.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/optimizer.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/optimizer_inl.h"

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

template <template <class> class Update, class T>
void updateBy(const UpdateCoefficients<T> &coefficients, T *HWY_RESTRICT parameters, T *HWY_RESTRICT momentum,
              T *HWY_RESTRICT squares, const T *HWY_RESTRICT gradient, std::size_t count)
{
    const hn::ScalableTag<T> d;
    const Update<hn::ScalableTag<T>> wide(d, coefficients);
    std::size_t i = 0;
    for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d))
        wide(hn::LoadU(d, gradient + i), parameters + i, momentum + i, squares + i);
    const hn::CappedTag<T, 1> one;
    const Update<hn::CappedTag<T, 1>> single(one, coefficients);
    for (; i < count; ++i)
        single(hn::LoadU(one, gradient + i), parameters + i, momentum + i, squares + i);
}

template <class T>
void updateAll(const UpdateCoefficients<T> &coefficients, T *parameters, T *momentum, T *squares,
               const T *gradient, std::size_t count)
{
    if (isAdam(coefficients))
        updateBy<AdamUpdate>(coefficients, parameters, momentum, squares, gradient, count);
    else
        updateBy<PlainUpdate>(coefficients, parameters, momentum, squares, gradient, count);
}

void updateFloat(const UpdateCoefficients<float> &coefficients, float *parameters, float *momentum,
                 float *squares, const float *gradient, std::size_t count)
{
    updateAll(coefficients, parameters, momentum, squares, gradient, count);
}

void updateDouble(const UpdateCoefficients<double> &coefficients, double *parameters, double *momentum,
                  double *squares, const double *gradient, std::size_t count)
{
    updateAll(coefficients, parameters, momentum, squares, gradient, count);
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

HWY_EXPORT(updateFloat);
HWY_EXPORT(updateDouble);

template <class T>
UpdateCoefficients<T>::UpdateCoefficients(const Optimizer &optimizer, double t)
    : method(optimizer.method),
      nesterov(optimizer.method == Optimizer::Method::Sgd && optimizer.nesterov),
      momentum(0),
      oneMinusMomentum(1),
      squaresDecay(1),
      oneMinusSquaresDecay(1),
      weightDecay(static_cast<T>(optimizer.weightDecay)),
      kept(1),
      stepSize(static_cast<T>(optimizer.learningRate)),
      rootCorrection(1),
      epsilon(static_cast<T>(1e-8))
{
    constexpr double beta1 = 0.9, beta2 = 0.999, alpha = 0.99;
    switch (method) {
    case Optimizer::Method::AdamW:
        weightDecay = 0;
        kept = static_cast<T>(1 - optimizer.learningRate * optimizer.weightDecay);
        [[fallthrough]];
    case Optimizer::Method::Adam:
        momentum = static_cast<T>(beta1);
        oneMinusMomentum = static_cast<T>(1 - beta1);
        squaresDecay = static_cast<T>(beta2);
        oneMinusSquaresDecay = static_cast<T>(1 - beta2);
        stepSize = static_cast<T>(optimizer.learningRate / (1 - std::pow(beta1, t)));
        rootCorrection = static_cast<T>(1 / std::sqrt(1 - std::pow(beta2, t)));
        break;
    case Optimizer::Method::RmsProp:
        squaresDecay = static_cast<T>(alpha);
        oneMinusSquaresDecay = static_cast<T>(1 - alpha);
        [[fallthrough]];
    case Optimizer::Method::Sgd:
        momentum = static_cast<T>(optimizer.momentum);
        break;
    case Optimizer::Method::Adagrad:
        epsilon = static_cast<T>(1e-10);
        break;
    }
}

template struct UpdateCoefficients<float>;
template struct UpdateCoefficients<double>;

void update(const UpdateCoefficients<float> &coefficients, float *parameters, float *momentum, float *squares,
            const float *gradient, std::size_t count)
{
    HWY_DYNAMIC_DISPATCH(updateFloat)(coefficients, parameters, momentum, squares, gradient, count);
}

void update(const UpdateCoefficients<double> &coefficients, double *parameters, double *momentum,
            double *squares, const double *gradient, std::size_t count)
{
    HWY_DYNAMIC_DISPATCH(updateDouble)(coefficients, parameters, momentum, squares, gradient, count);
}

} // namespace losslab::kernels
#endif
