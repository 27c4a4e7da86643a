#include "runs/runduration.h"

#include "base/device.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "runs/runjson.h"
#include "runs/runlibrary.h"

#include <algorithm>

namespace losslab {

namespace {

constexpr std::size_t mostLookedAt = 100; ///< runs
constexpr int enough = 3;                 ///< that are alike

/// As the run's folder would have it; nothing where no run would begin.
std::optional<RunSpec> asKept(const RunSpec &spec)
{
    const Json json = specJson(spec);
    JsonFields fields(json);
    RunSpec kept = readSpec(json, fields);
    if (!fields.problem().empty())
        return std::nullopt;
    const auto experiment = makeExperiment(spec.experiment);
    const auto device = resolveDevice(spec.device, (*experiment)->needsImages(kept));
    if (!device)
        return std::nullopt;
    kept.device = *device;
    const int cores = platform::cpuCount();
    kept.threads = spec.threads > 0 ? std::min(spec.threads, cores) : cores;
    return kept;
}

bool takesAsLong(const RunSpec &a, const RunSpec &b)
{
    return a.parameters == b.parameters && a.repeats == b.repeats && a.device == b.device
           && a.threads == b.threads && a.data == b.data;
}

} // namespace

std::optional<double> secondsOfEarlierRun(const RunSpec &spec)
{
    const auto wanted = asKept(spec);
    if (!wanted)
        return std::nullopt;
    const std::string device = deviceDescription(wanted->device, wanted->threads);
    std::optional<double> least;
    int alike = 0;
    std::vector<std::filesystem::path> folders = runsOf(spec.experiment);
    folders.resize(std::min(folders.size(), mostLookedAt));
    for (const std::filesystem::path &folder : folders) {
        const auto run = readRunJson(folder / "run.json");
        if (!run || run->state != RunState::Finished || run->facts.seconds < 0 || run->facts.device != device
            || !takesAsLong(run->spec, *wanted))
            continue;
        least = std::min(least.value_or(run->facts.seconds), run->facts.seconds);
        if (++alike == enough)
            break;
    }
    return least;
}

} // namespace losslab
