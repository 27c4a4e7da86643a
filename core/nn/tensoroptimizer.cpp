#include "nn/tensoroptimizer.h"

#include "nn/kernels/optimizer.h"

namespace losslab {

TensorOptimizer::TensorOptimizer(const at::Tensor &parameters, const Optimizer &optimizer)
    : m_optimizer(optimizer),
      m_state{at::zeros_like(parameters), at::zeros_like(parameters)},
      m_deviceSteps(at::zeros({}, parameters.options().dtype(at::kFloat)))
{}

void TensorOptimizer::step(const at::Tensor &parameters, const at::Tensor &gradient)
{
    ++m_state.steps;
    if (!parameters.is_cpu())
        updateOnDevice(parameters, gradient);
    else if (parameters.scalar_type() == at::kDouble)
        update<double>(parameters, gradient);
    else
        update<float>(parameters, gradient);
}

void TensorOptimizer::setState(const OptimizerState &state)
{
    m_state.momentum.copy_(state.momentum);
    m_state.squares.copy_(state.squares);
    m_state.steps = state.steps;
    m_deviceSteps.fill_(static_cast<double>(state.steps));
}

template <class T>
void TensorOptimizer::update(const at::Tensor &parameters, const at::Tensor &gradient)
{
    const kernels::UpdateCoefficients<T> coefficients(m_optimizer, static_cast<double>(m_state.steps));
    kernels::update(coefficients, parameters.mutable_data_ptr<T>(), m_state.momentum.mutable_data_ptr<T>(),
                    m_state.squares.mutable_data_ptr<T>(), gradient.const_data_ptr<T>(),
                    static_cast<std::size_t>(parameters.numel()));
}

void TensorOptimizer::updateOnDevice(const at::Tensor &parameters, const at::Tensor &gradient)
{
    const kernels::UpdateCoefficients<double> c(m_optimizer, static_cast<double>(m_state.steps));
    m_deviceSteps.add_(1);
    if (m_optimizer.method == Optimizer::Method::Adam)
        return at::_fused_adam_({parameters}, {gradient}, {m_state.momentum}, {m_state.squares}, {},
                                {m_deviceSteps}, m_optimizer.learningRate, c.momentum, c.squaresDecay,
                                m_optimizer.weightDecay, c.epsilon, /*amsgrad=*/false, /*maximize=*/false);
    if (m_optimizer.method == Optimizer::Method::AdamW)
        return at::_fused_adamw_({parameters}, {gradient}, {m_state.momentum}, {m_state.squares}, {},
                                 {m_deviceSteps}, m_optimizer.learningRate, c.momentum, c.squaresDecay,
                                 m_optimizer.weightDecay, c.epsilon, /*amsgrad=*/false, /*maximize=*/false);
    at::Tensor g = gradient.add(parameters, c.weightDecay);
    if (m_optimizer.method != Optimizer::Method::Sgd) {
        m_state.squares.mul_(c.squaresDecay).addcmul_(g, g, c.oneMinusSquaresDecay);
        g.div_(m_state.squares.sqrt().add_(c.epsilon));
    }
    m_state.momentum.mul_(c.momentum).add_(g);
    parameters.sub_(c.nesterov ? g.add(m_state.momentum, c.momentum) : m_state.momentum, c.stepSize);
}

} // namespace losslab
