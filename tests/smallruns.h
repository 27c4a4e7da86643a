#pragma once

#include "data/dataset.h"
#include "experiments/registry.h"
#include "lab/rundata.h"
#include "lab/runspec.h"
#include "runs/runner.h"
#include "tests/core/filefixtures.h"
#include "tests/idxfiles.h"
#include "tests/runtoend.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

/// Runs of an experiment's report preset with some settings changed, one seed, on the first of MNIST's
/// images.
namespace losslab::test {

using Settings = std::vector<std::pair<std::string, Value>>;

constexpr std::int64_t fewTraining = 400;

inline std::string fewImages()
{
    static const TemporaryFolder folder;
    if (folder.isEmpty()) {
        const auto mnist = loadDataset("mnist");
        writeImages(folder.path(), "train", (*mnist)->train, fewTraining);
        writeImages(folder.path(), "t10k", (*mnist)->test, 100);
    }
    return folder.path().string();
}

inline RunSpec specOf(const Experiment &experiment, const Settings &settings)
{
    RunSpec spec = makeSpec(experiment, Preset::Report);
    for (const auto &[key, value] : settings)
        *spec.find(key) = value;
    spec.repeats = 1;
    spec.device = Device::Cpu;
    spec.data = fewImages();
    return spec;
}

inline RunData finished(const std::string &id, const Settings &settings,
                        const std::filesystem::path &folder = {})
{
    const auto experiment = std::move(*makeExperiment(id));
    const RunSpec spec = specOf(*experiment, settings);
    RunData data(*experiment, spec);
    const auto runner = Runner::start(spec, {.folder = folder});
    if (runner)
        runToEnd(**runner, data);
    return data;
}

inline ChartInfo chart(const std::string &id, const std::string &chartId, const Settings &settings)
{
    const auto experiment = std::move(*makeExperiment(id));
    const RunSpec spec = specOf(*experiment, settings);
    return RunData(*experiment, spec).findChart(chartId)->info;
}

inline std::string conflict(const std::string &id, const Settings &settings)
{
    const auto experiment = std::move(*makeExperiment(id));
    const Result<void> applied = applyParameters(specOf(*experiment, settings), *experiment);
    return applied ? std::string() : applied.error().message;
}

} // namespace losslab::test
