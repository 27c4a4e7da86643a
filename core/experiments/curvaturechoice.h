#pragma once

#include "analysis/gaussnewton.h"
#include "analysis/hessian.h"
#include "analysis/lossfunction.h"
#include "analysis/neighbours.h"
#include "analysis/signedspectrum.h"
#include "base/numbertext.h"
#include "lab/experiment.h"
#include "lab/run.h"

#include <cstdint>
#include <fmt/format.h>
#include <string>

namespace losslab {

/// What the loss is like at a point.
struct CurvedPoint
{
    double loss = 0;
    double gradientNorm = 0;
    double ratio = 0; ///< the minimal ratio
    EigenvalueShares shares;
    Vector eigenvalues; ///< of the Hessian, ascending

    /// See Keeping.
    std::vector<double> numbers() const
    {
        std::vector<double> numbers{loss, gradientNorm, ratio, shares.negative, shares.zero, shares.positive};
        numbers.insert(numbers.end(), eigenvalues.begin(), eigenvalues.end());
        return numbers;
    }
    static CurvedPoint ofNumbers(const std::vector<double> &numbers)
    {
        CurvedPoint point{
            numbers.at(0), numbers.at(1), numbers.at(2), {numbers.at(3), numbers.at(4), numbers.at(5)}, {}};
        point.eigenvalues = Eigen::Map<const Vector>(numbers.data() + 6, std::ssize(numbers) - 6);
        return point;
    }
};

/// How the curvature at a point is told: minimal ratio and shares of eigenvalues.
class CurvatureChoice
{
public:
    explicit CurvatureChoice(Experiment *owner)
        : m_ratio(owner, "ratio", "Minimal ratio by",
                  {.standard = "eigenvalues",
                   .options = {{"eigenvalues", "positive eigenvalues"},
                               {"sampling", "higher neighbours"},
                               {"gauss-newton", "Gauss–Newton, as published"}},
                   .help = "The share of the Hessian's eigenvalues that are positive; the share of points "
                           "drawn nearby where the loss is higher; or the mean over weights and biases of "
                           "the share of positive eigenvalues of each one's Gauss–Newton matrix.",
                   .group = "Minimal ratio"}),
          m_where(owner, "neighbourhood", "Neighbours",
                  {.standard = "box",
                   .options = {{"box", "each weight ± radius"}, {"sphere", "at distance radius"}},
                   .help = "Drawn uniformly, from the seed.",
                   .group = "Minimal ratio",
                   .when = whereSampled()}),
          m_radius(owner, "radius", "Radius",
                   {.standard = 1e-3,
                    .min = 1e-12,
                    .max = 100,
                    .scale = Scale::Log,
                    .help = "Small enough for the loss to be its second-order expansion, large enough for "
                            "it to change by more than rounding.",
                    .group = "Minimal ratio",
                    .when = whereSampled()}),
          m_count(
              owner, "neighbours", "Number of neighbours",
              {.standard = 1000, .min = 1, .max = 1000000, .group = "Minimal ratio", .when = whereSampled()}),
          m_tolerance(owner, "tolerance", "Tolerance",
                      {.standard = 1e-7,
                       .max = 1,
                       .scale = Scale::Log,
                       .unit = "· max |λ|",
                       .help = "An eigenvalue λ counts as positive above this share of the largest absolute "
                               "one. ReLU makes many of them exactly or nearly zero.",
                       .group = "Minimal ratio"})
    {}

    double tolerance() const { return m_tolerance; }

    /// What the minimal ratio is, for beneath a chart's title.
    std::string text() const
    {
        const std::string positive = fmt::format("positive: λ > {:g} · max |λ|", tolerance());
        if (m_ratio.is("gauss-newton"))
            return "of Gauss–Newton matrices, as published; " + positive;
        if (!m_ratio.is("sampling"))
            return positive;
        return fmt::format("share of {} neighbours with higher loss, {} {:g}",
                           countText(std::int64_t{m_count}),
                           m_where.is("box") ? "each weight ±" : "at distance", double{m_radius});
    }

    CurvedPoint at(Task &task, const Architecture &architecture, const at::Tensor &parameters,
                   const Samples &samples) const
    {
        const Pulse pulse = [&task] { task.pulse(1); };
        const Batch batch = samples.slice(0, samples.count());
        LossFunction function(architecture, samples);
        const LossFunction::Point here = function.at(parameters);
        CurvedPoint point;
        point.loss = here.loss;
        point.gradientNorm = here.gradientNorm;
        point.eigenvalues = eigenvalues(hessian(architecture, samples.loss, parameters, batch, pulse), pulse);
        point.shares = sharesOf(point.eigenvalues, tolerance());
        if (m_ratio.is("sampling"))
            point.ratio = higherShare([&](const at::Tensor &at) { return function.loss(at); }, parameters,
                                      neighbours(task.streamSeed("neighbours")), pulse);
        else if (m_ratio.is("gauss-newton"))
            point.ratio = gaussNewtonRatio(architecture, parameters, batch, tolerance(), pulse);
        else
            point.ratio = point.shares.positive;
        return point;
    }

private:
    Neighbours neighbours(std::uint64_t seed) const
    {
        return {.where = m_where.is("box") ? Neighbourhood::Box : Neighbourhood::Sphere,
                .radius = m_radius,
                .count = m_count,
                .seed = seed};
    }
    static Condition whereSampled() { return {"ratio", {"sampling"}}; }

    Choice m_ratio;
    Choice m_where;
    Real m_radius;
    Int m_count;
    Real m_tolerance;
};

} // namespace losslab
