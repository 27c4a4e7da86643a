#pragma once

#include "base/result.h"
#include "lab/valuekind.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace losslab {

/// Numbers, as people write them.
class NumberKind : public ValueKind
{
public:
    std::string range() const override;
    std::string advice(std::string_view text) const override;
    std::string refusal(std::string_view text) const override;
    std::string plain(std::string_view typed) const override;
    std::string reading(std::string_view typed) const override;
    std::optional<Limits> limits() const override { return m_limits; }

protected:
    NumberKind(const Limits &limits, bool whole) : m_limits(limits), m_whole(whole) {}
    bool allows(double number) const;

private:
    bool partsThousands(std::string_view typed) const;
    std::string meant(std::string_view typed) const;
    std::string hint(std::string_view typed) const;

    Limits m_limits;
    bool m_whole;
};

class IntKind final : public NumberKind
{
public:
    /// `zero`: what 0 is called where it stands for something else: "all".
    explicit IntKind(const Limits &limits, std::string zero = {})
        : NumberKind(limits, /*whole=*/true), m_zero(std::move(zero))
    {}
    std::string_view name() const override { return "int"; }
    std::string range() const override;
    std::optional<Value> read(std::string_view text) const override;
    std::optional<Value> take(const Value &value) const override;
    std::string text(const Value &value) const override;
    std::string words(const Value &value) const override;

private:
    std::string m_zero;
};

class RealKind final : public NumberKind
{
public:
    explicit RealKind(const Limits &limits) : NumberKind(limits, /*whole=*/false) {}
    std::string_view name() const override { return "real"; }
    std::optional<Value> read(std::string_view text) const override;
    std::optional<Value> take(const Value &value) const override;
};

class FlagKind final : public ValueKind
{
public:
    std::string_view name() const override { return "flag"; }
    std::string range() const override { return "true or false"; }
    std::optional<Value> read(std::string_view text) const override;
    std::optional<Value> take(const Value &value) const override;
    std::string advice(std::string_view text) const override;
};

/// One of the options.
class ChoiceKind final : public ValueKind
{
public:
    explicit ChoiceKind(std::vector<Option> options) : m_options(std::move(options)) {}
    std::string_view name() const override { return "choice"; }
    std::string range() const override;
    std::optional<Value> read(std::string_view text) const override;
    std::optional<Value> take(const Value &value) const override;
    std::string advice(std::string_view text) const override;
    std::string refusal(std::string_view text) const override;
    std::string words(const Value &value) const override;
    const std::vector<Option> &options() const override { return m_options; }

private:
    std::vector<Option> m_options;
};

/// Whether a text is one that a parameter takes. Usage error: a sentence that says what is wrong with it.
using TextCheck = Result<void> (*)(std::string_view text);

/// Texts of a form of their own, each of which is best written in one way: that is the value.
class WrittenKind : public ValueKind
{
public:
    std::optional<Value> read(std::string_view text) const override;
    std::optional<Value> take(const Value &value) const override;
    std::string advice(std::string_view text) const override;
    std::string refusal(std::string_view text) const override;

private:
    /// As it is best written. Usage error: a sentence that says what is wrong with it.
    virtual Result<std::string> written(std::string_view text) const = 0;
};

/// Any text that its check has nothing against; some may have names, under which they are offered.
class TextKind final : public WrittenKind
{
public:
    /// `takes`: what it takes beside the options, "an expression in x".
    TextKind(std::vector<Option> options, std::string takes, TextCheck check)
        : m_options(std::move(options)), m_takes(std::move(takes)), m_check(check)
    {}
    std::string_view name() const override { return "text"; }
    std::string range() const override;
    std::string refusal(std::string_view text) const override;
    const std::vector<Option> &options() const override { return m_options; }

private:
    Result<std::string> written(std::string_view text) const override;

    std::vector<Option> m_options;
    std::string m_takes;
    TextCheck m_check;
};

} // namespace losslab
