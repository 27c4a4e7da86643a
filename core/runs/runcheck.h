#pragma once

#include "base/result.h"
#include "lab/experiment.h"
#include "lab/runspec.h"

#include <memory>

namespace losslab {

/// A spec that can be run here.
struct CheckedRun
{
    RunSpec spec; ///< every parameter written out, with device and threads
    std::unique_ptr<Experiment> experiment;
    int threadsAsked = 0;
    double imagesBytes = 0; ///< of memory that the data set takes
};

/// Errors: usage (a setting), data (the data set).
Result<CheckedRun> checkRun(const RunSpec &spec);

} // namespace losslab
