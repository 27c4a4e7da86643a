#include "readers.h"

#include "data/safetensors.h"

void losslab::fuzz::readSafetensorsFile(std::string_view input)
{
    const std::filesystem::path path = put("model.safetensors", input);
    auto tensors = readSafetensors(path);
    promiseMessage(tensors);
    const auto header = readSafetensorsHeader(path);
    promiseMessage(header);
    promise(tensors.has_value() == header.has_value(), "header and file are judged alike");
    if (!tensors)
        return;
    const std::filesystem::path copy = workFolder() / "copy.safetensors";
    promise(writeSafetensors(copy, *tensors).has_value(), "it can be written");
    const auto again = readSafetensors(copy);
    promise(again && *again == *tensors, "what is written reads back the same");
    for (TensorData &tensor : *tensors)
        tensor.bytes.clear();
    promise(*tensors == *header, "names, types and shapes are the header's");
}
