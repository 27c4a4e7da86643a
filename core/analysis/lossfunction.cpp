#include "analysis/lossfunction.h"

#include "nn/makeengine.h"

#include <ATen/core/grad_mode.h>
#include <cmath>
#include <limits>
#include <utility>

namespace losslab {

LossFunction::LossFunction(const Architecture &architecture, Samples samples, const Pulse &pulse)
    : m_samples(std::move(samples)),
      m_engine(makeEngine(
          architecture, m_samples.loss,
          {.device = m_samples.inputs.device(), .type = m_samples.inputs.scalar_type(), .pulse = pulse}))
{}

LossFunction::Point LossFunction::at(const at::Tensor &parameters)
{
    const at::NoGradGuard noGraph;
    Point point{.gradient = at::zeros_like(parameters)};
    point.loss = m_engine->gradient(parameters, m_samples.slice(0, m_samples.count()), point.gradient, 0)
                     .loss.item<double>();
    point.gradientNorm = point.gradient.norm().item<double>();
    return point;
}

double LossFunction::loss(const at::Tensor &parameters)
{
    const at::NoGradGuard noGraph;
    return lossOf(m_samples.loss, m_engine->outputs(parameters, m_samples.inputs), m_samples.targets)
        .item<double>();
}

Minimizer::Minimizer(LossFunction function, const at::Tensor &start)
    : m_function(std::move(function)),
      m_parameters(start.detach().clone()),
      m_point(m_function.at(m_parameters))
{}

bool Minimizer::isHigher(const LossFunction::Point &point) const
{
    return !std::isfinite(point.gradientNorm) || !(point.loss <= m_point.loss + rounding());
}

bool Minimizer::isBetter(const LossFunction::Point &point) const
{
    return !isHigher(point)
           && (point.loss < m_point.loss - rounding() || point.gradientNorm < m_point.gradientNorm);
}

double Minimizer::rounding() const
{
    return 4 * std::numeric_limits<double>::epsilon() * m_point.loss;
}

} // namespace losslab
