#include "nn/dense/denseengine.h"

#include "nn/dense/densepass.h"

namespace losslab {

namespace {

constexpr double sparseBelow = 0.6; ///< density above which lists of non-zeros cost more than they save

/// Every gradient goes straight into the optimizer's update; parameters and state are kept as the kernels
/// want them.
class DenseLearner final : public Learner
{
public:
    DenseLearner(DensePass &pass, const Optimizer &optimizer)
        : m_pass(pass),
          m_optimizer(optimizer),
          m_parameters(pass.arrangement().size()),
          m_momentum(m_parameters.size()),
          m_squares(m_parameters.size())
    {}

    void setLearningRate(double rate) override { m_optimizer.learningRate = rate; }

    void begin(const at::Tensor &parameters) override
    {
        m_flat = parameters;
        m_totals = {};
        m_pass.arrangement().arrange(parameters.const_data_ptr<float>(), m_parameters.data());
        m_pass.prepare(m_parameters.data());
    }

    void step(const Batch &batch, std::uint64_t /*dropoutSeed*/) override
    {
        const kernels::UpdateCoefficients<float> coefficients(m_optimizer, static_cast<double>(m_steps + 1));
        m_pass.run(m_parameters.data(), batch,
                   {&coefficients, m_parameters.data(), m_momentum.data(), m_squares.data()});
        ++m_steps;
        m_totals.lossSum += m_pass.lossSum();
        m_totals.hits += m_pass.hits();
    }

    double lossSum() const override { return m_totals.lossSum; }
    double gradientNorm() const override { return 0; } // never wanted of it: see DenseEngine::ownLearner()

    EpochTotals finish() override
    {
        m_pass.arrangement().flatten(m_parameters.data(), m_flat.data_ptr<float>());
        return m_totals;
    }

    OptimizerState optimizerState() const override
    {
        if (!m_flat.defined())
            return {};
        OptimizerState state{at::empty_like(m_flat), at::empty_like(m_flat), m_steps};
        m_pass.arrangement().flatten(m_momentum.data(), state.momentum.data_ptr<float>());
        m_pass.arrangement().flatten(m_squares.data(), state.squares.data_ptr<float>());
        return state;
    }

    void setOptimizerState(const OptimizerState &state) override
    {
        checkOptimizerState(state, m_flat);
        m_pass.arrangement().arrange(state.momentum.const_data_ptr<float>(), m_momentum.data());
        m_pass.arrangement().arrange(state.squares.const_data_ptr<float>(), m_squares.data());
        m_steps = state.steps;
    }

private:
    DensePass &m_pass;
    Optimizer m_optimizer;
    std::int64_t m_steps = 0;
    std::vector<float> m_parameters; ///< as arranged, like their state
    std::vector<float> m_momentum;
    std::vector<float> m_squares;
    at::Tensor m_flat; ///< the caller's [P]
    EpochTotals m_totals;
};

} // namespace

bool suitsDense(const Architecture &architecture, Loss loss, const Workload &workload)
{
    return denseForm(architecture) && loss == Loss::CrossEntropy && workload.device.is_cpu()
           && workload.type == at::kFloat;
}

DenseEngine::DenseEngine(const Architecture &architecture, const Workload &workload)
    : m_pass(std::make_unique<DensePass>(DenseArrangement(architecture), workload.density < sparseBelow,
                                         workload.precision, workload.pulse))
{}

DenseEngine::~DenseEngine() = default;

Step DenseEngine::gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                           std::uint64_t /*dropoutSeed*/)
{
    arrange(parameters);
    m_gradient.resize(m_arranged.size());
    at::Tensor outputs = at::empty(
        {batch.inputs.size(0), static_cast<std::int64_t>(m_pass->arrangement().layers().back().out)});
    m_pass->prepare(m_arranged.data());
    m_pass->run(m_arranged.data(), batch, {.gradient = m_gradient.data()}, outputs.mutable_data_ptr<float>());
    m_pass->arrangement().flatten(m_gradient.data(), gradient.data_ptr<float>());
    const double loss = m_pass->lossSum() / static_cast<double>(batch.inputs.size(0));
    return {at::scalar_tensor(loss, parameters.options()), outputs};
}

void DenseEngine::arrange(const at::Tensor &parameters)
{
    m_arranged.resize(m_pass->arrangement().size());
    m_pass->arrangement().arrange(parameters.const_data_ptr<float>(), m_arranged.data());
}

at::Tensor DenseEngine::outputs(const at::Tensor &parameters, const at::Tensor &inputs)
{
    arrange(parameters);
    return m_pass->outputs(m_arranged.data(), inputs);
}

std::unique_ptr<Learner> DenseEngine::ownLearner(const LearnerOptions &options)
{
    if (options.gradientNorm)
        return nullptr;
    return std::make_unique<DenseLearner>(*m_pass, options.optimizer);
}

} // namespace losslab
