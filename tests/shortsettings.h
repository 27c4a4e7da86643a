#pragma once

#include "lab/experiment.h"
#include "lab/runspec.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace losslab::test {

/// Has a run of the experiment, which can, train on images.
inline void takeImages(RunSpec &spec, const Experiment &experiment)
{
    if (const auto &when = experiment.info().imagesWhen)
        *spec.find(when->parameter) = when->values.front();
}

/// Makes a run short enough for a test: no count of epochs that counts is above `most`.
inline void shorten(RunSpec &spec, const Experiment &experiment, std::int64_t most)
{
    for (auto &[key, value] : spec.parameters) {
        const ParameterInfo &info = experiment.findParameter(key)->info();
        if (auto *epochs = std::get_if<std::int64_t>(&value);
            epochs && info.unit == "epochs" && applies(info, spec, experiment))
            *epochs = std::min(*epochs, most);
    }
}

/// The quick preset's counts of epochs, none above `most`, where they count. By key.
inline std::vector<std::pair<std::string, Value>> shortSettings(const Experiment &experiment,
                                                                std::int64_t most)
{
    RunSpec spec = makeSpec(experiment, Preset::Quick);
    shorten(spec, experiment, most);
    std::erase_if(spec.parameters, [&](const auto &parameter) {
        const ParameterInfo &info = experiment.findParameter(parameter.first)->info();
        return info.unit != "epochs" || !applies(info, spec, experiment);
    });
    return spec.parameters;
}

} // namespace losslab::test
