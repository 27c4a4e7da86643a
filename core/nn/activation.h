#pragma once

#include "base/result.h"

#include <array>
#include <string_view>

namespace losslab {

/// What follows a hidden layer, element by element, by PyTorch's definitions and defaults.
enum class Activation {
    Relu,
    LeakyRelu, ///< x below 0 becomes 0.01 x
    Elu,       ///< e^x - 1 below 0
    Selu,      ///< Klambauer et al. 2017
    Gelu,      ///< x Φ(x), Φ by the error function
    Tanh,
    Sigmoid,
    Silu, ///< x sigmoid(x)
    None,
};

inline constexpr std::array allActivations{Activation::Relu,    Activation::LeakyRelu, Activation::Elu,
                                           Activation::Selu,    Activation::Gelu,      Activation::Tanh,
                                           Activation::Sigmoid, Activation::Silu,      Activation::None};

/// "relu", "leaky-relu", …: on the command line and in files.
std::string_view activationName(Activation activation);
/// As people write it: "ReLU".
std::string_view activationTitle(Activation activation);
Result<Activation> activationFromName(std::string_view name);

} // namespace losslab
