#include "readers.h"

#include "data/cifar.h"

namespace {

/// Promises of whatever could be read.
void promiseSet(const losslab::ImageSet &set)
{
    using losslab::fuzz::promise;
    const auto images = static_cast<std::size_t>(set.count);
    promise(set.labels.size() == images && set.pixels.size() == images * 3072,
            "an image has 3,072 bytes and a label");
    for (const std::uint8_t label : set.labels)
        promise(label < 10, "labels go from 0 to 9");
}

} // namespace

void losslab::fuzz::readCifarFile(std::string_view input)
{
    const std::filesystem::path folder = put("cifar/data_batch_1.bin", input).parent_path();
    static const bool others = [] {
        for (const std::string_view name : cifarFileNames)
            if (name != cifarFileNames.front())
                put(std::string("cifar/") + std::string(name), std::string(3073, '\1'));
        return true;
    }();
    (void)others;
    promiseMessage(surveyCifar(folder, {}));
    const auto dataset = readCifar(folder, {});
    promiseMessage(dataset);
    if (dataset) {
        promiseSet((*dataset)->train);
        promise((*dataset)->train.count == 4 + static_cast<std::int64_t>(input.size() / 3073),
                "all records are read");
    }
    const auto first = firstOfCifar(folder, {}, 2);
    promiseMessage(first);
    if (first)
        promiseSet(*first);
}
