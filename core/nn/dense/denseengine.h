#pragma once

#include "nn/engine.h"

#include <vector>

namespace losslab {

class DensePass;

/// Dense classifiers on the CPU, in float, with kernels of our own: the layers' weights as [in, out], inputs
/// that are mostly zero (as images are) as lists of those that are not, gradients that go into the
/// optimizer's update without a way through memory. The result does not depend on the number of threads. In
/// bfloat16 the products of matrices in training take rounded operands and sum in float; outputs() is always
/// in float.
class DenseEngine final : public Engine
{
public:
    DenseEngine(const Architecture &architecture, const Workload &workload);
    ~DenseEngine() override;

    Step gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                  std::uint64_t dropoutSeed) override;
    at::Tensor outputs(const at::Tensor &parameters, const at::Tensor &inputs) override;
    std::unique_ptr<Learner> ownLearner(const LearnerOptions &options) override;

private:
    void arrange(const at::Tensor &parameters);

    std::unique_ptr<DensePass> m_pass;
    std::vector<float> m_arranged; ///< the parameters given last
    std::vector<float> m_gradient;
};

/// Whether a DenseEngine is made for this: linear layers with one activation between them, cross entropy,
/// CPU, float.
bool suitsDense(const Architecture &architecture, Loss loss, const Workload &workload);

} // namespace losslab
