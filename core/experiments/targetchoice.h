#pragma once

#include "data/targets.h"
#include "lab/experiment.h"
#include "lab/runerror.h"
#include "nn/layertext.h"

#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace losslab {

/// The task of a network that learns a function of one variable.
inline NetworkTask functionTask()
{
    return {std::vector<std::int64_t>(1, 1), 1};
}

/// What regressions learn: a function of one variable on an interval.
class TargetChoice
{
public:
    /// `slidesLow`: where the interval begins in the slides preset.
    explicit TargetChoice(Experiment *owner, std::optional<double> slidesLow = {})
        : m_function(owner, "function", "Function",
                     {.standard = "sinc",
                      .options = {{"square", "sgn(sin(5*pi*x))"}, {"sinc", "sinc(5*pi*x)"}},
                      .takes = "an expression in x",
                      .accepts = checkFunction,
                      .help = "What the networks learn: one of the two published functions, or one of your "
                              "own, such as x^3 - x or exp(-x^2) * cos(9*x).",
                      .group = "Data"}),
          m_low(owner, "low", "Lowest x",
                {.standard = -1,
                 .min = -1000,
                 .max = 1000,
                 .slides = slidesLow,
                 .help = "Where the interval begins.",
                 .group = "Data"}),
          m_high(
              owner, "high", "Highest x",
              {.standard = 1, .min = -1000, .max = 1000, .help = "Where the interval ends.", .group = "Data"})
    {}

    bool is(std::string_view function) const { return m_function.is(function); }

    /// Equally spaced. Throws RunError where the function has no value somewhere.
    TargetSamples sampled(std::int64_t points) const
    {
        Result<TargetSamples> samples = sampledOrNot(points);
        if (!samples)
            throw RunError(samples.error());
        return std::move(*samples);
    }

    std::optional<Conflict> conflict(std::int64_t points) const
    {
        if (!(m_low < m_high))
            return Conflict{"high", fmt::format("The interval is empty: it goes from {} to {}.",
                                                toText(m_low.value()), toText(m_high.value()))};
        if (const auto samples = sampledOrNot(points); !samples)
            return Conflict{"function", samples.error().message};
        return std::nullopt;
    }

    /// A function that is one of the named ones in another spelling goes by its name.
    void normalize(std::int64_t points)
    {
        const auto samples = m_low < m_high ? sampledOrNot(points) : TargetSamples();
        if (samples && samples->target)
            (void)m_function.set(std::string(targetName(*samples->target)));
    }

private:
    Result<TargetSamples> sampledOrNot(std::int64_t points) const
    {
        return sample(std::string(m_function), static_cast<std::size_t>(points), {m_low, m_high});
    }

    Text m_function;
    Real m_low;
    Real m_high;
};

/// How many samples of a function of one variable.
class SamplesChoice final : public Int
{
public:
    /// `of`: in "Equally spaced points of …."
    SamplesChoice(Experiment *owner, std::int64_t standard, const std::string &of)
        : Int(owner, "points", "Samples",
              {.standard = standard,
               .min = 2,
               .max = 10000,
               .help = "Equally spaced points of " + of + ".",
               .group = "Data"})
    {}
};

} // namespace losslab
