#include "nn/activation.h"

#include "base/names.h"

#include <string>
#include <vector>

namespace losslab {

namespace {

struct Naming
{
    std::string_view name;
    std::string_view title;
};

Naming naming(Activation activation)
{
    switch (activation) {
    case Activation::Relu:
        return {"relu", "ReLU"};
    case Activation::LeakyRelu:
        return {"leaky-relu", "leaky ReLU"};
    case Activation::Elu:
        return {"elu", "ELU"};
    case Activation::Selu:
        return {"selu", "SELU"};
    case Activation::Gelu:
        return {"gelu", "GELU"};
    case Activation::Tanh:
        return {"tanh", "tanh"};
    case Activation::Sigmoid:
        return {"sigmoid", "sigmoid"};
    case Activation::Silu:
        return {"silu", "SiLU"};
    case Activation::None:
        break;
    }
    return {"none", "none"};
}

} // namespace

std::string_view activationName(Activation activation)
{
    return naming(activation).name;
}

std::string_view activationTitle(Activation activation)
{
    return naming(activation).title;
}

Result<Activation> activationFromName(std::string_view name)
{
    std::vector<std::string> names;
    for (const Activation activation : allActivations) {
        if (name == activationName(activation))
            return activation;
        names.emplace_back(activationName(activation));
    }
    return usageError("An activation is " + notOneOf(name, names));
}

} // namespace losslab
