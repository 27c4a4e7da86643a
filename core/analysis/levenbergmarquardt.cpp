#include "analysis/levenbergmarquardt.h"

#include "analysis/jacobian.h"
#include "base/device.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

namespace losslab {

namespace {

constexpr double firstDamping = 1e-3;  ///< times the matrix's largest diagonal entry
constexpr double leastDamping = 1e-14; ///< the same: below it, the matrix may be singular in double

Samples onCpu(const Samples &samples)
{
    return {samples.inputs.cpu(), samples.targets.cpu(), samples.loss, samples.density};
}

at::Tensor toTensor(const Vector &vector)
{
    return transposedView(vector).flatten().clone();
}

} // namespace

/// What is solved at a point, of as few unknowns as there are parameters or samples.
struct LevenbergMarquardt::System
{
    Matrix matrix;       ///< JᵀJ [P, P] or JJᵀ [N, N]
    Vector right;        ///< Jᵀr [P] or r [N]
    at::Tensor jacobian; ///< [N, P] where the unknowns are the samples'; else undefined

    double largest() const { return matrix.diagonal().maxCoeff(); }

    /// h [P]; undefined where the matrix is singular.
    at::Tensor solution(double damping) const
    {
        Matrix damped = matrix;
        damped.diagonal().array() += damping;
        const Eigen::LLT<Eigen::Ref<Matrix>> factors(damped);
        if (factors.info() != Eigen::Success)
            return {};
        const at::Tensor solved = toTensor(-factors.solve(right));
        return jacobian.defined() ? at::mv(jacobian.t(), solved) : solved;
    }
};

LevenbergMarquardt::LevenbergMarquardt(const Architecture &architecture, const Samples &samples,
                                       const at::Tensor &start, const Pulse &pulse)
    : Minimizer(LossFunction(architecture, onCpu(samples), pulse), start.cpu()),
      m_architecture(architecture),
      m_pulse(pulse)
{}

LevenbergMarquardt::System LevenbergMarquardt::system()
{
    const Samples &samples = m_function.samples();
    const std::int64_t count = samples.count(), width = m_parameters.numel();
    const auto piece = [&](std::int64_t first) {
        return linearized(m_architecture, m_parameters,
                          samples.inputs.slice(0, first, std::min(first + hessianSamples, count)), m_pulse);
    };
    if (count < width && count <= hessianSamples) {
        const Linearized at = piece(0);
        return {gram(at.jacobian, m_pulse), toMatrix((at.outputs - samples.targets).flatten()), at.jacobian};
    }
    Matrix sum = Matrix::Zero(width, width);
    for (std::int64_t first = 0; first < count; first += hessianSamples)
        sum += gram(piece(first).jacobian.t(), m_pulse);
    const double half = static_cast<double>(count) / 2; // ∇L = 2/N Jᵀr
    return {sum, toMatrix(m_point.gradient) * half, {}};
}

/// One step with the damping as it is; whether it was taken. The damping follows.
bool LevenbergMarquardt::attempt(const System &system)
{
    beat(m_pulse);
    const at::Tensor step = system.solution(m_damping);
    if (step.defined()) {
        const at::Tensor next = m_parameters + step;
        const LossFunction::Point point = m_function.at(next);
        if (isBetter(point)) {
            const auto count = static_cast<double>(m_function.samples().count());
            // Of ½ rᵀr: what the linear model foretold, and what came.
            const double foretold =
                0.5 * at::dot(step, m_damping * step - count / 2 * m_point.gradient).item<double>();
            const double ratio = count / 2 * (m_point.loss - point.loss) / foretold;
            const double less = std::isfinite(ratio) ? 1 - std::pow(2 * ratio - 1, 3) : 0;
            m_damping = std::max(m_damping * std::clamp(less, 1.0 / 3, 2.0), leastDamping * system.largest());
            m_growth = 2;
            m_parameters = next;
            m_point = point;
            return true;
        }
    }
    m_damping *= m_growth;
    m_growth *= 2;
    return false;
}

bool LevenbergMarquardt::step()
{
    if (m_point.gradientNorm == 0 || !std::isfinite(m_point.gradientNorm))
        return false;
    const OneThread alone;
    const System at = system();
    if (m_damping == 0)
        m_damping = firstDamping * at.largest();
    // With so large a damping a step is a rounding error.
    const double most = at.largest() / std::numeric_limits<double>::epsilon();
    while (m_damping <= most)
        if (attempt(at))
            return true;
    m_damping = 0;
    m_growth = 2;
    return false;
}

} // namespace losslab
