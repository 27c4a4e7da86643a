#include "nn/engine.h"

#include "nn/conv/convengine.h"
#include "nn/dense/denseengine.h"
#include "nn/lanes/lanesengine.h"
#include "nn/torch/autogradengine.h"
#include "nn/torch/gradientnormengine.h"
#include "nn/torch/tensorengine.h"

#include <stdexcept>

namespace losslab {

at::Tensor lossOf(Loss loss, const at::Tensor &outputs, const at::Tensor &targets)
{
    return loss == Loss::CrossEntropy ? at::cross_entropy_loss(outputs, targets)
                                      : at::mse_loss(outputs, targets);
}

at::Tensor hitsOf(const at::Tensor &outputs, const at::Tensor &labels)
{
    return outputs.argmax(1).eq(labels).sum();
}

at::Tensor scaledInputs(const at::Tensor &inputs, at::ScalarType type)
{
    return inputs.scalar_type() == at::kByte ? inputs.to(type).mul_(1.0 / 255.0) : inputs;
}

namespace {

bool canBeRough(const Architecture &architecture, Loss loss, const Workload &workload, Objective objective)
{
    return !denseWidths(architecture).empty() && loss == Loss::CrossEntropy && workload.type == at::kFloat
           && objective == Objective::Loss;
}

} // namespace

std::unique_ptr<Engine> makeEngine(const Architecture &architecture, Loss loss, const Workload &workload,
                                   Objective objective)
{
    if (workload.precision == Precision::BFloat16 && !canBeRough(architecture, loss, workload, objective))
        throw std::invalid_argument("bfloat16 is for the loss of dense classifiers in float");
    if (suitsLanes(architecture, loss, workload)) {
        if (workload.type == at::kDouble)
            return std::make_unique<LanesEngine<double>>(architecture, objective);
        return std::make_unique<LanesEngine<float>>(architecture, objective);
    }
    if (objective == Objective::GradientNorm)
        return std::make_unique<GradientNormEngine>(architecture, loss);
    if (suitsDense(architecture, loss, workload))
        return std::make_unique<DenseEngine>(architecture, workload);
    if (!workload.device.is_cpu() && suitsTensors(architecture))
        return std::make_unique<TensorEngine>(architecture, loss, workload.precision);
    if (suitsConv(architecture, loss, workload))
        return std::make_unique<ConvEngine>(architecture, workload.pulse);
    return std::make_unique<AutogradEngine>(architecture, loss, workload.pulse);
}

} // namespace losslab
