#include "experiments/variablechoice.h"

#include <fmt/format.h>
#include <utility>

namespace losslab {

namespace {

std::vector<Option> optionsOf(const std::vector<VariableChoice::Variable> &variables)
{
    std::vector<Option> options;
    options.reserve(variables.size());
    for (const VariableChoice::Variable &variable : variables)
        options.push_back(variable.option);
    return options;
}

} // namespace

Scale scaleOf(const std::vector<double> &values)
{
    constexpr double farApart = 20;
    for (const double value : values)
        if (value > 0)
            return values.back() > farApart * value ? Scale::Log : Scale::Linear;
    return Scale::Linear;
}

VariableChoice::VariableChoice(Experiment *owner, const std::string &key, std::string label, std::string help,
                               const std::vector<Variable> &variables, bool decides)
    : m_owner(owner),
      m_choice(owner, key, std::move(label),
               {.standard = variables.front().option.key,
                .options = optionsOf(variables),
                .help = std::move(help),
                .group = variables.front().list->options.group,
                .decides = decides})
{
    for (const Variable &variable : variables)
        if (variable.list)
            addList(variable);
    owner->addRule([this] { return conflict(); });
}

void VariableChoice::addList(const Variable &variable)
{
    const List &list = *variable.list;
    SweepOptions options = list.options;
    options.when = Condition{m_choice.info().key, {variable.option.key}};
    options.decides = false; // a model's name says which it has
    m_listed.push_back({variable.option.key, list.model, list.whenEmpty,
                        std::make_unique<Sweep>(m_owner, list.key, list.label, options)});
}

const VariableChoice::Listed *VariableChoice::listedIn(const RunSpec &spec) const
{
    for (const Listed &listed : m_listed)
        if (listed.variable == m_choice.in(spec))
            return &listed;
    return nullptr;
}

std::vector<double> VariableChoice::values(const RunSpec &spec) const
{
    const Listed *listed = listedIn(spec);
    if (!listed)
        return {};
    std::vector<double> values = listed->sweep->in(spec);
    return values.empty() && listed->whenEmpty ? listed->whenEmpty(spec) : values;
}

bool VariableChoice::isEmpty(const RunSpec &spec) const
{
    const Listed *listed = listedIn(spec);
    return !listed || listed->sweep->in(spec).empty();
}

std::string VariableChoice::nameOf(const RunSpec &spec, double value) const
{
    return fmt::format("{}{}", listedIn(spec)->model, value);
}

std::optional<Conflict> VariableChoice::conflict() const
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

} // namespace losslab
