#include "train/footprint.h"

#include "nn/makeengine.h"
#include "nn/pulse.h"

#include <algorithm>

namespace losslab {

namespace {

/// Of the parameters: themselves, gradient and two moments; and of a checkpoint, which has all but the
/// gradient, three: what was taken, what is laid out, and the file's bytes.
constexpr double copiesKept = 4 + 3 * 3;
constexpr double evaluated = 1000; ///< rows that evaluation takes at once

} // namespace

double trainingBytes(const Architecture &architecture, Loss loss, std::int64_t batchSize,
                     const Workload &workload)
{
    const auto inputs = static_cast<double>(architecture.inputs());
    const double rows = std::min(std::max(static_cast<double>(batchSize), evaluated),
                                 static_cast<double>(rowsOfPiece(architecture.multiplications())));
    const double batch = static_cast<double>(batchSize) * (inputs + sizeof(std::int64_t));
    const EngineTask task{architecture, loss, workload, Objective::Loss};
    return copiesKept * static_cast<double>(architecture.parameterCount())
               * static_cast<double>(at::elementSize(workload.type))
           + batch + engineKindFor(task).bytes(task, rows);
}

} // namespace losslab
