#pragma once

#include "base/result.h"

#include <array>
#include <string>
#include <string_view>

namespace losslab {

/// How parameters follow their gradient, as torch.optim has it to the letter, with its defaults for what is
/// not told here.
struct Optimizer
{
    enum class Method {
        Adam,    ///< Kingma and Ba 2015; weight decay is an L2 term added to the gradient
        AdamW,   ///< Loshchilov and Hutter 2019; weight decay shrinks the parameters, apart from the gradient
        Sgd,     ///< with momentum where it is not 0, Nesterov's where asked for
        RmsProp, ///< Hinton 2012; ε beside the root; momentum where it is not 0
        Adagrad, ///< Duchi et al. 2011
    };

    Method method = Method::Adam;
    double learningRate = 1e-3;
    double weightDecay = 0;
    double momentum = 0;   ///< of SGD and RMSprop
    bool nesterov = false; ///< of SGD
};

inline constexpr std::array allMethods{Optimizer::Method::Adam, Optimizer::Method::AdamW,
                                       Optimizer::Method::Sgd, Optimizer::Method::RmsProp,
                                       Optimizer::Method::Adagrad};

/// "adam", "adamw", "sgd", …: on the command line and in files.
std::string_view methodName(Optimizer::Method method);
/// As people write it: "Adam".
std::string_view methodTitle(Optimizer::Method method);
/// "sgd, learning rate 0.1, weight decay 0.0001, momentum 0.9, nesterov": what is 0 is left out.
std::string optimizerText(const Optimizer &optimizer);
Result<Optimizer::Method> methodFromName(std::string_view name);

} // namespace losslab
