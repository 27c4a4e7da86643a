#include "runs/runcheck.h"

#include "base/device.h"
#include "base/numbertext.h"
#include "base/platform.h"
#include "data/dataset.h"
#include "experiments/registry.h"
#include "lab/memory.h"
#include "lab/runsettings.h"

#include <algorithm>
#include <fmt/format.h>

namespace losslab {

namespace {

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

Result<CheckedRun> checkRun(const RunSpec &spec)
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
    return CheckedRun{std::move(resolved), std::move(*experiment), spec.threads, imagesBytes};
}

} // namespace losslab
