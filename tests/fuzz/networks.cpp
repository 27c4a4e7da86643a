#include "readers.h"

#include "base/plaintext.h"
#include "train/networklist.h"

void losslab::fuzz::readNetworkList(std::string_view input)
{
    const auto networks = readNetworks(input);
    promiseAnswer(networks);
    if (!networks)
        return;
    promise(networks->size() <= 200, "there are no more than 200");
    for (const NamedNetwork &network : *networks)
        promise(isFileName(network.name), "a network's name is a file's");
    const std::string text = networksText(*networks);
    const auto again = readNetworks(text);
    promise(again && networksText(*again) == text, "what is written reads back the same");
    const NetworkListKind kind({{1}, 1});
    const auto json = readNetworks(kind.json(text));
    promise(json && networksText(*json) == text, "as JSON, too");
}
