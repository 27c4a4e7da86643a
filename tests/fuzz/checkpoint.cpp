#include "readers.h"

#include "base/crc32c.h"
#include "runs/checkpointfile.h"

#include <string>

namespace {

/// With the check sum that its bytes have: else nothing but that would be looked at.
std::string withSum(std::string text)
{
    constexpr std::string_view before = "\"crc32c\":\"", none = "00000000";
    const std::size_t found = text.find(before), place = found + before.size();
    if (found == std::string::npos || place + none.size() > text.size())
        return text;
    text.replace(place, none.size(), none);
    const std::string sum = losslab::crc32cText(text);
    return text.replace(place, none.size(), sum);
}

} // namespace

void losslab::fuzz::readCheckpointFile(std::string_view input)
{
    const auto read = readCheckpoint(put("checkpoints/deep.safetensors", withSum(std::string(input))));
    promiseMessage(read);
    if (read)
        for (const LoopState &loop : read->checkpoint.loops)
            for (const auto &[name, tensor] : loop.state.values())
                promise(tensor.bytes.size() <= input.size(), "tensors are the file's");
}
