#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace losslab {

struct ImageSurvey;

/// The value of a parameter or of a table's cell.
using Value = std::variant<bool, std::int64_t, double, std::string>;

/// As text that reads back to the same value, with a decimal point whatever the locale.
std::string toText(const Value &value);

/// Linear or logarithmic: of a chart's axis, or of how a number is stepped through.
enum class Scale {
    Linear,
    Log,
    SymLog, ///< of an axis: linear about zero, logarithmic beyond it on either side
};

/// One of the values that have names.
struct Option
{
    std::string key;   ///< in files and on the command line
    std::string label; ///< in the window
};

/// Between which numbers a value lies, and how it is stepped through.
struct Limits
{
    double min = 0;
    double max = 0;
    Scale scale = Scale::Linear;
};

/// What a parameter takes: how text becomes a value, what is said of a text that does not, and how a value is
/// told. A kind of parameter is one class like this, and one ui::ValueEditor. Constant, and so shared.
class ValueKind
{
public:
    virtual ~ValueKind() = default;

    /// "int": in `losslab list --json`.
    virtual std::string_view name() const = 0;
    /// "a whole number from 1 to 4,096", "one of square, sinc", "true or false".
    virtual std::string range() const = 0;
    /// The value that a text, without spaces around it, stands for; nothing where it is not taken.
    virtual std::optional<Value> read(std::string_view text) const = 0;
    /// The value itself where it is taken (an Int's for a Real), else nothing.
    virtual std::optional<Value> take(const Value &value) const = 0;
    /// What to do about a text that is not taken, for those who know which parameter it is for: "Enter a
    /// whole number from 1 to 10."
    virtual std::string advice(std::string_view text) const;
    /// The same after "lr (“Learning rate”)": " takes a number of 0 or more, not “x”."
    virtual std::string refusal(std::string_view text) const;

    /// As people of any habit type it, made what read() reads: "0,5" becomes "0.5", "20 000" "20000".
    virtual std::string plain(std::string_view typed) const { return std::string(typed); }
    /// What plain() took it for, where one may wonder: "Read as 0.5: decimals have a point."; else empty.
    virtual std::string reading(std::string_view) const { return {}; }

    /// What there is to say of a text that is taken: "397,510 parameters"; else empty.
    virtual std::string note(std::string_view) const { return {}; }

    /// The value as a person reads it.
    virtual std::string text(const Value &value) const { return toText(value); }
    /// The same in the middle of a sentence, a choice as the window has it: "0.5", "“As published”".
    virtual std::string words(const Value &value) const { return text(value); }

    /// The value as files have it, in JSON, where that has parts of its own; empty where it is kept as it is.
    /// read() takes it back.
    virtual std::string json(const Value &) const { return {}; }

    /// Whether the value names a file of this machine, which others do not have.
    virtual bool namesFile(const Value &) const { return false; }

    /// "other networks": values that are not the ones wanted, where it takes too long to tell them; empty
    /// where it never does.
    virtual std::string others() const { return {}; }

    /// The values that have names.
    virtual const std::vector<Option> &options() const;
    /// Of numbers.
    virtual std::optional<Limits> limits() const { return std::nullopt; }

    /// The kind that takes, and tells, what suits these images; null where it has nothing to do with images.
    virtual std::shared_ptr<const ValueKind> forImages(const ImageSurvey &) const { return nullptr; }
};

} // namespace losslab
