#pragma once

#include "lab/experiment.h"

#include <memory>
#include <string_view>
#include <vector>

namespace losslab {

using ExperimentFactory = std::unique_ptr<Experiment> (*)();

/// Every experiment's factory, in the order of the homework.
const std::vector<ExperimentFactory> &registry();

/// A fresh instance. Usage error with the nearest valid name where there is none of that id.
Result<std::unique_ptr<Experiment>> makeExperiment(std::string_view id);

} // namespace losslab
