#pragma once

#include "analysis/lbfgs.h"
#include "analysis/levenbergmarquardt.h"
#include "base/numbertext.h"
#include "lab/experiment.h"
#include "lab/run.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <memory>
#include <optional>

namespace losslab {

/// How a training goes from low loss to where the gradient is almost zero.
class ZeroGradientChoice
{
public:
    explicit ZeroGradientChoice(Experiment *owner)
        : m_way(owner, "way", "To zero gradient by",
                {.standard = "gradient-norm",
                 .options = {{"gradient-norm", "training on its norm"},
                             {"levenberg-marquardt", "Levenberg–Marquardt"},
                             {"lbfgs", "L-BFGS"}},
                 .help = "Training on its norm makes the norm itself small. The other two go on down the "
                         "loss, with what they know of its curvature, and may come much nearer to zero.",
                 .group = "Many trainings"}),
          m_epochs(owner, "norm-epochs", "Then on the norm, at most",
                   {.standard = 1000,
                    .min = 0,
                    .max = 100000,
                    .unit = "epochs",
                    .help = "A training ends earlier when its gradient is almost zero. Meanwhile the "
                            "learning rate falls to a thousandth.",
                    .group = "Many trainings",
                    .when = Condition{"way", {"gradient-norm"}}}),
          m_iterations(owner, "iterations", "Iterations, at most",
                       {.standard = 500,
                        .min = 1,
                        .max = 100000,
                        .unit = "iterations",
                        .help = "A training ends earlier when its gradient is almost zero, or when no step "
                                "leads lower.",
                        .group = "Many trainings",
                        .when = Condition{"way", {"levenberg-marquardt", "lbfgs"}}})
    {}

    /// Why it cannot be had for so many parameters and samples.
    std::optional<Conflict> conflict(std::int64_t parameters, std::int64_t samples) const
    {
        constexpr std::int64_t most = LevenbergMarquardt::mostUnknowns;
        const std::int64_t unknowns = std::min(parameters, samples);
        if (!isLevenbergMarquardt() || unknowns <= most)
            return std::nullopt;
        return Conflict{"way",
                        fmt::format("Levenberg–Marquardt solves for as many unknowns as there are parameters "
                                    "or samples, whichever are fewer: {} here, {} are the most. Choose fewer "
                                    "of either, or L-BFGS.",
                                    countText(unknowns), countText(most))};
    }

    bool isOnNorm() const { return m_way.is("gradient-norm"); }
    /// Epochs or iterations, at most.
    std::int64_t steps() const { return isOnNorm() ? m_epochs : m_iterations; }

    /// Where a descent has ended.
    struct End
    {
        at::Tensor parameters;
        bool isLowest = false; ///< no step led lower
    };

    /// Further down the loss, by its curvature, until the gradient is almost zero: the last point.
    End descend(Task &task, const Architecture &architecture, const Samples &samples, const at::Tensor &start,
                double almostZero) const
    {
        const auto way = minimizer(architecture, samples, start, [&task] { task.pulse(1); });
        const std::int64_t most = steps();
        bool isLowest = false;
        for (std::int64_t i = 1; i <= most && !isLowest && !(way->point().gradientNorm < almostZero); ++i) {
            isLowest = !way->step();
            task.tell(static_cast<double>(i) / static_cast<double>(most),
                      fmt::format("iteration {} of {} · gradient norm {:.3g}", countText(i), countText(most),
                                  way->point().gradientNorm));
        }
        return {way->parameters().to(start.device()), isLowest};
    }

private:
    bool isLevenbergMarquardt() const { return m_way.is("levenberg-marquardt"); }

    std::unique_ptr<Minimizer> minimizer(const Architecture &architecture, const Samples &samples,
                                         const at::Tensor &start, const Pulse &pulse) const
    {
        if (isLevenbergMarquardt())
            return std::make_unique<LevenbergMarquardt>(architecture, samples, start, pulse);
        return std::make_unique<Lbfgs>(architecture, samples, start, pulse);
    }

    Choice m_way;
    Int m_epochs;
    Int m_iterations;
};

} // namespace losslab
