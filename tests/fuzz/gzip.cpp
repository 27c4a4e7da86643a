#include "readers.h"

#include "data/gunzip.h"

#include <algorithm>

void losslab::fuzz::readGzip(std::string_view input)
{
    constexpr std::size_t limit = 1 << 20, less = 100;
    const auto content = firstBytes("data.gz", input, limit);
    promiseMessage(content);
    const auto beginning = firstBytes("data.gz", input, less);
    promiseMessage(beginning);
    if (!content)
        return;
    promise(content->bytes.size() <= limit, "no more is unpacked than was asked for");
    promise(beginning && beginning->bytes.size() == std::min(less, content->bytes.size())
                && std::equal(beginning->bytes.begin(), beginning->bytes.end(), content->bytes.begin()),
            "what is read of a sound file is how it begins");
}
