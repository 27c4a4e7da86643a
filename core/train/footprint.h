#pragma once

#include "nn/engine.h"

#include <cstdint>

namespace losslab {

/// Bytes that training a network takes on the CPU by the engine that makeEngine() chooses, roughly:
/// parameters, gradient, the optimizer's state, what the engine keeps of a batch, and the copies that saving
/// makes. Large batches go through in blocks, so that their size counts for little.
double trainingBytes(const Architecture &architecture, Loss loss, std::int64_t batchSize,
                     const Workload &workload = {});

} // namespace losslab
