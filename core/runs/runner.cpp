#include "runs/runner.h"

#include "base/device.h"
#include "base/numbertext.h"
#include "base/platform.h"
#include "data/dataset.h"
#include "experiments/registry.h"
#include "lab/memory.h"
#include "lab/run.h"
#include "lab/rundata.h"
#include "runs/continuation.h"
#include "runs/keeper.h"
#include "runs/outcome.h"
#include "runs/remainingtime.h"
#include "runs/rundatasets.h"
#include "runs/runfacts.h"
#include "runs/runfolder.h"
#include "runs/runrecord.h"
#include "runs/trainingclock.h"

#include <algorithm>
#include <fmt/format.h>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

namespace losslab {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// "deep-init"; with repeats "deep-r1-init".
std::string modelFileName(const std::string &model, const std::string &suffix, int repeat, int repeats)
{
    return taskFileName(model, repeat, repeats) + suffix;
}

} // namespace

/// What the worker's threads share; each group under its mutex.
struct Runner::Worker
{
    std::unique_ptr<Experiment> experiment;
    RunFacts facts;

    std::unique_ptr<Keeper> keeper; ///< none where nothing is kept
    std::unique_ptr<Checkpoints> checkpoints;
    std::int64_t length = 0; ///< see lengthParameter()

    // Of a run that goes on.
    bool isResumed = false;
    double resumedAt = 0; ///< seconds that it had trained
    std::set<int> endedRepeats;
    std::vector<std::string> notes; ///< to be told at the begin
    std::mutex figuresMutex;
    RunData figures; ///< for the summary

    std::mutex modelsMutex; ///< of facts, while tasks are at work

    double imagesBytes = 0; ///< of memory that the data set takes

    std::optional<RunDatasets> datasets;

    const Clock::time_point begun = Clock::now();
    TrainingClock clock;
    RemainingTime remaining;
    std::mutex stateMutex;
    std::string heldFor; ///< why the run waits for room on the disk; empty where it does not
};

Result<std::unique_ptr<Runner>> Runner::start(const RunSpec &spec, const RunnerOptions &options)
{
    auto checked = checkRun(spec);
    if (!checked)
        return tl::unexpected(checked.error());
    std::unique_ptr<Runner> runner(new Runner(std::move(*checked), options.folder));
    if (const auto made = runner->makeFolder(); !made)
        return tl::unexpected(made.error());
    runner->m_control->requestStopAtQuestion(options.stopAtQuestion);
    return begun(std::move(runner));
}

Result<std::unique_ptr<Runner>> Runner::resume(const fs::path &folder, const ResumeOptions &options)
{
    auto run = openToContinue(folder, options.moreEpochs);
    if (!run)
        return tl::unexpected(run.error());
    auto checked = checkRun(run->record.spec);
    if (!checked)
        return tl::unexpected(checked.error());
    if (const auto prepared = prepareToContinue(*run); !prepared)
        return tl::unexpected(prepared.error());
    std::unique_ptr<Runner> runner(new Runner(std::move(*checked), folder));
    if (const auto taken = runner->takeFolder(std::move(*run)); !taken)
        return tl::unexpected(taken.error());
    runner->m_control->requestStopAtQuestion(options.stopAtQuestion);
    return begun(std::move(runner));
}

/// With its thread.
Result<std::unique_ptr<Runner>> Runner::begun(std::unique_ptr<Runner> runner)
{
    Worker &worker = *runner->m_worker;
    runner->m_queue.putNow(StateEvent{RunState::Running});
    for (const std::string &note : std::exchange(worker.notes, {}))
        runner->m_queue.putNow(NoteEvent{NoteEvent::Level::Warning, note});
    try {
        if (worker.keeper) {
            worker.keeper->begin();
            worker.checkpoints->begin();
        }
        runner->m_thread = std::thread([raw = runner.get()] { raw->work(); });
    } catch (const std::system_error &) {
        if (worker.keeper && !worker.isResumed)
            worker.keeper->discard();
        return trainingError(
            "The system has no thread left to train on. End other programs, or raise the limit on "
            "processes (ulimit -u).");
    }
    return runner;
}

