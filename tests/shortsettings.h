#pragma once

#include "lab/experiment.h"
#include "lab/runspec.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace losslab::test {

/// What makes a quick run of any experiment short enough for a test: no count of epochs, in the quick preset,
/// above `most`. By key.
inline std::vector<std::pair<std::string, Value>> shortSettings(const Experiment &experiment,
                                                                std::int64_t most)
{
    std::vector<std::pair<std::string, Value>> settings;
    const RunSpec quick = makeSpec(experiment, Preset::Quick);
    for (const Parameter *parameter : experiment.parameters()) {
        const ParameterInfo &info = parameter->info();
        if (applies(info, quick) && std::holds_alternative<std::int64_t>(info.quick) && info.unit == "epochs")
            settings.emplace_back(info.key, std::min(std::get<std::int64_t>(info.quick), most));
    }
    return settings;
}

} // namespace losslab::test
