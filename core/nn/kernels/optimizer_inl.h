// An optimizer's update of one vector of parameters, for kernels that have its gradient in registers.
// Compiled once for every kind of processor.

#if defined(LOSSLAB_KERNELS_OPTIMIZER_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LOSSLAB_KERNELS_OPTIMIZER_INL
#undef LOSSLAB_KERNELS_OPTIMIZER_INL
#else
#define LOSSLAB_KERNELS_OPTIMIZER_INL
#endif

#include "nn/kernels/optimizer.h"

#include "nn/kernels/target_inl.h"

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

/// Adam and AdamW: the coefficients, one vector each.
template <class D>
class AdamUpdate
{
public:
    using T = hn::TFromD<D>;
    using V = hn::Vec<D>;

    HWY_INLINE AdamUpdate(D d, const UpdateCoefficients<T> &c)
        : m_d(d),
          m_beta1(hn::Set(d, c.momentum)),
          m_oneMinusBeta1(hn::Set(d, c.oneMinusMomentum)),
          m_beta2(hn::Set(d, c.squaresDecay)),
          m_oneMinusBeta2(hn::Set(d, c.oneMinusSquaresDecay)),
          m_weightDecay(hn::Set(d, c.weightDecay)),
          m_kept(hn::Set(d, c.kept)),
          m_stepSize(hn::Set(d, c.stepSize)),
          m_rootCorrection(hn::Set(d, c.rootCorrection)),
          m_epsilon(hn::Set(d, c.epsilon))
    {}

    /// Updates the parameters that start here, and their state.
    HWY_INLINE void operator()(V gradient, T *HWY_RESTRICT parameters, T *HWY_RESTRICT momentum,
                               T *HWY_RESTRICT squares) const
    {
        const V p = hn::LoadU(m_d, parameters);
        const V g = hn::MulAdd(m_weightDecay, p, gradient);
        const V m = hn::MulAdd(m_oneMinusBeta1, g, hn::Mul(m_beta1, hn::LoadU(m_d, momentum)));
        const V v = hn::MulAdd(m_oneMinusBeta2, hn::Mul(g, g), hn::Mul(m_beta2, hn::LoadU(m_d, squares)));
        const V root = hn::MulAdd(hn::Sqrt(v), m_rootCorrection, m_epsilon);
        hn::StoreU(m, m_d, momentum);
        hn::StoreU(v, m_d, squares);
        hn::StoreU(hn::Sub(hn::Mul(m_kept, p), hn::Div(hn::Mul(m_stepSize, m), root)), m_d, parameters);
    }

private:
    D m_d;
    V m_beta1, m_oneMinusBeta1, m_beta2, m_oneMinusBeta2, m_weightDecay, m_kept, m_stepSize, m_rootCorrection,
        m_epsilon;
};

/// SGD, RMSprop and Adagrad.
template <class D>
class PlainUpdate
{
public:
    using T = hn::TFromD<D>;
    using V = hn::Vec<D>;

    HWY_INLINE PlainUpdate(D d, const UpdateCoefficients<T> &c)
        : m_d(d),
          m_normalizes(c.method != Optimizer::Method::Sgd),
          m_nesterov(c.nesterov),
          m_momentum(hn::Set(d, c.momentum)),
          m_squaresDecay(hn::Set(d, c.squaresDecay)),
          m_oneMinusSquaresDecay(hn::Set(d, c.oneMinusSquaresDecay)),
          m_weightDecay(hn::Set(d, c.weightDecay)),
          m_stepSize(hn::Set(d, c.stepSize)),
          m_epsilon(hn::Set(d, c.epsilon))
    {}

    /// As AdamUpdate's.
    HWY_INLINE void operator()(V gradient, T *HWY_RESTRICT parameters, T *HWY_RESTRICT momentum,
                               T *HWY_RESTRICT squares) const
    {
        const V p = hn::LoadU(m_d, parameters);
        V g = hn::MulAdd(m_weightDecay, p, gradient);
        if (m_normalizes) {
            const V v = hn::MulAdd(m_oneMinusSquaresDecay, hn::Mul(g, g),
                                   hn::Mul(m_squaresDecay, hn::LoadU(m_d, squares)));
            hn::StoreU(v, m_d, squares);
            g = hn::Div(g, hn::Add(hn::Sqrt(v), m_epsilon));
        }
        const V m = hn::MulAdd(m_momentum, hn::LoadU(m_d, momentum), g);
        hn::StoreU(m, m_d, momentum);
        const V step = m_nesterov ? hn::MulAdd(m_momentum, m, g) : m;
        hn::StoreU(hn::NegMulAdd(m_stepSize, step, p), m_d, parameters);
    }

private:
    D m_d;
    bool m_normalizes, m_nesterov;
    V m_momentum, m_squaresDecay, m_oneMinusSquaresDecay, m_weightDecay, m_stepSize, m_epsilon;
};

template <class T>
HWY_INLINE bool isAdam(const UpdateCoefficients<T> &c)
{
    return c.method == Optimizer::Method::Adam || c.method == Optimizer::Method::AdamW;
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
