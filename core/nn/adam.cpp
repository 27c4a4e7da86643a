#include "nn/adam.h"

namespace losslab {

Adam::Adam(const at::Tensor &parameters, AdamOptions options)
    : m_options(options),
      m_mean(at::zeros_like(parameters)),
      m_variance(at::zeros_like(parameters)),
      m_steps(at::zeros({}, parameters.options().dtype(at::kFloat)))
{}

void Adam::step(const at::Tensor &parameters, const at::Tensor &gradient)
{
    m_steps.add_(1);
    at::_fused_adam_({parameters}, {gradient}, {m_mean}, {m_variance}, {}, {m_steps}, m_options.learningRate,
                     m_options.beta1, m_options.beta2, m_options.weightDecay, m_options.epsilon,
                     /*amsgrad=*/false,
                     /*maximize=*/false);
}

} // namespace losslab
