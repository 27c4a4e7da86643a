#include "analysis/lbfgs.h"

#include <cmath>
#include <torch/optim/lbfgs.h>

namespace losslab {

namespace {

/// What the loss is multiplied by. LibTorch's keeps no step s with s · y ≤ 10⁻¹⁰, y the change of the
/// gradient, however small a gradient it is to come to: so it would learn nothing of the curvature below some
/// 10⁻⁵.
constexpr double scale = 1e10;

} // namespace

struct Lbfgs::Memory
{
    explicit Memory(const at::Tensor &parameters)
        : point(parameters.clone()),
          optimizer({point}, torch::optim::LBFGSOptions(1)
                                 .max_iter(1)
                                 .max_eval(100)
                                 .tolerance_grad(0)
                                 .tolerance_change(0)
                                 .history_size(100)
                                 .line_search_fn("strong_wolfe"))
    {}

    at::Tensor point; ///< the optimizer's own, moved in place
    torch::optim::LBFGS optimizer;
    bool isUsed = false;
};

Lbfgs::Lbfgs(const Architecture &architecture, const Samples &samples, const at::Tensor &start,
             const Pulse &pulse)
    : Minimizer(LossFunction(architecture, samples, pulse), start),
      m_pulse(pulse),
      m_memory(std::make_unique<Memory>(m_parameters))
{}

Lbfgs::~Lbfgs() = default;

bool Lbfgs::attempt()
{
    const at::Tensor &point = m_memory->point;
    m_memory->optimizer.step([&] {
        beat(m_pulse);
        const LossFunction::Point here = m_function.at(point);
        point.mutable_grad() = here.gradient * scale;
        return at::scalar_tensor(here.loss * scale, at::kDouble);
    });
    m_memory->isUsed = true;
    const LossFunction::Point here = m_function.at(point);
    if (isHigher(here) || at::equal(point, m_parameters))
        return false;
    m_parameters = point.clone();
    m_point = here;
    return true;
}

bool Lbfgs::step()
{
    if (m_point.gradientNorm == 0 || !std::isfinite(m_point.gradientNorm))
        return false;
    const bool hasMemory = m_memory->isUsed;
    if (attempt())
        return true;
    m_memory = std::make_unique<Memory>(m_parameters);
    return hasMemory && attempt();
}

} // namespace losslab
