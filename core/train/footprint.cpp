#include "train/footprint.h"

#include "base/platform.h"
#include "nn/conv/convengine.h"
#include "nn/dense/denseengine.h"
#include "nn/lanes/lanesengine.h"

#include <algorithm>

namespace losslab {

namespace {

constexpr double copiesKept = 6;   ///< of the parameters: themselves, gradient, moments, and two while saving
constexpr double evaluated = 1000; ///< rows that evaluation takes at once

} // namespace

double trainingBytes(const Architecture &architecture, Loss loss, std::int64_t batchSize,
                     const Workload &workload)
{
    const auto parameters = static_cast<double>(architecture.parameterCount());
    const auto outputs = static_cast<double>(architecture.activations()); // of one input
    double inputs = 1;
    for (const std::int64_t width : architecture.input)
        inputs *= static_cast<double>(width);
    const double size = workload.type == at::kDouble ? 8 : 4;
    const double rows = std::min(std::max(static_cast<double>(batchSize), evaluated),
                                 static_cast<double>(rowsOfPiece(architecture.multiplications())));
    const double batch = static_cast<double>(batchSize) * (inputs + sizeof(std::int64_t));
    const double kept = copiesKept * parameters * size + batch;
    if (suitsLanes(architecture, loss, workload))
        return kept;
    if (suitsDense(architecture, loss, workload))
    { // arranged twice, transposed, and the blocks' sums; twice an entry
        const double rounded = workload.precision == Precision::BFloat16 ? 2 : 1;
        return kept + 4 * rounded * parameters * size + rows * (2 * rounded * outputs * size + 16 * inputs);
    }
    if (suitsConv(architecture, loss, workload)) { // parts of a batch, and a chunk a thread
        constexpr double parts = 32, chunk = 64;
        return kept + parts * parameters * size + platform::cpuCount() * 3 * chunk * outputs * size;
    }
    return kept + rows * 4 * (outputs + inputs) * size; // autograd's graph
}

} // namespace losslab
