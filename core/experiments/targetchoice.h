#pragma once

#include "data/pointtable.h"
#include "data/targets.h"
#include "lab/experiment.h"
#include "lab/run.h"
#include "lab/runerror.h"
#include "nn/layertext.h"

#include <algorithm>
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

/// What regressions learn: a function of one variable at points of an interval, or the points of a table.
class TargetChoice
{
public:
    struct Standards
    {
        std::int64_t points = 300;
        std::optional<double> slidesLow = {}; ///< where the interval begins in the slides preset
        std::optional<Condition> when = {};   ///< where networks may learn something else
    };

    TargetChoice(Experiment *owner, const Standards &standards)
        : m_function(owner, "function", "Function",
                     {.standard = "sinc",
                      .options = {{"square", "sgn(sin(5*pi*x))"}, {"sinc", "sinc(5*pi*x)"}},
                      .takes = "an expression in x",
                      .accepts = checkFunction,
                      .help = "What the networks learn: one of the two published functions, or one of your "
                              "own, such as x^3 - x or exp(-x^2) * cos(9*x).",
                      .group = "Data",
                      .when = withoutTable()}),
          m_low(owner, "low", "Lowest x",
                {.standard = -1,
                 .min = -1000,
                 .max = 1000,
                 .slides = standards.slidesLow,
                 .help = "Where the interval begins.",
                 .group = "Data",
                 .when = withoutTable()}),
          m_high(owner, "high", "Highest x",
                 {.standard = 1,
                  .min = -1000,
                  .max = 1000,
                  .help = "Where the interval ends.",
                  .group = "Data",
                  .when = withoutTable()}),
          m_points(owner, "points", "Samples",
                   {.standard = standards.points,
                    .min = 2,
                    .max = mostPoints,
                    .help = "Points of the interval that the networks learn from.",
                    .group = "Data",
                    .when = withoutTable()}),
          m_sampling(owner, "sampling", "Spacing",
                     {.standard = "equal",
                      .options = {{"equal", "equally spaced"}, {"random", "at random"}},
                      .help = "Equally spaced, the interval's ends among them, or drawn uniformly from it, "
                              "anew for every seed.",
                      .group = "Data",
                      .when = withoutTable()}),
          m_table(owner, "table", "Table",
                  {.help = "In a function's place: a text file (CSV) with x and y in each line.",
                   .when = standards.when})
    {
        owner->addRule([this] { return conflict(); });
    }

    bool is(std::string_view function) const { return m_table.empty() && m_function.is(function); }
    bool hasTable(const RunSpec &spec) const { return !toText(m_table.valueIn(spec)).empty(); }

    /// How many samples; 0 of a table that cannot be read.
    std::int64_t count() const
    {
        if (m_table.empty())
            return m_points;
        const auto points = knownPoints(m_table.text());
        return *points ? static_cast<std::int64_t>((*points)->x.size()) : 0;
    }

    /// By ascending x. Throws RunError where the function has no value somewhere, or the table cannot be
    /// read.
    TargetSamples sampled(const Run &run) const
    {
        const auto drawn = [&] {
            return sampleAt(std::string(m_function),
                            drawnPoints(interval(), pointCount(), run.sharedSeed("samples")), interval());
        };
        Result<TargetSamples> samples = m_table.empty() && m_sampling.is("random") ? drawn() : evenly();
        if (!samples)
            throw RunError(samples.error());
        run.usesData(samples->checksum);
        return std::move(*samples);
    }

    /// A function that is one of the named ones in another spelling goes by its name.
    void normalize()
    {
        const auto samples = m_table.empty() && m_low < m_high ? evenly(10000) : TargetSamples();
        if (samples && samples->target)
            (void)m_function.set(std::string(targetName(*samples->target)));
    }

private:
    static Condition withoutTable() { return {"table", {""}}; }

    std::optional<Conflict> conflict() const
    {
        if (m_table.empty() && !(m_low < m_high))
            return Conflict{"high", fmt::format("The interval is empty: it goes from {} to {}.",
                                                toText(m_low.value()), toText(m_high.value()))};
        if (m_table.empty() && static_cast<float>(m_low) == static_cast<float>(m_high))
            return Conflict{"high", "The interval is too narrow for networks to tell its points apart."};
        if (const auto samples = evenly(10000); !samples)
            return Conflict{m_table.empty() ? "function" : "table", samples.error().message};
        return std::nullopt;
    }

    Interval interval() const { return {m_low, m_high}; }
    std::size_t pointCount() const { return static_cast<std::size_t>(std::int64_t{m_points}); }

    /// The table's, or at most so many of the function.
    Result<TargetSamples> evenly(std::size_t most = mostPoints) const
    {
        return m_table.empty() ? sample(std::string(m_function), std::min(pointCount(), most), interval())
                               : *knownPoints(m_table.text());
    }

    Text m_function;
    Real m_low;
    Real m_high;
    Int m_points;
    Choice m_sampling;
    PointTable m_table;
};

} // namespace losslab
