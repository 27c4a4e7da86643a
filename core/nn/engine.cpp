#include "nn/engine.h"

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

} // namespace losslab
