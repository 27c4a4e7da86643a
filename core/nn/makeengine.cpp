#include "nn/makeengine.h"

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

constexpr std::array<EngineKind, 6> kinds{{
    {"lanes", [](const EngineTask &task) { return suitsLanes(task.architecture, task.loss, task.workload); },
     makeLanes},
    {"gradient-norm", [](const EngineTask &task) { return task.objective == Objective::GradientNorm; },
     [](const EngineTask &task) -> Made {
         return std::make_unique<GradientNormEngine>(task.architecture, task.loss);
     }},
    {"dense",
     [](const EngineTask &task) {
         return followsLoss(task) && suitsDense(task.architecture, task.loss, task.workload);
     },
     [](const EngineTask &task) -> Made {
         return std::make_unique<DenseEngine>(task.architecture, task.workload);
     }},
    {"tensor",
     [](const EngineTask &task) {
         return followsLoss(task) && !task.workload.device.is_cpu() && suitsTensors(task.architecture);
     },
     [](const EngineTask &task) -> Made {
         return std::make_unique<TensorEngine>(task.architecture, task.loss, task.workload.precision);
     }},
    {"conv",
     [](const EngineTask &task) {
         return followsLoss(task) && suitsConv(task.architecture, task.loss, task.workload);
     },
     [](const EngineTask &task) -> Made {
         return std::make_unique<ConvEngine>(task.architecture, task.workload.pulse);
     }},
    {"autograd", followsLoss,
     [](const EngineTask &task) -> Made {
         return std::make_unique<AutogradEngine>(task.architecture, task.loss, task.workload.pulse);
     }},
}};

bool canBeRough(const EngineTask &task)
{
    return !denseWidths(task.architecture).empty() && task.loss == Loss::CrossEntropy
           && task.workload.type == at::kFloat && followsLoss(task);
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
    return engineKindFor(task).make(task);
}

} // namespace losslab
