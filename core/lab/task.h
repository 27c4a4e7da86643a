#pragma once

#include "base/device.h"
#include "base/tensordata.h"
#include "lab/epochs.h"
#include "lab/event.h"
#include "lab/eventsink.h"
#include "lab/modelfacts.h"
#include "lab/taskstate.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

class Run;

/// One model's training within a run: its random stream, its share of the cores, its loop.
class Task final : public EventSink
{
public:
    Task(Run &run, std::string name, int threads);
    ~Task() override;

    const std::string &name() const { return m_name; }
    int threads() const { return m_threads; }
    Device device() const;
    /// Seed of a random stream that depends on the run's seed, this task's name and the purpose alone.
    std::uint64_t streamSeed(std::string_view purpose) const;
    /// The same for every model of the run: depends on the run's seed and the purpose alone.
    std::uint64_t sharedSeed(std::string_view purpose) const;

    /// Epochs 1 … count, or fewer where the training settles.
    EpochRange epochs(std::int64_t count, Training &training) { return {*this, count, &training}; }
    /// The same of pieces of work that are no epochs of one training, each of which depends on what is Kept
    /// alone: where the work is, at() says.
    EpochRange pieces(std::int64_t count) { return {*this, count, nullptr}; }

    /// Between batches: waits while paused, throws Stopped, tells progress. done: share of the current epoch,
    /// 0 … 1.
    void pulse(double done);
    /// For pieces of work: a word of where the work is.
    void at(std::string where) { m_where = std::move(where); }
    /// For work that is no training: the same, with the share of the task's whole and a word of where it is
    /// ("α = 0.4").
    void tell(double done, std::string where);
    /// What follows is this share of the task's work, 0 … 1; without a call, all of it. For progress alone.
    void stage(double share);
    /// Where at() or tell() said that the work is; empty in a loop over epochs.
    std::string where() const { return m_training ? std::string() : m_where; }
    /// The epoch being worked on, from 1; 0 outside a loop.
    std::int64_t epoch() const { return m_epoch; }

    /// Whether something follows the loss within an epoch, and it is time to tell it: in epochs that take
    /// long, some ten times a second.
    bool wantsLoss() const;
    /// The mean loss of the batches since the last call or the epoch's begin. done: as for pulse().
    void tellLoss(double done, double loss);

    /// Says with what this task's model is trained; where it trains several, the last is kept.
    void isTrainedWith(const ModelFacts &facts);

    void note(NoteEvent::Level level, std::string text);
    /// Says this of the model, in the charts that the task adds to.
    void remark(const Remark &remark);
    /// Keeps this task's model as models/<task><suffix>.safetensors (names and layouts as PyTorch's
    /// nn.Sequential).
    void saveModel(const std::vector<TensorData> &tensors, const std::string &suffix = {});

private:
    friend class ChartPart;
    friend class EpochRange;
    friend class Run;
    friend class KeptValue;

    struct LiveCurve
    {
        std::function<CurveEvent()> compute;
        std::optional<CurveEvent> shown;
    };

    struct Followed
    {
        LiveEvent event;         ///< chart and series
        std::optional<double> x; ///< else the place within the epoch
    };

    void emit(Event event) override;
    void show(std::string key, std::function<CurveEvent()> compute);
    void follow(LiveEvent event, std::optional<double> x) { m_followed.push_back({std::move(event), x}); }
    std::string status() const;
    bool refreshCurves();
    void completeCurves();
    void keepCurves();
    void addChart(const std::string &chart);
    void reportProgress(double done);
    std::int64_t beginEpochs(std::int64_t count, Training *training);
    void endEpoch(std::int64_t epoch);
    void endEpochs();
    void tellRun(Event event);

    Run &m_run;
    std::string m_name;
    int m_threads;
    std::int64_t m_epoch = 0;
    std::int64_t m_epochCount = 0;
    std::string m_where; ///< outside a loop
    Training *m_training = nullptr;
    std::map<std::string, LiveCurve> m_curves; ///< by chart/series
    std::chrono::steady_clock::time_point m_lastCurves{};
    std::vector<Followed> m_followed;
    std::chrono::steady_clock::time_point m_lossTold{}; ///< or the epoch begun
    bool m_curvesCurrent = false;                       ///< whether they show the state after the last epoch
    std::vector<RemarkEvent> m_remarks;
    double m_stageStart = 0; ///< share of the task done before this stage
    double m_stageShare = 1;
    TaskState m_state;
};

} // namespace losslab