Runner::Runner(CheckedRun checked, fs::path folder)
    : m_spec(std::move(checked.spec)),
      m_folder(std::move(folder)),
      m_control(std::make_unique<RunControl>()),
      m_worker(std::make_unique<Worker>())
{
    m_worker->experiment = std::move(checked.experiment);
    m_worker->imagesBytes = checked.imagesBytes;
    m_worker->figures = m_before = RunData(*m_worker->experiment, m_spec);
    m_worker->datasets.emplace(m_spec.data,
                               RunDatasets::Host{*m_control, m_worker->clock,
                                                 [this](Event event) { emit(std::move(event)); },
                                                 [this](const Dataset &images) { checkImages(images); },
                                                 [this](const DataChecksums &data) { keepChecksums(data); }});
    RunFacts &facts = m_worker->facts;
    facts.program = LOSSLAB_VERSION;
    facts.libTorch = libTorchVersion();
    facts.device = deviceDescription(m_spec.device, m_spec.threads);
    facts.started = platform::utcNow();
    if (const int cores = platform::cpuCount(); checked.threadsAsked > cores)
        m_worker->notes.push_back(fmt::format(
            "This machine has {} {}: the run uses {}, not the {} threads asked for.", cores,
            cores == 1 ? "core" : "cores", cores == 1 ? "it" : "these", countText(checked.threadsAsked)));
}

Runner::~Runner()
{
    m_queue.close();
    m_control->requestStop();
    if (m_thread.joinable())
        m_thread.join();
}

Result<void> Runner::makeFolder()
{
    if (m_folder.empty())
        return {};
    auto folder = RunFolder::create(m_folder, m_spec, m_worker->facts);
    if (!folder)
        return tl::unexpected(folder.error());
    makeKeeper(std::move(*folder), {});
    return {};
}

/// Goes on in the folder, with what it says.
Result<void> Runner::takeFolder(Continuation run)
{
    RunFacts before = run.record.facts;
    std::unique_ptr<RunFolder> folder = RunFolder::goOn(run);
    auto record = readRun(m_folder);
    if (!record)
        return tl::unexpected(record.error());
    m_before = std::move(record->data);
    for (const FigureData &figure : m_before.figures()) // the summary needs no more of it
        for (std::size_t repeat = 0; repeat < figure.values.size(); ++repeat)
            m_worker->figures.apply(
                FigureEvent{figure.model, figure.figure, static_cast<int>(repeat), figure.values[repeat]});
    for (std::string &note : run.notes)
        m_worker->notes.push_back(std::move(note));
    for (const auto &[what, was, is] :
         {std::tuple("version of LossLab", &before.program, &m_worker->facts.program),
          std::tuple("LibTorch", &before.libTorch, &m_worker->facts.libTorch),
          std::tuple("device", &before.device, &m_worker->facts.device)})
        if (*was != *is)
            m_worker->notes.push_back(
                fmt::format("The run was begun with another {} ({}, now {}): from here on, "
                            "figures may differ in their last digits.",
                            what, *was, *is));
    m_worker->resumedAt = std::max(before.seconds, 0.0);
    m_worker->datasets->expect({before.dataChecksum, before.furtherData});
    m_worker->endedRepeats = run.endedRepeats;
    m_worker->isResumed = true;
    m_worker->facts = std::move(before);
    makeKeeper(std::move(folder), std::move(run.checkpoints));
    return {};
}

void Runner::makeKeeper(std::unique_ptr<RunFolder> folder, Checkpoints::Kept checkpoints)
{
    Worker &worker = *m_worker;
    m_queue.gate();
    const auto isStopped = [this] { return m_control->stopRequested(); };
    worker.keeper = std::make_unique<Keeper>(
        std::move(folder), Keeper::Watcher{isStopped, [this](const std::string &why) { hold(why); },
                                           [this] { release(); }, [this] { return m_queue.waiting(); },
                                           [this](std::size_t count) { m_queue.release(count); }});
    const Parameter *length = lengthParameter(m_spec, *worker.experiment);
    worker.length = length ? std::get<std::int64_t>(length->value()) : 0;
    const auto failed = [this](const std::string &why) {
        m_queue.putNow(NoteEvent{NoteEvent::Level::Warning,
                                 why
                                     + " The run goes on, but could only go on later from where its last "
                                       "checkpoint is."});
    };
    worker.checkpoints = std::make_unique<Checkpoints>(
        m_folder, m_spec.repeats, worker.length,
        Checkpoints::Journal{[&worker](const TaskKey &task) { return worker.keeper->linesOf(task); },
                             [&worker] { return worker.keeper->sync(); }, failed, isStopped},
        std::move(checkpoints));
    m_kept = true;
}

