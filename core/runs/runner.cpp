#include "runs/runner.h"

#include "base/device.h"
#include "base/numbertext.h"
#include "base/platform.h"
#include "data/catalogue.h"
#include "data/dataset.h"
#include "data/download.h"
#include "experiments/registry.h"
#include "lab/memory.h"
#include "lab/run.h"
#include "lab/rundata.h"
#include "lab/runsettings.h"
#include "runs/keeper.h"
#include "runs/outcome.h"
#include "runs/remainingtime.h"
#include "runs/runfacts.h"
#include "runs/runfolder.h"
#include "runs/trainingclock.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <system_error>

namespace losslab {

namespace {

using Clock = std::chrono::steady_clock;

/// "deep-init"; with repeats "deep-r1-init".
std::string modelFileName(const std::string &model, const std::string &suffix, int repeat, int repeats)
{
    return repeats > 1 ? fmt::format("{}-r{}{}", model, repeat + 1, suffix) : model + suffix;
}

/// Images beside what the experiment needs. A GPU's memory is not asked for.
Result<void> fitsMemory(const Experiment &experiment, Device device, double imagesBytes)
{
    if (imagesBytes > memoryBudget())
        return dataError(fmt::format("The {} training images take about {:.1f} GB of memory, and this "
                                     "machine has room for {:.1f} GB. Choose a smaller data set.",
                                     countText(experiment.images().trainingImages), imagesBytes / 1e9,
                                     memoryBudget() / 1e9));
    if (device == Device::Cpu)
        if (const auto conflict = memoryConflict(experiment, memoryBudget() - imagesBytes))
            return refusal(experiment, *conflict);
    return {};
}

} // namespace

/// What the worker's threads share; each group under its mutex.
struct Runner::Worker
{
    std::unique_ptr<Experiment> experiment;
    RunFacts facts;

    std::unique_ptr<Keeper> keeper; ///< none where nothing is kept
    std::mutex figuresMutex;
    RunData figures; ///< for the summary

    std::mutex modelsMutex; ///< of facts.models, while tasks are at work

    double imagesBytes = 0; ///< of memory that the data set takes

    std::mutex datasetMutex;
    std::shared_ptr<const Dataset> dataset;
    std::map<std::string, std::shared_ptr<const Dataset>> furtherDatasets; ///< by id or folder

