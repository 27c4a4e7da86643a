#include "nn/adam.h"

#include "nn/kernels/adam.h"

namespace losslab {

Adam::Adam(const at::Tensor &parameters, AdamOptions options)
    : m_options(options),
      m_state{at::zeros_like(parameters), at::zeros_like(parameters)},
      m_deviceSteps(at::zeros({}, parameters.options().dtype(at::kFloat)))
{}

void Adam::step(const at::Tensor &parameters, const at::Tensor &gradient)
{
    ++m_state.steps;
    if (!parameters.is_cpu()) {
        m_deviceSteps.add_(1);
        at::_fused_adam_({parameters}, {gradient}, {m_state.mean}, {m_state.variance}, {}, {m_deviceSteps},
                         m_options.learningRate, m_options.beta1, m_options.beta2, m_options.weightDecay,
                         m_options.epsilon, /*amsgrad=*/false, /*maximize=*/false);
    } else if (parameters.scalar_type() == at::kDouble) {
        update<double>(parameters, gradient);
    } else {
        update<float>(parameters, gradient);
    }
}

void Adam::setState(const AdamState &state)
{
    m_state.mean.copy_(state.mean);
    m_state.variance.copy_(state.variance);
    m_state.steps = state.steps;
    m_deviceSteps.fill_(static_cast<double>(state.steps));
}

template <class T>
void Adam::update(const at::Tensor &parameters, const at::Tensor &gradient)
{
    const kernels::AdamCoefficients<T> coefficients(m_options, static_cast<double>(m_state.steps));
    kernels::adam(coefficients, parameters.mutable_data_ptr<T>(), m_state.mean.mutable_data_ptr<T>(),
                  m_state.variance.mutable_data_ptr<T>(), gradient.const_data_ptr<T>(),
                  static_cast<std::size_t>(parameters.numel()));
}

} // namespace losslab
