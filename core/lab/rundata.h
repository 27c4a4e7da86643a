#pragma once

#include "lab/chart.h"
#include "lab/remarks.h"
#include "lab/seriesdata.h"
#include "lab/spread.h"
#include "lab/table.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace losslab {

class Experiment;
struct RunSpec;

struct ChartData
{
    std::string id;
    std::vector<SeriesData> series; ///< in the order declared, then by natural order of the key
    std::uint64_t revision = 0;
    std::string remark = {};               ///< the annotation, and what the trainers say of what is seen here
    std::vector<ReferenceLine> lines = {}; ///< besides the declared ones
    std::string annotation = {};           ///< of the last repeat that made one
    /// The repeat that is being trained, or was when the run ended before its time; none: all have ended.
    std::optional<std::size_t> unfinished = {};
    ChartInfo info = {}; ///< what it and its series are called with the run's settings

    const SeriesData *find(const std::string &key) const;
    bool empty() const;
    /// Whether some series leaves points out, which are in the run's journal alone.
    bool isThinned() const;
};

struct TableData
{
    std::string id;
    std::vector<RowEvent> rows;
    Rows order = Rows::AsAdded;
};

/// One figure of one model over the repeats.
struct FigureData
{
    std::string model;
    std::string figure;
    std::vector<double> values; ///< by repeat; not-a-number where a repeat has none

    Summary summary() const { return summaryOf(values); }
    double mean() const { return summary().mean; }
    /// Sample standard deviation (n - 1); 0 for one value.
    double deviation() const { return summary().deviation; }
};

/// What a run has said so far: the events, put together. The window draws it, the exports write it, tests
/// compare it.
class RunData
{
public:
    RunData() = default;
    /// Knows the experiment's charts as they are with these settings, so that series keep the declared order
    /// and empty charts exist.
    RunData(const Experiment &experiment, const RunSpec &spec);
    /// With the settings of the report preset.
    explicit RunData(const Experiment &experiment);

    void apply(const Event &event);

    const std::vector<ChartData> &charts() const { return m_charts; }
    const ChartData *findChart(const std::string &id) const;
    const std::vector<TableData> &tables() const { return m_tables; }
    /// By model in natural order, then as declared.
    const std::vector<FigureData> &figures() const { return m_figures; }
    const FigureData *findFigure(const std::string &model, const std::string &figure) const;
    /// Why there are none, in a sentence, of a run that stands so; empty where there are some.
    std::string whyNoFigures(RunState state) const;
    /// What the model is called: as its series is, where all charts that have one call it the same; else its
    /// name.
    std::string modelLabel(const std::string &model) const;
    /// The same in a sentence: "deep", of "deep (7 hidden)".
    std::string modelName(const std::string &model) const;
    /// What models are trained with, by name, as far as it is known.
    const std::map<std::string, ModelFacts> &training() const { return m_training; }
    const Remarks &remarks() const { return m_remarks; }
    /// Repeats that have begun.
    int repeats() const { return m_repeats; }
    /// What the trainers say, in sentences with a full stop.
    std::vector<std::string> remarkSentences(const Remarks::Name &name = {}) const;
    const std::vector<NoteEvent> &notes() const { return m_notes; }
    const ProgressEvent &progress() const { return m_progress; }
    RunState state() const { return m_state; }
    const std::string &stateMessage() const { return m_stateMessage; }
    /// Part of what the run wrote is missing here, or could not be read.
    void markIncomplete() { m_incomplete = true; }
    bool isIncomplete() const { return m_incomplete; }

private:
    SeriesData &seriesOf(const std::string &chart, const std::string &series);
    FigureData &figureOf(const std::string &model, const std::string &figure);

    std::vector<ChartData> m_charts;
    struct Declared
    {
        std::vector<std::string> series;
        bool sorted = false;
    };

    ChartData &chartOf(const std::string &chart);
    void addPoint(const PointEvent &point);
    void addCurve(const CurveEvent &curve);
    void addLive(const LiveEvent &live);
    void takeState(const StateEvent &state);
    void setUnfinished(std::optional<std::size_t> repeat);
    void addRow(const RowEvent &row);
    void addRemark(const RemarkEvent &remark);
    void annotate(const AnnotationEvent &annotation);
    void composeRemark(ChartData &chart);

    std::map<std::string, Declared> m_declared; ///< by chart
    std::vector<std::string> m_declaredFigures;
    std::vector<TableData> m_tables;
    std::vector<FigureData> m_figures;
    std::map<std::string, ModelFacts> m_training;
    Remarks m_remarks;
    int m_repeats = 0; ///< that have begun
    std::vector<NoteEvent> m_notes;
    ProgressEvent m_progress;
    RunState m_state = RunState::Idle;
    std::string m_stateMessage;
    std::optional<std::size_t> m_unfinished;
    bool m_incomplete = false;
};

/// Engine, optimizer and activation where not all models of a run have the same: "engine lanes (wide:
/// autograd)". Empty where all have, and where they have more than a few: then they are what is compared, and
/// their names say it.
std::string differencesText(const RunData &data);

/// Small type beneath a picture of these data: the spec's caption, what models differ in, and where it does
/// not show a whole finished run, that: "… · seed 1 · not finished", "… · seed 1 · part of it cannot be
/// read".
std::string pictureCaption(const RunSpec &spec, const Experiment &experiment, const RunData &data);

} // namespace losslab
