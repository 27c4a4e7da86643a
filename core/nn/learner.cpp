#include "nn/learner.h"

#include "nn/engine.h"
#include "nn/tensoroptimizer.h"

#include <stdexcept>

namespace losslab {

namespace {

/// Any engine's gradient, then the optimizer's step. Sums stay on the device until finish().
class GradientLearner final : public Learner
{
public:
    GradientLearner(Engine &engine, Loss loss, LearnerOptions options)
        : m_engine(engine), m_loss(loss), m_options(std::move(options))
    {}

    void setLearningRate(double rate) override
    {
        m_options.optimizer.learningRate = rate;
        if (m_optimizer)
            m_optimizer->setLearningRate(rate);
    }

    void begin(const at::Tensor &parameters) override
    {
        m_parameters = parameters;
        if (!m_optimizer) {
            m_optimizer = std::make_unique<TensorOptimizer>(parameters, m_options.optimizer);
            m_gradient = at::zeros_like(parameters);
            m_lossSum = at::zeros({}, parameters.options().dtype(at::kDouble));
            m_hits = at::zeros({}, parameters.options().dtype(at::kLong));
        }
        m_lossSum.zero_();
        m_hits.zero_();
    }

    void step(const Batch &batch, std::uint64_t dropoutSeed) override
    {
        const Step step = m_engine.gradient(m_parameters, batch, m_gradient, dropoutSeed);
        m_lossSum.add_(step.loss, static_cast<double>(batch.inputs.size(0)));
        if (m_loss == Loss::CrossEntropy)
            m_hits.add_(hitsOf(step.outputs, batch.targets));
        if (m_options.onGradient)
            m_options.onGradient(m_gradient);
        m_optimizer->step(m_parameters, m_gradient);
    }

    double lossSum() const override { return m_lossSum.item<double>(); }
    double gradientNorm() const override
    {
        return m_options.gradientNorm ? m_gradient.norm().item<double>() : 0;
    }

    /// Waits for the device once.
    EpochTotals finish() override
    {
        const at::Tensor norm =
            m_options.gradientNorm ? m_gradient.norm().to(at::kDouble) : at::zeros_like(m_lossSum);
        const at::Tensor seen = at::stack({m_lossSum, m_hits.to(at::kDouble), norm}).to(at::kCPU);
        const double *const values = seen.const_data_ptr<double>();
        return {values[0], static_cast<std::int64_t>(values[1]), values[2]};
    }

    OptimizerState optimizerState() const override
    {
        return m_optimizer ? m_optimizer->state() : OptimizerState();
    }
    void setOptimizerState(const OptimizerState &state) override
    {
        checkOptimizerState(state, m_parameters);
        m_optimizer->setState(state);
    }

private:
    Engine &m_engine;
    Loss m_loss;
    LearnerOptions m_options;
    std::unique_ptr<TensorOptimizer> m_optimizer;
    at::Tensor m_parameters; ///< the caller's [P]
    at::Tensor m_gradient;   ///< [P]
    at::Tensor m_lossSum;    ///< 0-dimensional double
    at::Tensor m_hits;       ///< 0-dimensional int64
};

} // namespace

void Learner::checkOptimizerState(const OptimizerState &state, const at::Tensor &parameters)
{
    for (const at::Tensor &moments : {state.momentum, state.squares})
        if (!parameters.defined() || !moments.defined() || moments.numel() != parameters.numel()
            || moments.scalar_type() != parameters.scalar_type())
            throw std::invalid_argument("an optimizer's state is of other parameters");
}

std::unique_ptr<Learner> makeLearner(Engine &engine, Loss loss, LearnerOptions options)
{
    if (!options.onGradient)
        if (auto own = engine.ownLearner(options))
            return own;
    return std::make_unique<GradientLearner>(engine, loss, std::move(options));
}

} // namespace losslab
