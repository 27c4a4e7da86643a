#pragma once

#include "lab/modelfacts.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace losslab {

/// What a run was made with, beside its spec. Kept in run.json.
struct RunFacts
{
    std::string program;                                 ///< LossLab's version
    std::string libTorch;                                ///< LibTorch's version
    std::string device;                                  ///< "cpu: AMD EPYC, 2 threads", "cuda: NVIDIA …"
    std::string dataChecksum;                            ///< of the data set, empty where none is used
    std::map<std::string, std::string> furtherData = {}; ///< checksums of further data sets, by name
    std::string started;                                 ///< UTC, ISO 8601
    std::string ended;                                   ///< empty while running
    std::vector<std::string> resumed = {};               ///< when it went on, UTC
    double seconds = -1;     ///< from start to end by a clock that nobody sets; negative: not known
    std::int64_t lines = -1; ///< of metrics.jsonl when the run had ended; negative: not known
    std::map<std::string, ModelFacts> models = {}; ///< by name
};

} // namespace losslab
