#include "lab/optionlist.h"

#include "base/names.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <memory>

namespace losslab {

namespace {

std::vector<std::string> keysOf(const std::vector<Option> &options)
{
    std::vector<std::string> keys;
    keys.reserve(options.size());
    for (const Option &option : options)
        keys.push_back(option.key);
    return keys;
}

} // namespace

std::string OptionListKind::range() const
{
    return fmt::format("some of {}, with commas between them", fmt::join(keysOf(m_options), ", "));
}

Result<std::vector<Option>> OptionListKind::chosen(std::string_view text) const
{
    std::vector<Option> chosen;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find_first_of(",;"), text.size());
        const std::string typed = lowered(trimmed(text.substr(0, comma)));
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (typed.empty())
            continue;
        const auto option = std::find_if(m_options.begin(), m_options.end(), [&](const Option &one) {
            return typed == lowered(one.key) || typed == lowered(one.label);
        });
        if (option == m_options.end())
            return usageError("Each is " + notOneOf(typed, keysOf(m_options)));
        const auto same = [&](const Option &other) { return other.key == option->key; };
        if (std::any_of(chosen.begin(), chosen.end(), same))
            return usageError(fmt::format("{} is listed twice.", option->key));
        chosen.push_back(*option);
    }
    if (chosen.empty())
        return usageError(fmt::format("Enter {}.", range()));
    return chosen;
}

Result<std::string> OptionListKind::written(std::string_view text) const
{
    return chosen(text).map([](const std::vector<Option> &options) {
        return fmt::format("{}", fmt::join(keysOf(options), ", "));
    });
}

std::string OptionListKind::words(const Value &value) const
{
    const auto options = chosen(toText(value));
    if (!options)
        return toText(value);
    std::vector<std::string> labels;
    for (const Option &option : *options)
        labels.push_back(option.label);
    return fmt::format("{}", fmt::join(labels, ", "));
}

std::string OptionListKind::note(std::string_view text) const
{
    const auto options = chosen(text);
    return options ? fmt::format("{} of {}", options->size(), m_options.size()) : std::string();
}

OptionList::OptionList(Experiment *owner, std::string key, std::string label, const ChoiceOptions &options)
    : Parameter(owner, parameterInfo(std::move(key), std::move(label), options,
                                     std::make_shared<OptionListKind>(options.options)))
{}

std::vector<Option> OptionList::in(const RunSpec &spec) const
{
    const auto &kind = static_cast<const OptionListKind &>(*info().kind);
    return kind.chosen(toText(valueIn(spec))).value_or(std::vector<Option>());
}

} // namespace losslab