    const Clock::time_point begun = Clock::now();
    TrainingClock clock;
    RemainingTime remaining;
    std::mutex stateMutex;
    std::string heldFor; ///< why the run waits for room on the disk; empty where it does not
};

Result<std::unique_ptr<Runner>> Runner::start(const RunSpec &spec, const RunnerOptions &options)
{
    auto experiment = makeExperiment(spec.experiment);
    if (!experiment)
        return tl::unexpected(experiment.error());
    ImageSurvey images;
    const bool needsImages = (*experiment)->needsImages(spec);
    if (needsImages) {
        const auto survey = surveyDataset(spec.data);
        if (!survey)
            return tl::unexpected(survey.error());
        (*experiment)->setImages(images = *survey);
    }
    if (const auto applied = applyParameters(spec, **experiment); !applied)
        return tl::unexpected(applied.error());
    if (const auto repeats = repeatsSetting().check(std::int64_t{spec.repeats}); !repeats)
        return tl::unexpected(repeats.error());
    const auto device = resolveDevice(spec.device, needsImages);
    if (!device)
        return tl::unexpected(device.error());

    const double imagesBytes = datasetBytes(images);
    if (const auto fits = fitsMemory(**experiment, *device, imagesBytes); !fits)
        return tl::unexpected(fits.error());

    RunSpec resolved = spec;
    resolved.device = *device;
    const int cores = platform::cpuCount();
    resolved.threads = spec.threads > 0 ? std::min(spec.threads, cores) : cores;
    takeParameters(**experiment, resolved);

    std::unique_ptr<Runner> runner(new Runner(std::move(resolved), options));
    runner->m_worker->experiment = std::move(*experiment);
    runner->m_worker->imagesBytes = imagesBytes;
    if (const auto prepared = runner->prepare(); !prepared)
        return tl::unexpected(prepared.error());
    runner->m_queue.putNow(StateEvent{RunState::Running});
    if (spec.threads > cores)
        runner->m_queue.putNow(
            NoteEvent{NoteEvent::Level::Warning,
                      fmt::format("This machine has {} {}: the run uses {}, not the {} threads asked for.",
                                  cores, cores == 1 ? "core" : "cores", cores == 1 ? "it" : "these",
                                  countText(spec.threads))});
    try {
        if (runner->m_worker->keeper)
            runner->m_worker->keeper->begin();
        runner->m_thread = std::thread([raw = runner.get()] { raw->work(); });
    } catch (const std::system_error &) {
        if (runner->m_worker->keeper)
            runner->m_worker->keeper->discard();
        return trainingError(
            "The system has no thread left to train on. End other programs, or raise the limit on "
            "processes (ulimit -u).");
    }
    return runner;
}

Runner::Runner(RunSpec spec, RunnerOptions options)
    : m_spec(std::move(spec)),
      m_options(std::move(options)),
      m_control(std::make_unique<RunControl>()),
      m_worker(std::make_unique<Worker>())
{}

Runner::~Runner()
{
    m_queue.close();
    m_control->requestStop();
    if (m_thread.joinable())
        m_thread.join();
}

/// What can be refused before the thread starts.
Result<void> Runner::prepare()
{
    RunFacts &facts = m_worker->facts;
    facts.program = LOSSLAB_VERSION;
    facts.libTorch = libTorchVersion();
    facts.device = deviceDescription(m_spec.device, m_spec.threads);
    facts.started = platform::utcNow();
    m_worker->figures = RunData(*m_worker->experiment, m_spec);
    if (m_options.folder.empty())
        return {};
    auto folder = RunFolder::create(m_options.folder, m_spec, facts);
    if (!folder)
        return tl::unexpected(folder.error());
    m_folder = (*folder)->path();
    m_worker->keeper = std::make_unique<Keeper>(std::move(*folder),
                                                Keeper::Watcher{[this] { return m_control->stopRequested(); },
                                                                [this](const std::string &why) { hold(why); },
                                                                [this] { release(); }});
    m_kept = true;
    return {};
}

/// The disk is full: all that trains waits in keep().
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
    endFolder(ended);
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
    if (!keeper->hasBegun() && ended.state == RunState::Failed) {
        keeper->discard(); // so that the corrected run may have the folder
        m_kept = false;
        return;
    }
    m_worker->facts.ended = platform::utcNow();
    m_worker->facts.seconds = std::chrono::duration<double>(Clock::now() - m_worker->begun).count();
    const auto finished =
        keeper->finish(*m_worker->experiment, m_worker->figures, ended.state, ended.message, m_worker->facts);
    if (!finished)
        ended = {RunState::Failed, finished.error().message, finished.error().kind};
    m_kept = keeper->isInPlace();
}

void Runner::runRepeats()
{
    setThreads(m_spec.threads);
    for (int repeat = 0; repeat < m_spec.repeats; ++repeat) {
        m_repeat = repeat;
        Run::Environment environment;
        environment.seed = m_spec.seed + static_cast<std::uint64_t>(repeat);
        environment.device = m_spec.device;
        environment.threads = m_spec.threads;
        environment.control = m_control.get();
        if (m_spec.device == Device::Cpu) {
            environment.memory = m_worker->experiment->memoryNeed();
            environment.memoryBudget = memoryBudget() - environment.memory.together - m_worker->imagesBytes;
        }
        environment.sink = [this](Event event) { emit(std::move(event)); };
        environment.dataset = [this](const std::string &data) -> const Dataset & { return dataset(data); };
        environment.usesData = [this](const std::string &checksum) {
            const std::lock_guard lock(m_worker->datasetMutex);
            m_worker->facts.dataChecksum = checksum;
        };
        environment.saveModel = [this, repeat](const std::string &model, const std::string &suffix,
                                               const std::vector<TensorData> &tensors) {
            if (m_worker->keeper)
                m_worker->keeper->saveModel(modelFileName(model, suffix, repeat, m_spec.repeats), tensors);
        };
        environment.isTrainedWith = [this](const std::string &model, const ModelFacts &facts) {
            const std::lock_guard lock(m_worker->modelsMutex);
            m_worker->facts.models[model] = facts;
        };
        auto experiment = makeExperiment(m_spec.experiment);
        (*experiment)->setImages(m_worker->experiment->images());
        if (const auto applied = applyParameters(m_spec, **experiment); !applied)
            throw RunError(applied.error());
        Run run(std::move(environment));
        (*experiment)->run(run);
    }
}

