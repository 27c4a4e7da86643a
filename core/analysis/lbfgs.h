#pragma once

#include "analysis/lossfunction.h"

#include <memory>

namespace losslab {

/// Down a loss by torch::optim::LBFGS with its strong Wolfe line search and memory for 100 steps (Liu and
/// Nocedal 1989), without its own thresholds: it goes on as long as it comes lower. Where it does not, it
/// forgets its memory and tries the steepest descent, once.
class Lbfgs final : public Minimizer
{
public:
    /// `start` [P], of the samples' type and on their device. The pulse is called at each look at the loss.
    Lbfgs(const Architecture &architecture, const Samples &samples, const at::Tensor &start,
          const Pulse &pulse = {});
    ~Lbfgs() override;

    bool step() override;

private:
    struct Memory;
    bool attempt();

    Pulse m_pulse;
    std::unique_ptr<Memory> m_memory;
};

} // namespace losslab
