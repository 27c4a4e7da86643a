#include "nn/torch/tensoractivation.h"

namespace losslab {

at::Tensor activated(Activation activation, const at::Tensor &x)
{
    switch (activation) {
    case Activation::Relu:
        return at::relu(x);
    case Activation::LeakyRelu:
        return at::leaky_relu(x);
    case Activation::Elu:
        return at::elu(x);
    case Activation::Selu:
        return at::selu(x);
    case Activation::Gelu:
        return at::gelu(x);
    case Activation::Tanh:
        return at::tanh(x);
    case Activation::Sigmoid:
        return at::sigmoid(x);
    case Activation::Silu:
        return at::silu(x);
    case Activation::None:
        break;
    }
    return x;
}

at::Tensor throughActivation(Activation activation, const at::Tensor &gradient, const at::Tensor &x,
                             const at::Tensor &y)
{
    constexpr double seluAlpha = 1.6732632423543772848170429916717,
                     seluScale = 1.0507009873554804934193349852946;
    switch (activation) {
    case Activation::Relu:
        return at::threshold_backward(gradient, y, 0);
    case Activation::LeakyRelu:
        return at::leaky_relu_backward(gradient, x, 0.01, false);
    case Activation::Elu:
        return at::elu_backward(gradient, 1, 1, 1, false, x);
    case Activation::Selu:
        return at::elu_backward(gradient, seluAlpha, seluScale, 1, false, x);
    case Activation::Gelu:
        return at::gelu_backward(gradient, x);
    case Activation::Tanh:
        return at::tanh_backward(gradient, y);
    case Activation::Sigmoid:
        return at::sigmoid_backward(gradient, y);
    case Activation::Silu:
        return at::silu_backward(gradient, x);
    case Activation::None:
        break;
    }
    return gradient;
}

} // namespace losslab
