#pragma once

#include "nn/conv/convplan.h"
#include "nn/conv/convstack.h"
#include "nn/engine.h"
#include "nn/memory/threadteam.h"

#include <atomic>
#include <memory>
#include <vector>

namespace losslab {

/// Whether ConvEngine is for this: an architecture that has a convPlan(), cross entropy, float, CPU.
bool suitsConv(const Architecture &architecture, Loss loss, const Workload &workload);

/// Small convolutional networks on the CPU, by kernels of our own, in float. Samples go in chunks, shared out
/// over the calling thread's threads; gradients are summed in an order that does not depend on their number.
class ConvEngine final : public Engine
{
public:
    /// For an architecture that suitsConv().
    explicit ConvEngine(const Architecture &architecture, Pulse pulse = {});
    ~ConvEngine() override;

    Step gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                  std::uint64_t dropoutSeed) override;
    at::Tensor outputs(const at::Tensor &parameters, const at::Tensor &inputs) override;

private:
    class Pass;

    /// For work on these parameters in so many items.
    ConvParameters prepare(const at::Tensor &parameters, std::int64_t items);
    template <class Work>
    void shareOut(std::int64_t items, const Work &work);
    bool goesOn(const Pass &pass) const;

    ConvPlan m_plan;
    at::Tensor m_filters;                        ///< the parameters' [filterCount]
    at::Tensor m_sums;                           ///< [parts, P + filterCount] gradients of parts of a batch
    std::vector<std::unique_ptr<Pass>> m_passes; ///< one a thread that has work
    Pulse m_pulse;
    std::atomic<bool> m_left{false}; ///< the work is given up
    ThreadTeam m_team;
};

} // namespace losslab