const Dataset &Runner::dataset(const std::string &data)
{
    const std::lock_guard lock(m_worker->datasetMutex);
    if (data.empty())
        return chosenDataset();
    auto &dataset = m_worker->furtherDatasets[data];
    if (!dataset) {
        downloadWhereMissing(data);
        auto loaded = loadDataset(data);
        if (!loaded)
            throw RunError(loaded.error());
        dataset = std::move(*loaded);
        m_worker->facts.furtherData[data] = dataset->checksum;
    }
    return *dataset;
}

const Dataset &Runner::chosenDataset()
{
    if (!m_worker->dataset) {
        downloadWhereMissing(m_spec.data);
        auto loaded = loadDataset(m_spec.data);
        if (!loaded)
            throw RunError(loaded.error());
        Experiment &experiment = *m_worker->experiment;
        if (const ImageSurvey found = surveyOf(**loaded); found != experiment.images()) {
            experiment.setImages(found); // as only reading tells, or another than the catalogue says
            if (const auto fits = applyParameters(m_spec, experiment); !fits)
                throw RunError(fits.error());
        }
        m_worker->dataset = std::move(*loaded);
        m_worker->facts.dataChecksum = m_worker->dataset->checksum;
    }
    return *m_worker->dataset;
}

/// Fetches the data set where the catalogue has it and this machine has not. Time for that is none of the
/// training's.
void Runner::downloadWhereMissing(const std::string &data)
{
    if (findDataset(data))
        return;
    const auto catalogue = readCatalogue();
    if (!catalogue)
        throw RunError(catalogue.error());
    const CatalogueEntry *entry = findEntry(*catalogue, data);
    if (!entry)
        return;
    DownloadOptions options{platform::datasetsFolder()};
    options.isStopped = [this] { return m_control->stopRequested(); };
    options.progress = [this, entry](const DownloadProgress &progress) {
        showDownload(entry->title, progress);
    };
    emit(NoteEvent{NoteEvent::Level::Info,
                   fmt::format("{} is not here yet: downloading it, {}, into {}.", entry->title,
                               entry->sizeText(), platform::quoted(options.folder / entry->id))});
    m_worker->clock.hold();
    const auto downloaded = downloadDataset(*entry, options);
    m_worker->clock.release();
    if (m_control->stopRequested())
        throw Stopped();
    if (!downloaded)
        throw RunError(downloaded.error());
}

void Runner::showDownload(const std::string &title, const DownloadProgress &progress)
{
    if (progress.waiting)
        emit(ProgressEvent{.text = fmt::format("Waiting for another LossLab that downloads {}", title)});
    else if (progress.unpacking)
        emit(ProgressEvent{.text = fmt::format("Unpacking {}", title)});
    else
        emit(ProgressEvent{.text = fmt::format("Downloading {}: {} of {}", title,
                                               progress.received / 1'000'000, megabytes(progress.total))});
}

/// Puts the repeat on the event, keeps what is to be kept, hands it on.
void Runner::emit(Event event)
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
    keep(event);
    m_queue.put(std::move(event));
}

void Runner::keep(const Event &event)
{
    if (std::holds_alternative<FigureEvent>(event)) {
        const std::lock_guard lock(m_worker->figuresMutex);
        m_worker->figures.apply(event);
    }
    if (m_worker->keeper)
        m_worker->keeper->keep(event);
}

} // namespace losslab
