#include "nn/lanes/lanesengine.h"

#include "nn/kernels/optimizer.h"

#include <algorithm>
#include <cmath>

namespace losslab {

namespace {

constexpr std::int64_t largestWeight = 64 * 1024; ///< elements: stays in cache while samples pass by

/// A batch's tensors, and where their memory is. Nothing is copied where they lie row by row already.
template <class T>
struct OnMemory
{
    OnMemory(const at::Tensor &batchInputs, const at::Tensor &batchTargets)
        : inputs(batchInputs.contiguous()), targets(batchTargets.contiguous())
    {
        at.inputs = inputs.const_data_ptr<T>();
        at.targets = targets.defined() ? targets.const_data_ptr<T>() : nullptr;
        at.count = static_cast<std::size_t>(inputs.size(0));
    }

    at::Tensor inputs, targets;
    typename LanesNetwork<T>::Batch at;
};

template <class T>
double norm(const T *values, std::size_t count)
{
    double squares = 0;
    for (std::size_t i = 0; i < count; ++i)
        squares += static_cast<double>(values[i]) * static_cast<double>(values[i]);
    return std::sqrt(squares);
}

/// Gradient and optimizer on plain memory.
template <class T>
class LanesLearner final : public Learner
{
public:
    LanesLearner(LanesEngine<T> &engine, const LearnerOptions &options)
        : m_engine(engine), m_optimizer(options.optimizer), m_wantsNorm(options.gradientNorm)
    {}

    void setLearningRate(double rate) override { m_optimizer.learningRate = rate; }

    void begin(const at::Tensor &parameters) override
    {
        m_parameters = parameters;
        const auto count = static_cast<std::size_t>(parameters.numel());
        m_gradient.resize(count);
        m_momentum.resize(count);
        m_squares.resize(count);
        m_lossSum = 0;
    }

    void step(const Batch &batch, std::uint64_t /*dropoutSeed*/) override
    {
        T *parameters = m_parameters.data_ptr<T>();
        const OnMemory<T> memory(batch.inputs, batch.targets);
        m_lossSum += m_engine.gradient(parameters, memory.at, m_gradient.data())
                     * static_cast<double>(memory.at.count);
        kernels::update(kernels::UpdateCoefficients<T>(m_optimizer, static_cast<double>(++m_steps)),
                        parameters, m_momentum.data(), m_squares.data(), m_gradient.data(),
                        m_gradient.size());
    }

    double lossSum() const override { return m_lossSum; }
    double gradientNorm() const override
    {
        return m_wantsNorm ? norm(m_gradient.data(), m_gradient.size()) : 0;
    }

    EpochTotals finish() override { return {m_lossSum, 0, gradientNorm()}; }

    OptimizerState optimizerState() const override
    {
        if (!m_parameters.defined())
            return {};
        const auto copied = [this](const std::vector<T> &moments) {
            at::Tensor tensor = at::empty_like(m_parameters);
            std::copy(moments.begin(), moments.end(), tensor.template data_ptr<T>());
            return tensor;
        };
        return {copied(m_momentum), copied(m_squares), m_steps};
    }

    void setOptimizerState(const OptimizerState &state) override
    {
        checkOptimizerState(state, m_parameters);
        std::copy_n(state.momentum.const_data_ptr<T>(), m_momentum.size(), m_momentum.begin());
        std::copy_n(state.squares.const_data_ptr<T>(), m_squares.size(), m_squares.begin());
        m_steps = state.steps;
    }

private:
    LanesEngine<T> &m_engine;
    Optimizer m_optimizer;
    bool m_wantsNorm;
    at::Tensor m_parameters; ///< the caller's [P]
    std::vector<T> m_gradient, m_momentum, m_squares;
    std::int64_t m_steps = 0;
    double m_lossSum = 0;
};

} // namespace

bool suitsLanes(const Architecture &architecture, Loss loss, const Workload &workload, Objective objective)
{
    if (loss != Loss::MeanSquaredError || !workload.device.is_cpu()
        || (workload.type != at::kFloat && workload.type != at::kDouble))
        return false;
    const std::optional<DenseForm> form = denseForm(architecture);
    if (!form || (objective == Objective::GradientNorm && form->activation != Activation::Relu))
        return false;
    for (std::size_t i = 1; i < form->widths.size(); ++i)
        if (form->widths[i - 1] * form->widths[i] > largestWeight)
            return false;
    return true;
}

template <class T>
LanesEngine<T>::LanesEngine(const Architecture &architecture, Objective objective)
    : m_network(denseForm(architecture).value().widths, denseForm(architecture).value().activation),
      m_objective(objective),
      m_direction(objective == Objective::GradientNorm ? m_network.parameterCount() : 0)
{}

template <class T>
double LanesEngine<T>::gradient(const T *parameters, const typename LanesNetwork<T>::Batch &batch,
                                T *gradient)
{
    if (m_objective == Objective::Loss)
        return m_network.gradient(parameters, batch, gradient);
    // ∇‖g‖ = H g / ‖g‖, and 0 where g is.
    m_network.gradient(parameters, batch, m_direction.data());
    const double length = norm(m_direction.data(), m_direction.size());
    for (T &value : m_direction)
        value = length > 0 ? static_cast<T>(static_cast<double>(value) / length) : T(0);
    m_network.hessianProduct(parameters, m_direction.data(), batch, gradient);
    return length;
}

template <class T>
Step LanesEngine<T>::gradient(const at::Tensor &parameters, const Batch &batch, at::Tensor &gradient,
                              std::uint64_t /*dropoutSeed*/)
{
    OnMemory<T> memory(batch.inputs, batch.targets);
    at::Tensor outputs = at::empty_like(memory.targets);
    memory.at.outputs = outputs.data_ptr<T>();
    const double loss = this->gradient(parameters.const_data_ptr<T>(), memory.at, gradient.data_ptr<T>());
    return {at::full({}, loss, parameters.options()), outputs};
}

template <class T>
at::Tensor LanesEngine<T>::outputs(const at::Tensor &parameters, const at::Tensor &inputs)
{
    OnMemory<T> memory(inputs, {});
    at::Tensor outputs = at::empty({inputs.size(0), m_network.outputWidth()}, parameters.options());
    memory.at.outputs = outputs.data_ptr<T>();
    m_network.forward(parameters.const_data_ptr<T>(), memory.at);
    return outputs;
}

template <class T>
at::Tensor LanesEngine<T>::hessianProduct(const at::Tensor &parameters, const at::Tensor &direction,
                                          const Batch &batch)
{
    const OnMemory<T> memory(batch.inputs, batch.targets);
    at::Tensor product = at::empty_like(parameters);
    m_network.hessianProduct(parameters.const_data_ptr<T>(), direction.const_data_ptr<T>(), memory.at,
                             product.data_ptr<T>());
    return product;
}

template <class T>
std::unique_ptr<Learner> LanesEngine<T>::ownLearner(const LearnerOptions &options)
{
    return std::make_unique<LanesLearner<T>>(*this, options);
}

template class LanesEngine<float>;
template class LanesEngine<double>;

} // namespace losslab
