#include "readers.h"

#include "experiments/registry.h"
#include "lab/experiment.h"

namespace {

/// Every parameter of every experiment.
const std::vector<losslab::ParameterInfo> &parameters()
{
    static const std::vector<losslab::ParameterInfo> all = [] {
        std::vector<losslab::ParameterInfo> infos;
        for (const losslab::ExperimentFactory make : losslab::registry()) {
            const auto experiment = make();
            for (const losslab::Parameter *parameter : experiment->parameters())
                infos.push_back(parameter->info());
        }
        return infos;
    }();
    return all;
}

} // namespace

/// Two bytes choose the parameter, the others are what is typed.
void losslab::fuzz::readValue(std::string_view input)
{
    if (input.size() < 2)
        return;
    const auto byte = [&](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(input[at]));
    };
    const ParameterInfo &info = parameters()[(byte(0) * 256 + byte(1)) % parameters().size()];
    const auto value = info.parse(input.substr(2));
    promiseAnswer(value);
    if (!value)
        return;
    const std::string text = info.kind->text(*value);
    const auto again = info.parse(text);
    promise(again && *again == *value, "what is written reads back the same");
    (void)info.kind->words(*value);
    (void)info.kind->note(text);
    (void)info.kind->json(*value);
}