/// The disk is full: all that trains waits where it has something to keep.
void Runner::hold(const std::string &why)
{
    const std::lock_guard lock(m_worker->stateMutex);
    m_worker->clock.hold();
    m_worker->heldFor = fmt::format("{} The run is paused, and goes on by itself when there is room.", why);
    m_queue.putNow(NoteEvent{NoteEvent::Level::Warning, m_worker->heldFor});
    m_queue.putNow(StateEvent{RunState::Paused, m_worker->heldFor});
}

void Runner::release()
{
    const std::lock_guard lock(m_worker->stateMutex);
    m_worker->heldFor.clear();
    m_worker->clock.release();
    m_queue.putNow(NoteEvent{NoteEvent::Level::Info, "There is room again: the run goes on."});
    m_queue.putNow(StateEvent{m_control->paused() ? RunState::Paused : RunState::Running});
}

double Runner::checkpointSeconds() const
{
    return m_worker->checkpoints ? m_worker->checkpoints->seconds() : 0;
}

void Runner::pause()
{
    const std::lock_guard lock(m_worker->stateMutex);
    if (m_ended || m_control->paused())
        return;
    m_worker->clock.hold();
    m_control->setPaused(true);
    m_queue.putNow(StateEvent{RunState::Paused, m_worker->heldFor});
}

void Runner::resume()
{
    const std::lock_guard lock(m_worker->stateMutex);
    if (m_ended || !m_control->paused())
        return;
    m_worker->clock.release();
    m_control->setPaused(false);
    if (m_worker->heldFor.empty())
        m_queue.putNow(StateEvent{RunState::Running});
}

void Runner::stop()
{
    m_control->requestStop();
}

void Runner::work()
{
    std::exception_ptr failure;
    try {
        runRepeats();
    } catch (...) {
        failure = std::current_exception();
    }
    StateEvent ended = outcomeOf(failure);
    try {
        endFolder(ended);
    } catch (...) { // no memory for the summary, say
        ended = outcomeOf(std::current_exception());
    }
    // Under the mutex of pause() and resume(): no other state follows the one that ends the run.
    const std::lock_guard lock(m_worker->stateMutex);
    m_queue.putNow(std::move(ended));
    m_ended = true;
}

/// Completes the run's folder, or takes it back; the end becomes a failure where that cannot be.
void Runner::endFolder(StateEvent &ended)
{
    Keeper *keeper = m_worker->keeper.get();
    if (!keeper)
        return;
    m_worker->checkpoints->finish();
    if (!m_worker->isResumed && !keeper->hasBegun() && ended.state == RunState::Failed) {
        keeper->discard(); // so that the corrected run may have the folder
        m_kept = false;
        return;
    }
    RunFacts &facts = m_worker->facts;
    facts.ended = platform::utcNow();
    facts.seconds =
        m_worker->resumedAt + std::chrono::duration<double>(Clock::now() - m_worker->begun).count();
    const auto finished =
        keeper->finish(*m_worker->experiment, m_worker->figures, ended.state, ended.message, facts);
    if (!finished)
        ended = {RunState::Failed, finished.error().message, finished.error().kind};
    else if (ended.state == RunState::Finished)
        m_worker->checkpoints->clearParts();
    m_kept = keeper->isInPlace();
}

/// One in which a model diverges leaves the others to go on.
void Runner::runRepeats()
{
    setThreads(m_spec.threads);
    std::exception_ptr diverged;
    for (int repeat = 0; repeat < m_spec.repeats; ++repeat) {
        if (m_worker->endedRepeats.contains(repeat))
            continue;
        m_repeat = repeat;
        try {
            runRepeat(repeat);
            if (m_worker->keeper)
                m_worker->keeper->keepEnd(repeat, m_worker->length);
        } catch (const Diverged &) {
            if (!diverged)
                diverged = std::current_exception();
        }
    }
    if (diverged)
        std::rethrow_exception(diverged);
}

