#pragma once

#include "data/pointtable.h"
#include "data/targets.h"
#include "lab/experiment.h"
#include "nn/layertext.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
        bool several = false;                 ///< whether there may be further functions
        std::optional<Condition> when = {};   ///< where networks may learn something else
    };

    TargetChoice(Experiment *owner, const Standards &standards);

    /// What is learned, one function after the other; of a table, an empty name.
    std::vector<std::string> functions() const;
    /// The charts of each: the first's are the declaration's own.
    ChartOptions::Facets facets() const;

    bool is(std::string_view function) const { return m_table.empty() && m_function.is(function); }
    bool hasTable(const RunSpec &spec) const { return !toText(m_table.valueIn(spec)).empty(); }

    /// How many samples; 0 of a table that cannot be read.
    std::int64_t count() const;

    /// Of the first function, by ascending x. Throws RunError where it has no value somewhere, or the table
    /// cannot be read.
    TargetSamples sampled(const Run &run) const { return sampled(run, functions().front()); }
    /// Of one of the functions(), at the points that all of them have.
    TargetSamples sampled(const Run &run, const std::string &function) const;
    /// One of the functions() at these points, which lie beyond the interval, too; nothing of a table, or
    /// where the function has no value.
    std::optional<TargetSamples> beyond(const std::string &function, const std::vector<double> &x) const;

    /// A function that is one of the named ones in another spelling goes by its name.
    void normalize();

private:
    std::optional<Conflict> conflict() const;
    Interval interval() const { return {m_low, m_high}; }
    std::size_t pointCount() const { return static_cast<std::size_t>(std::int64_t{m_points}); }
    Result<TargetSamples> evenly(const std::string &function, std::size_t most = mostPoints) const;

    Text m_function;
    std::optional<Text> m_further;
    Real m_low;
    Real m_high;
    Int m_points;
    Choice m_sampling;
    PointTable m_table;
};

} // namespace losslab
