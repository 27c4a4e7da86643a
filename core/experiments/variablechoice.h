#pragma once

#include "lab/experiment.h"
#include "lab/runspec.h"
#include "lab/sweepkind.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

constexpr std::size_t mostModels = 100; ///< that one run compares

/// Of an axis with these values, ascending: logarithmic where they lie far apart, those that are 0 left
/// aside.
Scale scaleOf(const std::vector<double> &values);

/// The one variable that the models of an experiment differ in: a choice, and with each of its options a list
/// of values, which is seen where the option is chosen. A member of the experiment, which it registers its
/// parameters with, and holds to at most mostModels values, none of them twice.
class VariableChoice
{
public:
    /// The values of a variable, each of which is a model's.
    struct List
    {
        std::string key;
        std::string label;
        SweepOptions options; ///< without `when` and `decides`
        std::string model;    ///< what models' names begin with: "batch" of "batch64"
        /// Those that stand for an empty list, with a spec's settings.
        std::function<std::vector<double>(const RunSpec &)> whenEmpty = {};
    };
    struct Variable
    {
        Option option;
        std::optional<List> list = {}; ///< none: the experiment has its values in a parameter of another kind
    };

    VariableChoice(Experiment *owner, const std::string &key, std::string label, std::string help,
                   const std::vector<Variable> &variables, bool decides);

    bool is(std::string_view variable) const { return m_choice.is(variable); }
    const std::string &in(const RunSpec &spec) const { return m_choice.in(spec); }

    /// Of the variable that is chosen in the spec, ascending; none where it has no list.
    std::vector<double> values(const RunSpec &spec) const;
    /// Whether nothing is written in the list of that variable.
    bool isEmpty(const RunSpec &spec) const;
    /// The name of the model with this value: "batch64".
    std::string nameOf(const RunSpec &spec, double value) const;

    const Experiment &owner() const { return *m_owner; }

private:
    struct Listed
    {
        std::string variable;
        std::string model;
        std::function<std::vector<double>(const RunSpec &)> whenEmpty;
        std::unique_ptr<Sweep> sweep;
    };

    void addList(const Variable &variable);
    const Listed *listedIn(const RunSpec &spec) const;
    std::optional<Conflict> conflict() const;

    Experiment *m_owner;
    Choice m_choice;
    std::vector<Listed> m_listed;
};

} // namespace losslab