void Runner::runRepeat(int repeat)
{
    Run::Environment environment;
    environment.seed = m_spec.seed + static_cast<std::uint64_t>(repeat);
    environment.device = m_spec.device;
    environment.threads = m_spec.threads;
    environment.control = m_control.get();
    if (m_spec.device == Device::Cpu) {
        environment.memory = m_worker->experiment->memoryNeed();
        environment.memoryBudget = memoryBudget() - environment.memory.together - m_worker->imagesBytes;
    }
    environment.sink = [this](Event event, const std::string &task) { emit(std::move(event), task); };
    environment.dataset = [this](const std::string &data) -> const Dataset & {
        return m_worker->datasets->get(data);
    };
    environment.usesData = [this](const std::string &checksum) { m_worker->datasets->uses(checksum); };
    environment.saveModel = [this, repeat](const std::string &model, const std::string &suffix,
                                           const std::vector<TensorData> &tensors) {
        if (m_worker->keeper)
            m_worker->keeper->saveModel(modelFileName(model, suffix, repeat, m_spec.repeats), {repeat, model},
                                        tensors);
    };
    environment.isTrainedWith = [this](const std::string &model, const ModelFacts &facts) {
        {
            const std::lock_guard lock(m_worker->modelsMutex);
            m_worker->facts.models[model] = facts;
        }
        emit(TrainingEvent{model, facts});
    };
    std::optional<RepeatCheckpoints> checkpoints;
    if (m_worker->checkpoints)
        environment.checkpoints = &checkpoints.emplace(*m_worker->checkpoints, repeat);
    auto experiment = makeExperiment(m_spec.experiment);
    (*experiment)->setImages(m_worker->experiment->images());
    if (const auto applied = applyParameters(m_spec, **experiment); !applied)
        throw RunError(applied.error());
    Run run(std::move(environment));
    (*experiment)->run(run);
    run.finish();
}

/// At once, so that a run that is killed does not go on with others.
void Runner::keepChecksums(const DataChecksums &data)
{
    const std::lock_guard lock(m_worker->modelsMutex);
    RunFacts &facts = m_worker->facts;
    const RunFacts before = facts;
    if (!data.chosen.empty())
        facts.dataChecksum = data.chosen;
    for (const auto &[name, checksum] : data.further)
        facts.furtherData[name] = checksum;
    if (m_worker->keeper
        && (facts.dataChecksum != before.dataChecksum || facts.furtherData != before.furtherData))
        m_worker->keeper->keepFacts(facts);
}

/// Only reading tells, or the set is another than the catalogue says.
void Runner::checkImages(const Dataset &images)
{
    Experiment &experiment = *m_worker->experiment;
    const ImageSurvey found = surveyOf(images);
    if (found == experiment.images())
        return;
    experiment.setImages(found);
    if (const auto fits = applyParameters(m_spec, experiment); !fits)
        throw RunError(fits.error());
}

/// Puts the repeat on the event, keeps what is to be kept, hands it on.
void Runner::emit(Event event, const std::string &task)
{
    const int repeat = m_repeat;
    std::visit(
        [&](auto &value) {
            if constexpr (requires { value.repeat; })
                value.repeat = repeat;
        },
        event);
    if (auto *progress = std::get_if<ProgressEvent>(&event)) {
        progress->done = (repeat + progress->done) / m_spec.repeats;
        if (m_spec.repeats > 1)
            progress->text =
                fmt::format("repeat {} of {}  ·  {}", repeat + 1, m_spec.repeats, progress->text);
        progress->secondsLeft = m_worker->remaining.update(m_worker->clock.seconds(), progress->done);
    }
    if (std::holds_alternative<FigureEvent>(event)) {
        const std::lock_guard lock(m_worker->figuresMutex);
        m_worker->figures.apply(event);
    }
    Keeper *keeper = m_worker->keeper.get();
    const bool isKept = keeper && keeper->keep(event, task);
    m_queue.put(std::move(event));
    if (isKept) // a note may be what tells that nothing can be kept any more
        keeper->settle();
    else if (keeper)
        keeper->wake();
}

} // namespace losslab
