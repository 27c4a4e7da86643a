#pragma once

#include "lab/parameter.h"

#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// Several of some options, as a person writes them: "adam, sgd". Values are texts of the options' keys, in
/// the order in which they were written; each is there once, and one at least.
class OptionListKind final : public WrittenKind
{
public:
    explicit OptionListKind(std::vector<Option> options) : m_options(std::move(options)) {}

    std::string_view name() const override { return "options"; }
    std::string range() const override;
    std::string words(const Value &value) const override;
    /// "3 of 7".
    std::string note(std::string_view text) const override;

    /// Usage error: a sentence that says what is none of them, or there twice.
    Result<std::vector<Option>> chosen(std::string_view text) const;

private:
    Result<std::string> written(std::string_view text) const override;

    std::vector<Option> m_options;
};

/// A parameter that is a list of options.
class OptionList final : public Parameter
{
public:
    OptionList(Experiment *owner, std::string key, std::string label, const ChoiceOptions &options);

    std::vector<Option> in(const RunSpec &spec) const;
};

} // namespace losslab
