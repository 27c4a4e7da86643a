#pragma once

#include "lab/experiment.h"
#include "lab/runspec.h"
#include "lab/sweepkind.h"

#include <cstddef>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace losslab {

constexpr std::size_t mostModels = 100; ///< that one run compares

/// The parameters as they are set, as a spec: what is asked of a spec in a chart may be asked of it in a run.
inline RunSpec settingsOf(const Experiment &experiment)
{
    RunSpec spec;
    takeParameters(experiment, spec);
    return spec;
}

/// The one variable that the models of an experiment differ in: a choice, and with each of its options a list
/// of values, which is seen where the option is chosen. A member of the experiment, which it registers its
/// parameters with.
class VariableChoice
{
public:
    /// The values of a variable, each of which is a model's.
    struct List
    {
        std::string key;
        std::string label;
        SweepOptions options; ///< its `when` is set here
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
                   const std::vector<Variable> &variables, bool decides)
        : m_owner(owner),
          m_choice(owner, key, std::move(label),
                   {.standard = variables.front().option.key,
                    .options = optionsOf(variables),
                    .help = std::move(help),
                    .group = variables.front().list ? variables.front().list->options.group : "Training",
                    .decides = decides})
    {
        for (const Variable &variable : variables)
            if (variable.list)
                addList(key, variable);
        owner->addRule([this] { return conflict(); });
    }

    bool is(std::string_view variable) const { return m_choice.is(variable); }
    const std::string &in(const RunSpec &spec) const { return m_choice.in(spec); }

    /// Of the variable that is chosen in the spec, ascending; empty where it has no list.
    std::vector<double> values(const RunSpec &spec) const
    {
        const Listed *listed = listedIn(spec);
        if (!listed)
            return {};
        std::vector<double> values = listed->sweep->in(spec);
        return values.empty() && listed->whenEmpty ? listed->whenEmpty(spec) : values;
    }
    /// The name of the model with this value: "batch64".
    std::string nameOf(const RunSpec &spec, double value) const
    {
        return fmt::format("{}{}", listedIn(spec)->model, value);
    }
    /// Whether the list of the variable that is chosen is empty.
    bool isEmpty(const RunSpec &spec) const
    {
        const Listed *listed = listedIn(spec);
        return !listed || listed->sweep->in(spec).empty();
    }
    const Experiment &owner() const { return *m_owner; }

private:
    struct Listed
    {
        std::string variable;
        std::string model;
        std::function<std::vector<double>(const RunSpec &)> whenEmpty;
        std::unique_ptr<Sweep> sweep;
    };

    static std::vector<Option> optionsOf(const std::vector<Variable> &variables)
    {
        std::vector<Option> options;
        for (const Variable &variable : variables)
            options.push_back(variable.option);
        return options;
    }

    void addList(const std::string &key, const Variable &variable)
    {
        SweepOptions options = variable.list->options;
        options.when = Condition{key, {variable.option.key}};
        options.decides = false; // a model's name says which it has
        m_listed.push_back(
            {variable.option.key, variable.list->model, variable.list->whenEmpty,
             std::make_unique<Sweep>(m_owner, variable.list->key, variable.list->label, options)});
    }

    const Listed *listedIn(const RunSpec &spec) const
    {
        for (const Listed &listed : m_listed)
            if (listed.variable == m_choice.in(spec))
                return &listed;
        return nullptr;
    }

    /// What a list has in it that no run can begin with.
    std::optional<Conflict> conflict() const
    {
        const Listed *listed = listedIn(settingsOf(*m_owner));
        if (!listed)
            return std::nullopt;
        const std::string &key = listed->sweep->info().key;
        if (const auto twice = writtenTwice(toText(listed->sweep->value())))
            return Conflict{key, fmt::format("{} is listed twice: the two would be one model.", *twice)};
        if (const std::size_t count = listed->sweep->values().size(); count > mostModels)
            return Conflict{key, fmt::format("There are {} values. Choose at most {}.", count, mostModels)};
        return std::nullopt;
    }

    Experiment *m_owner;
    Choice m_choice;
    std::vector<Listed> m_listed;
};

/// How far apart positive values lie for an axis of theirs to be logarithmic: the largest is this many times
/// the smallest, those that are 0 left aside.
inline Scale scaleOf(const std::vector<double> &ascending)
{
    constexpr double farApart = 20;
    for (const double value : ascending)
        if (value > 0)
            return ascending.back() > farApart * value ? Scale::Log : Scale::Linear;
    return Scale::Linear;
}

} // namespace losslab
