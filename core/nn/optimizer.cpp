#include "nn/optimizer.h"

#include "base/names.h"

#include <string>
#include <vector>

namespace losslab {

std::string_view methodName(Optimizer::Method method)
{
    switch (method) {
    case Optimizer::Method::AdamW:
        return "adamw";
    case Optimizer::Method::Sgd:
        return "sgd";
    case Optimizer::Method::RmsProp:
        return "rmsprop";
    case Optimizer::Method::Adagrad:
        return "adagrad";
    case Optimizer::Method::Adam:
        break;
    }
    return "adam";
}

std::string_view methodTitle(Optimizer::Method method)
{
    switch (method) {
    case Optimizer::Method::AdamW:
        return "AdamW";
    case Optimizer::Method::Sgd:
        return "SGD";
    case Optimizer::Method::RmsProp:
        return "RMSprop";
    case Optimizer::Method::Adagrad:
        return "Adagrad";
    case Optimizer::Method::Adam:
        break;
    }
    return "Adam";
}

Result<Optimizer::Method> methodFromName(std::string_view name)
{
    std::vector<std::string> names;
    for (const Optimizer::Method method : allMethods) {
        if (name == methodName(method))
            return method;
        names.emplace_back(methodName(method));
    }
    return usageError("An optimizer is " + notOneOf(name, names));
}

} // namespace losslab
