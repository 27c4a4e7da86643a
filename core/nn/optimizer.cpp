#include "nn/optimizer.h"

#include "base/names.h"

#include <fmt/format.h>
#include <string>
#include <utility>
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

std::string optimizerText(const Optimizer &optimizer)
{
    std::string text(methodName(optimizer.method));
    for (const auto &[name, value] :
         {std::pair("learning rate", optimizer.learningRate),
          std::pair("weight decay", optimizer.weightDecay), std::pair("momentum", optimizer.momentum)})
        if (value != 0)
            text += fmt::format(", {} {}", name, value);
    return text + (optimizer.nesterov ? ", nesterov" : "");
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
