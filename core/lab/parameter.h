#pragma once

#include "base/result.h"
#include "lab/condition.h"
#include "lab/valuekinds.h"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace losslab {

class Experiment;
struct RunSpec;

enum class Preset {
    Report, ///< the published setting, done right
    Quick,  ///< the same story in at most a minute on two cores
    Slides, ///< what the assignment itself asks for, where that is another setting
};

inline constexpr std::array allPresets{Preset::Report, Preset::Quick, Preset::Slides};

/// "report", "quick" or "slides".
std::string_view presetName(Preset preset);
/// The same for people: "Report".
std::string_view presetTitle(Preset preset);
Result<Preset> presetFromName(std::string_view name);

/// All that is known of a parameter; the form, the command line, the help and the checks are made from it.
struct ParameterInfo
{
    std::string key;
    std::string label;
    std::string unit;
    std::string help;
    std::string group;
    Value report; ///< value in the report preset
    Value quick;  ///< value in the quick preset
    Value slides; ///< value in the slides preset
    /// Whether a model's figures depend on it. Not so: how many models there are, how they are drawn.
    bool decides = true;
    std::shared_ptr<const ValueKind> kind; ///< what it takes
    /// What it counts with alone: the momentum where the optimizer is SGD. It does not count where the
    /// parameter that this asks for does not. Elsewhere it keeps its preset's value, and forms do not show
    /// it.
    std::optional<Condition> when = {};

    const Value &preset(Preset preset) const
    {
        return preset == Preset::Quick ? quick : preset == Preset::Slides ? slides : report;
    }

    /// The setting in the middle of a sentence: "learning rate 0.5 × listed", "draw every 3 epochs".
    std::string phrase(const Value &value) const;
    /// The value itself where it is taken (an Int is taken for a Real), else a usage error naming both.
    Result<Value> check(const Value &value) const;
    /// Has the kind take and tell what suits these images; false where it has nothing to do with images.
    bool setImages(const ImageSurvey &images);
    /// Reads text as typed by a person or given to --set.
    Result<Value> parse(std::string_view text) const;
    /// What to do about the text, for those who know which parameter it is for: "Enter a whole number from
    /// 1 to 10."; empty where it is well.
    std::string problem(std::string_view text) const;
};

struct IntOptions
{
    std::int64_t standard = 0;
    std::int64_t min = 0;
    std::int64_t max = std::numeric_limits<std::int32_t>::max();
    std::string unit = {};
    std::string zero = {}; ///< what 0 is called where it stands for something else: "all"
    std::optional<std::int64_t> quick = {};
    std::optional<std::int64_t> slides = {};
    std::string help = {};
    std::string group = "Training";
    bool decides = true;                ///< see ParameterInfo
    std::optional<Condition> when = {}; ///< see ParameterInfo
};

struct RealOptions
{
    double standard = 0;
    double min = 0;
    double max = std::numeric_limits<double>::max();
    Scale scale = Scale::Linear;
    std::string unit = {};
    std::optional<double> quick = {};
    std::optional<double> slides = {};
    std::string help = {};
    std::string group = "Training";
    bool decides = true;                ///< see ParameterInfo
    std::optional<Condition> when = {}; ///< see ParameterInfo
};

struct FlagOptions
{
    bool standard = false;
    std::optional<bool> quick = {};
    std::optional<bool> slides = {};
    std::string help = {};
    std::string group = "Training";
    bool decides = true;                ///< see ParameterInfo
    std::optional<Condition> when = {}; ///< see ParameterInfo
};

struct ChoiceOptions
{
    std::string standard;
    std::vector<Option> options;
    std::optional<std::string> quick = {};
    std::optional<std::string> slides = {};
    std::string help = {};
    std::string group = "Training";
    bool decides = true;                ///< see ParameterInfo
    std::optional<Condition> when = {}; ///< see ParameterInfo
};

struct TextOptions
{
    std::string standard;
    std::vector<Option> options = {}; ///< those that have names
    std::string takes;                ///< what else: "an expression in x"
    TextCheck accepts;
    std::optional<std::string> quick = {};
    std::optional<std::string> slides = {};
    std::string help = {};
    std::string group = "Training";
    bool decides = true;                ///< see ParameterInfo
    std::optional<Condition> when = {}; ///< see ParameterInfo
};

/// What the options of all kinds share: standard, quick, slides, help, group, decides, when.
template <class Options>
ParameterInfo parameterInfo(std::string key, std::string label, const Options &options,
                            std::shared_ptr<const ValueKind> kind)
{
    ParameterInfo info;
    info.key = std::move(key);
    info.label = std::move(label);
    info.help = options.help;
    info.group = options.group;
    info.report = options.standard;
    info.quick = options.quick.value_or(options.standard);
    info.slides = options.slides.value_or(options.standard);
    info.decides = options.decides;
    info.kind = std::move(kind);
    info.when = options.when;
    return info;
}

/// A setting of an experiment. Constructed as a member, it registers itself with the experiment; its value is
/// set by the program before run() and reads like the plain type.
class Parameter
{
public:
    Parameter(const Parameter &) = delete;
    Parameter &operator=(const Parameter &) = delete;

    const ParameterInfo &info() const { return m_info; }
    const Value &value() const { return m_value; }
    Result<void> set(const Value &value);
    /// Holds what is set from now on to these images.
    void setImages(const ImageSurvey &images) { m_info.setImages(images); }
    /// The value that it has in a spec; that of the report preset where the spec has none.
    const Value &valueIn(const RunSpec &spec) const;

protected:
    Parameter(Experiment *owner, ParameterInfo info);
    ~Parameter() = default;

private:
    ParameterInfo m_info;
    Value m_value;
};

class Int : public Parameter
{
public:
    Int(Experiment *owner, std::string key, std::string label, const IntOptions &options);
    operator std::int64_t() const { return std::get<std::int64_t>(value()); }
    std::int64_t in(const RunSpec &spec) const { return std::get<std::int64_t>(valueIn(spec)); }
};

class Real : public Parameter
{
public:
    Real(Experiment *owner, std::string key, std::string label, const RealOptions &options);
    operator double() const { return std::get<double>(value()); }
    double in(const RunSpec &spec) const { return std::get<double>(valueIn(spec)); }
};

class Flag final : public Parameter
{
public:
    Flag(Experiment *owner, std::string key, std::string label, const FlagOptions &options);
    operator bool() const { return std::get<bool>(value()); }
    bool in(const RunSpec &spec) const { return std::get<bool>(valueIn(spec)); }
};

class Choice final : public Parameter
{
public:
    Choice(Experiment *owner, std::string key, std::string label, const ChoiceOptions &options);
    operator const std::string &() const { return std::get<std::string>(value()); }
    bool is(std::string_view key) const { return std::get<std::string>(value()) == key; }
    const std::string &in(const RunSpec &spec) const { return std::get<std::string>(valueIn(spec)); }
};

/// Any text that its check accepts; some may have names, under which they are offered.
class Text final : public Parameter
{
public:
    Text(Experiment *owner, std::string key, std::string label, const TextOptions &options);
    operator const std::string &() const { return std::get<std::string>(value()); }
    bool is(std::string_view text) const { return std::get<std::string>(value()) == text; }
};

} // namespace losslab
