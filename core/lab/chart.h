#pragma once

#include "lab/axis.h"
#include "lab/event.h"
#include "lab/eventsink.h"
#include "lab/spread.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace losslab {

class Experiment;
class Task;
struct RunSpec;

/// How a series is drawn.
enum class Mark {
    Line,
    Points,
    LinePoints,
    Bars,    ///< x is a bar's left edge, y its height; bars are as wide as the distance to the next x. A last
             ///< one of no height is the right edge of the one before it.
    Grouped, ///< points at whole numbers, side by side with the other such series' points there
};

struct SeriesInfo
{
    std::string key;   ///< in files
    std::string label; ///< in the legend
    Mark mark = Mark::Line;
    bool rightAxis = false;
    bool isTarget = false; ///< something to compare with: thin and grey, beneath the others
    /// Key of a series before it whose colour it has, dashed: the same network's on other images, say.
    std::string like = {};
};

/// One of several charts that a declaration gives: of one function, one data set, one pair of networks.
struct Facet
{
    std::string key;   ///< its chart's id is the declaration's, "-" and this; without one, the declaration's
    std::string title; ///< what the chart's title has behind it, after a colon; empty: nothing
};

/// All that is known of a chart before it has data; the window, the exports and the tests are made from it.
/// What a series or an axis is called may follow a run's settings: ask Chart::infosFor().
struct ChartInfo
{
    std::string id;
    std::string title;
    Axis x;
    Axis y;
    std::optional<Axis> right = {}; ///< second y axis
    std::vector<SeriesInfo> series; ///< in the order of the legend; others are added as they come
    std::vector<ReferenceLine> references = {};
    std::string sharesX = {};     ///< id of the chart above it whose x range it follows
    bool sorted = false;          ///< points are kept by x, whoever came first
    bool equalScales = false;     ///< a unit of x is as long as one of y, while both axes are linear
    Spread spread = Spread::Mean; ///< how several seeds are shown, until a person chooses otherwise
    std::string facet = {};       ///< key of the one that it is

    /// Those that a person may choose from. A function and its fits are shown seed by seed: their mean is a
    /// curve that no network learned.
    std::vector<Spread> spreads() const;
    /// The declared series, or one made from the key alone: a line on the left axis, in a chart of bars
    /// bars.
    SeriesInfo seriesInfo(const std::string &key) const;
};

struct ChartOptions
{
    std::vector<SeriesInfo> series = {};
    std::optional<Axis> right = {};
    std::vector<ReferenceLine> references = {};
    std::string sharesX = {};
    bool sorted = false;
    bool equalScales = false;
    /// Else the median for regressions and on logarithmic axes, the mean for the others.
    std::optional<Spread> spread = {};
    /// Series, labels and titles that depend on settings: changes them to those of a spec, which may lack
    /// parameters (these have their values of the report preset).
    using Follow = std::function<void(ChartInfo &info, const RunSpec &spec)>;
    Follow follow = {};
    /// Which charts the declaration gives with a spec's settings; none given: one.
    using Facets = std::function<std::vector<Facet>(const RunSpec &spec)>;
    Facets facets = {};
};

/// Where an experiment's points go: a chart, by its id.
class ChartPart
{
public:
    explicit ChartPart(std::string id) : m_id(std::move(id)) {}

    const std::string &id() const { return m_id; }

    /// Adds a point that stays.
    void add(EventSink &sink, const std::string &series, double x, double y, std::string label = {}) const;

    /// A curve as x and y of one length, and labels of that length or none.
    struct Curve
    {
        std::vector<double> x;
        std::vector<double> y;
        std::vector<std::string> labels = {};
    };
    /// Hands over how to compute a whole curve. It is called at most 30 times a second, within the task's
    /// epochs loop, and once more at its end; what it refers to must outlive that loop.
    void show(Task &task, const std::string &series, std::function<Curve()> compute) const;
    /// A curve as it stands, in place of what the series showed. The run folder keeps those marked as last.
    void put(EventSink &sink, const std::string &series, Curve curve, bool last = true) const;
    /// Has the task's loops draw the training loss within the running epoch in this series, until the epoch's
    /// own point comes: where an epoch takes long, the curve moves all the same. With `x` it stands there,
    /// else where in the epoch the batches were.
    void follow(Task &task, const std::string &series, std::optional<double> x = {}) const;
    /// A remark beneath the title and further reference lines, in place of those before. The run folder keeps
    /// those marked as last.
    void annotate(EventSink &sink, std::string remark, std::vector<ReferenceLine> lines = {},
                  bool last = true) const;

private:
    std::string m_id;
};

/// A chart of an experiment, or several of one kind. Constructed as a member, it registers itself.
class Chart final : public ChartPart
{
public:
    Chart(Experiment *owner, std::string id, std::string title, Axis x, Axis y, ChartOptions options);
    Chart(const Chart &) = delete;
    Chart &operator=(const Chart &) = delete;

    /// As it is with the settings of the report preset; of several charts, the first.
    const ChartInfo &info() const { return m_info; }
    /// As they are in a run with these settings: one, or one a facet.
    std::vector<ChartInfo> infosFor(const RunSpec &spec) const;
    /// That of a facet, by its key.
    ChartPart of(const std::string &facet) const;

private:
    ChartInfo infoFor(const Facet &facet, const RunSpec &spec) const;

    ChartInfo m_declared;
    const Experiment *m_owner;
    std::optional<Spread> m_spread; ///< declared
    ChartOptions::Follow m_follow;
    ChartOptions::Facets m_facets;
    ChartInfo m_info; ///< with the settings of the report preset
};

} // namespace losslab
