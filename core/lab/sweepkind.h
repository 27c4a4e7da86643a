#pragma once

#include "lab/parameter.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// Numbers that an experiment goes through, as a person writes them: "16, 64, 256", "100..1000 step 100",
/// "16..1024 double", "1e-4..1e-2 times 10", also several of these after commas. Ascending, without
/// repetition. Usage error: a sentence that says what is wrong.
Result<std::vector<double>> readSweep(std::string_view text);

/// A number that stands in the list twice, outside of its ranges; nothing where none does.
std::optional<double> writtenTwice(std::string_view text);

/// A list of numbers. Values are texts, as they were written.
class SweepKind final : public WrittenKind
{
public:
    /// `whole`: takes whole numbers alone. `whenEmpty`: what an empty list stands for; empty:
    /// a list has a number at least.
    SweepKind(const Limits &limits, bool whole, std::string whenEmpty)
        : m_limits(limits), m_whole(whole), m_whenEmpty(std::move(whenEmpty))
    {}

    std::string_view name() const override { return "numbers"; }
    std::string range() const override;
    std::string words(const Value &value) const override;
    /// "7 values from 16 to 1,024".
    std::string note(std::string_view text) const override;

private:
    Result<std::string> written(std::string_view text) const override;

    Limits m_limits;
    bool m_whole;
    std::string m_whenEmpty;
};

struct SweepOptions
{
    std::string standard = {};
    double min = 0;
    double max = 0;
    bool whole = true;
    std::string whenEmpty = {}; ///< what an empty list stands for: "equally spaced"; else it is refused
    std::optional<std::string> quick = {};
    std::optional<std::string> slides = {};
    std::string help = {};
    std::string group = "Training";
    bool decides = true;
    std::optional<Condition> when = {};
};

/// A parameter that is a list of numbers.
class Sweep final : public Parameter
{
public:
    Sweep(Experiment *owner, std::string key, std::string label, const SweepOptions &options);

    /// Ascending; empty where nothing was written.
    std::vector<double> values() const;
    std::vector<double> in(const RunSpec &spec) const;
};

} // namespace losslab
