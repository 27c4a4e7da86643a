#pragma once

#include "lab/experiment.h"

#include <optional>

namespace losslab {

/// What a run may take of this machine's memory (or of a container's share), in bytes; the rest is for the
/// program and for others.
double memoryBudget();

/// Where the experiment, as its parameters stand, needs more than that for one model beside what all models
/// need.
std::optional<Conflict> memoryConflict(const Experiment &experiment, double budget = memoryBudget());

/// What a model needs while it is at work; 0 where the experiment says nothing of it.
double memoryOf(const MemoryNeed &need, const std::string &model);

} // namespace losslab
