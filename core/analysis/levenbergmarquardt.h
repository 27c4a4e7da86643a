#pragma once

#include "analysis/lossfunction.h"
#include "analysis/matrix.h"

namespace losslab {

/// Levenberg and Marquardt's way down the mean squared error L of a network with one output, in double on the
/// CPU. With J the Jacobian [N, P] of the outputs and r the residuals, an iteration solves
///     (JᵀJ + μ I) h = -Jᵀr,  or where N < P the same as  h = -Jᵀ (JJᵀ + μ I)⁻¹ r,
/// and takes the step h where it lowers L; μ follows from how well the lowering was foretold (Nielsen 1999;
/// Madsen, Nielsen and Tingleff 2004, “Methods for non-linear least squares problems”, algorithm 3.16).
///
/// Eigen's own cannot be left within a step, and takes no fewer samples than parameters but by rows of zeros.
class LevenbergMarquardt final : public Minimizer
{
public:
    /// `start` [P]. The pulse is called within steps.
    LevenbergMarquardt(const Architecture &architecture, const Samples &samples, const at::Tensor &start,
                       const Pulse &pulse = {});

    bool step() override;

    /// Unknowns of the largest system that is solved, the smaller of N and P: some tenths of a second.
    static constexpr std::int64_t mostUnknowns = 2000;

private:
    struct System;
    System system();
    bool attempt(const System &system);

    Architecture m_architecture;
    Pulse m_pulse;
    double m_damping = 0; ///< μ
    double m_growth = 2;  ///< of μ, where a step is refused
};

} // namespace losslab
