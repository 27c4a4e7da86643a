#include "readers.h"

#include "nn/layertext.h"

void losslab::fuzz::readLayerText(std::string_view input)
{
    const auto words = readLayers(input);
    promiseAnswer(words);
    if (!words)
        return;
    const std::string text = layerText(*words);
    const auto again = readLayers(text);
    promise(again && layerText(*again) == text, "what is written reads back the same");
    for (const NetworkTask &task : {NetworkTask{{1}, 1}, NetworkTask{{3, 32, 32}, 10}}) {
        const auto network = networkOf(*words, task);
        promiseAnswer(network);
        if (network)
            promise(network->parameterCount() > 0 && network->parameterCount() <= 50'000'000,
                    "networks have a size that can be trained");
    }
}
