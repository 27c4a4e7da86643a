#pragma once

#include "lab/modelfacts.h"
#include "lab/parameter.h"
#include "lab/runstate.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace losslab {

/// A point that is added to a series and stays.
struct PointEvent
{
    std::string chart;
    std::string series;
    int repeat = 0;
    double x = 0;
    double y = 0;
    std::string label = {};
};

/// A whole series that takes the place of what it showed before (a prediction, a spectrum).
struct CurveEvent
{
    std::string chart;
    std::string series;
    int repeat = 0;
    std::vector<double> x;
    std::vector<double> y;
    bool last = false; ///< one that is kept in the run folder
    std::vector<std::string> labels = {};
};

/// The loss within the epoch that is being trained, as a mean over the batches since it was last told. It is
/// drawn until the epoch's own point comes, and kept nowhere.
struct LiveEvent
{
    std::string chart;
    std::string series;
    int repeat = 0;
    double x = 0;
    double y = 0;
};

/// A line across a chart with a name on it: chance, a threshold.
struct ReferenceLine
{
    double at = 0; ///< y, or x where vertical
    std::string label;
    bool vertical = false;

    bool operator==(const ReferenceLine &) const = default;
};

/// What a chart says beside its points, in place of what it said before.
struct AnnotationEvent
{
    std::string chart;
    int repeat = 0;
    std::string remark;                    ///< beneath the title: "PC 1: 41.2 %"
    std::vector<ReferenceLine> lines = {}; ///< besides the declared ones
    bool last = false;                     ///< one that is kept in the run folder
};

/// A row of a table.
struct RowEvent
{
    std::string table;
    int repeat = 0;
    std::vector<std::pair<std::string, Value>> cells;
};

/// A final figure of a model.
struct FigureEvent
{
    std::string model;
    std::string figure;
    int repeat = 0;
    double value = 0;
};

/// What a trainer has to say of how a model's training went. Seen in the charts that the training added to.
struct RemarkEvent
{
    enum class Kind {
        Died,            ///< a layer gives the same for all training samples, and so does the network
        Diverged,        ///< the loss is no longer a number
        Converged,       ///< as was asked for
        NotConverged,    ///< the epochs were over before
        EndedAboveStart, ///< the loss on the training samples is above that before the first step
    };

    std::string model;
    int repeat = 0;
    Kind kind = Kind::Died;
    std::int64_t epoch = 0; ///< the last one
    std::vector<std::string> charts = {};

    bool operator==(const RemarkEvent &) const = default;
};

/// "died", "diverged", …: as in the journal.
std::string_view remarkName(RemarkEvent::Kind kind);
Result<RemarkEvent::Kind> remarkFromName(std::string_view name);

/// What a model is trained with. Kept in run.json.
struct TrainingEvent
{
    std::string model;
    ModelFacts facts;
};

/// How far a run is, in words and as a share of the whole.
struct ProgressEvent
{
    double done = 0;         ///< 0 … 1, of the whole run with all its repeats
    double secondsLeft = -1; ///< negative: not known yet
    std::string text;        ///< "deep: epoch 1,240 of 20,000 · middle: …"
};

struct NoteEvent
{
    enum class Level {
        Info,
        Warning,
        Error,
    };

    Level level = Level::Info;
    std::string text;
};

struct StateEvent
{
    RunState state = RunState::Idle;
    std::string message = {}; ///< for Failed: what was being done, what happened, what to do
    ErrorKind kind = ErrorKind::Training;
};

/// What comes out of a run: what the queue carries, the journal stores, the window draws and a test compares.
using Event = std::variant<PointEvent, CurveEvent, LiveEvent, AnnotationEvent, RowEvent, FigureEvent,
                           RemarkEvent, TrainingEvent, ProgressEvent, NoteEvent, StateEvent>;

} // namespace losslab
