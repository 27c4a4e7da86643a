#pragma once

#include "lab/axis.h"
#include "lab/condition.h"
#include "lab/eventsink.h"

#include <optional>
#include <string>
#include <vector>

namespace losslab {

class Experiment;

/// Whose published values are.
struct Source
{
    std::string label; ///< short, for the head of a column: "HW1 report"
    std::string text;  ///< the rest of a sentence that begins with its name
};

/// A value the literature gives for a figure. It was found with the settings of the report preset; `where`
/// names those that were others. publishedFor() says whether it holds for a run.
struct Published
{
    std::string model;
    double value = 0;
    std::optional<double> upTo = {}; ///< where a range is given: its upper end
    std::vector<Condition> where = {};
    std::optional<Source> source = {}; ///< whose it is; else the experiment's
};

struct FigureInfo
{
    std::string key;
    std::string label;
    Format format = Format::Number;
    std::vector<Published> published;
    /// Keys of the parameters that it depends on, where these are not all that decide figures.
    std::optional<std::vector<std::string>> decidedBy = {};
};

/// A final figure of each model, with the published value beside it where there is one. Registers itself.
class Figure
{
public:
    Figure(Experiment *owner, std::string key, std::string label, Format format = Format::Number,
           std::vector<Published> published = {},
           std::optional<std::vector<std::string>> decidedBy = std::nullopt);
    Figure(const Figure &) = delete;
    Figure &operator=(const Figure &) = delete;

    const FigureInfo &info() const { return m_info; }

    void set(EventSink &sink, const std::string &model, double value) const;

private:
    FigureInfo m_info;
};

} // namespace losslab
