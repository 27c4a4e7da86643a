#include "nn/makeengine.h"

#include "base/platform.h"
#include "nn/conv/convengine.h"
#include "nn/dense/denseengine.h"
#include "nn/lanes/lanesengine.h"
#include "nn/torch/autogradengine.h"
#include "nn/torch/gradientnormengine.h"
#include "nn/torch/tensorengine.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace losslab {

namespace {

using Made = std::unique_ptr<Engine>;

bool followsLoss(const EngineTask &task)
{
    return task.objective == Objective::Loss;
}

Made makeLanes(const EngineTask &task)
{
    if (task.workload.type == at::kDouble)
        return std::make_unique<LanesEngine<double>>(task.architecture, task.objective);
    return std::make_unique<LanesEngine<float>>(task.architecture, task.objective);
}

double parametersOf(const EngineTask &task)
{
    return static_cast<double>(task.architecture.parameterCount());
}

double sizeOf(const EngineTask &task)
{
    return static_cast<double>(at::elementSize(task.workload.type));
}

double inputsOf(const EngineTask &task)
{
    return static_cast<double>(task.architecture.inputs());
}

/// All layers' outputs of one sample.
double outputsOf(const EngineTask &task)
{
    return static_cast<double>(task.architecture.activations());
}

/// Arranged twice, transposed, and the blocks' sums; twice an entry where rounded copies are beside them.
double denseBytes(const EngineTask &task, double rows)
{
    const double rounded = task.workload.precision == Precision::BFloat16 ? 2 : 1;
    return 4 * rounded * parametersOf(task) * sizeOf(task)
           + rows * (2 * rounded * outputsOf(task) * sizeOf(task) + 16 * inputsOf(task));
}

/// Parts of a batch, and a chunk a thread.
double convBytes(const EngineTask &task, double /*rows*/)
{
    constexpr double parts = 32, chunk = 64;
    return parts * parametersOf(task) * sizeOf(task)
           + platform::cpuCount() * 3 * chunk * outputsOf(task) * sizeOf(task);
}

/// Tensors of every layer, forward and back.
double graphBytes(const EngineTask &task, double rows)
{
    return rows * 4 * (outputsOf(task) + inputsOf(task)) * sizeOf(task);
}

constexpr std::array<EngineKind, 6> kinds{{
    {"lanes",
     [](const EngineTask &task) {
         return suitsLanes(task.architecture, task.loss, task.workload, task.objective);
     },
     makeLanes, [](const EngineTask &, double) { return 0.0; }},
    {"gradient-norm", [](const EngineTask &task) { return task.objective == Objective::GradientNorm; },
     [](const EngineTask &task) -> Made {
         return std::make_unique<GradientNormEngine>(task.architecture, task.loss);
     },
     graphBytes},
    {"dense",
     [](const EngineTask &task) {
         return followsLoss(task) && suitsDense(task.architecture, task.loss, task.workload);
     },
     [](const EngineTask &task) -> Made {
         return std::make_unique<DenseEngine>(task.architecture, task.workload);
     },
     denseBytes},
    {"tensor",
     [](const EngineTask &task) {
         return followsLoss(task) && !task.workload.device.is_cpu() && suitsTensors(task.architecture);
     },
     [](const EngineTask &task) -> Made {
         return std::make_unique<TensorEngine>(task.architecture, task.loss, task.workload.precision);
     },
     graphBytes},
    {"conv",
     [](const EngineTask &task) {
         return followsLoss(task) && suitsConv(task.architecture, task.loss, task.workload);
     },
     [](const EngineTask &task) -> Made {
         return std::make_unique<ConvEngine>(task.architecture, task.workload.pulse);
     },
     convBytes},
    {"autograd", followsLoss,
     [](const EngineTask &task) -> Made {
         return std::make_unique<AutogradEngine>(task.architecture, task.loss, task.workload.pulse);
     },
     graphBytes},
}};

bool canBeRough(const EngineTask &task)
{
    return denseForm(task.architecture) && task.loss == Loss::CrossEntropy && task.workload.type == at::kFloat
           && followsLoss(task);
}

} // namespace

std::span<const EngineKind> engineKinds()
{
    return kinds;
}

const EngineKind &engineKindFor(const EngineTask &task)
{
    // Between them, the last of each objective take everything.
    return *std::find_if(kinds.begin(), kinds.end(),
                         [&](const EngineKind &kind) { return kind.suits(task); });
}

std::unique_ptr<Engine> makeEngine(const Architecture &architecture, Loss loss, const Workload &workload,
                                   Objective objective)
{
    const EngineTask task{architecture, loss, workload, objective};
    if (workload.precision == Precision::BFloat16 && !canBeRough(task))
        throw std::invalid_argument("bfloat16 is for the loss of dense classifiers in float");
    const EngineKind &kind = engineKindFor(task);
    std::unique_ptr<Engine> engine = kind.make(task);
    engine->m_name = kind.name;
    return engine;
}

} // namespace losslab
