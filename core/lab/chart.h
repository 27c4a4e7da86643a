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
    Bars, ///< x is a bar's left edge, y its height; bars are as wide as the distance to the next x. A last
          ///< one of no height is the right edge of the one before it.
};

struct SeriesInfo
{
    std::string key;   ///< in files
    std::string label; ///< in the legend
    Mark mark = Mark::Line;
    bool rightAxis = false;
    bool isTarget = false; ///< something to compare with: thin and grey, beneath the others
};

/// All that is known of a chart before it has data; the window, the exports and the tests are made from it.
/// What a series or an axis is called may follow a run's settings: ask Chart::infoFor().
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

    /// Those that a person may choose from. A function and its fits are shown seed by seed: their mean is a
    /// curve that no network learned.
    std::vector<Spread> spreads() const;
    /// The declared series, or one made from the key alone (a line on the left axis).
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
    std::function<void(ChartInfo &info, const RunSpec &spec)> follow = {};
};

/// A chart of an experiment. Constructed as a member, it registers itself.
class Chart
{
public:
    Chart(Experiment *owner, std::string id, std::string title, Axis x, Axis y, ChartOptions options);
    Chart(const Chart &) = delete;
    Chart &operator=(const Chart &) = delete;

    /// As it is with the settings of the report preset.
    const ChartInfo &info() const { return m_info; }
    /// As it is in a run with these settings.
    ChartInfo infoFor(const RunSpec &spec) const;

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
    CurveEvent event(const std::string &series, Curve curve, bool last) const;

    ChartInfo m_declared;
    const Experiment *m_owner;
    std::optional<Spread> m_spread; ///< declared
    ChartInfo m_info;               ///< with the settings of the report preset
    std::function<void(ChartInfo &info, const RunSpec &spec)> m_follow;
};

} // namespace losslab
