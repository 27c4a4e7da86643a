// Adam's update of one vector of parameters, for kernels that have its gradient in registers. Compiled once
// for every kind of processor.

#if defined(LOSSLAB_KERNELS_ADAM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LOSSLAB_KERNELS_ADAM_INL
#undef LOSSLAB_KERNELS_ADAM_INL
#else
#define LOSSLAB_KERNELS_ADAM_INL
#endif

#include "nn/kernels/adam.h"

#include "nn/kernels/target_inl.h"

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

/// The coefficients, one vector each.
template <class D>
class AdamUpdate
{
public:
    using T = hn::TFromD<D>;
    using V = hn::Vec<D>;

    HWY_INLINE AdamUpdate(D d, const AdamCoefficients<T> &c)
        : m_d(d),
          m_beta1(hn::Set(d, c.beta1)),
          m_oneMinusBeta1(hn::Set(d, c.oneMinusBeta1)),
          m_beta2(hn::Set(d, c.beta2)),
          m_oneMinusBeta2(hn::Set(d, c.oneMinusBeta2)),
          m_weightDecay(hn::Set(d, c.weightDecay)),
          m_stepSize(hn::Set(d, c.stepSize)),
          m_rootCorrection(hn::Set(d, c.rootCorrection)),
          m_epsilon(hn::Set(d, c.epsilon))
    {}

    /// Updates the parameters that start here, and their moments.
    HWY_INLINE void operator()(V gradient, T *HWY_RESTRICT parameters, T *HWY_RESTRICT mean,
                               T *HWY_RESTRICT variance) const
    {
        const V p = hn::LoadU(m_d, parameters);
        const V g = hn::MulAdd(m_weightDecay, p, gradient);
        const V m = hn::MulAdd(m_oneMinusBeta1, g, hn::Mul(m_beta1, hn::LoadU(m_d, mean)));
        const V v = hn::MulAdd(m_oneMinusBeta2, hn::Mul(g, g), hn::Mul(m_beta2, hn::LoadU(m_d, variance)));
        const V root = hn::MulAdd(hn::Sqrt(v), m_rootCorrection, m_epsilon);
        hn::StoreU(m, m_d, mean);
        hn::StoreU(v, m_d, variance);
        hn::StoreU(hn::Sub(p, hn::Div(hn::Mul(m_stepSize, m), root)), m_d, parameters);
    }

private:
    D m_d;
    V m_beta1, m_oneMinusBeta1, m_beta2, m_oneMinusBeta2, m_weightDecay, m_stepSize, m_rootCorrection,
        m_epsilon;
};

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
