#include "readers.h"

#include "data/idx.h"

#include <string>

namespace {

using namespace std::string_literals;

void promiseSet(const losslab::ImageSet &set)
{
    using losslab::fuzz::promise;
    promise(set.rows > 0 && set.columns > 0 && set.rows <= 4096 && set.columns <= 4096, "sides are sane");
    promise(set.channels == 1 || set.channels == 3, "there are one or three channels");
    promise(static_cast<std::int64_t>(set.labels.size()) == set.count, "there is a label an image");
    promise(static_cast<std::int64_t>(set.pixels.size()) == set.count * set.channels * set.rows * set.columns,
            "there are as many pixels as declared");
}

} // namespace

void losslab::fuzz::readIdx(std::string_view input)
{
    static const std::filesystem::path labels = put("labels", "\0\0\x08\x01\0\0\0\2\1\0"s);
    static const DataFile twoLabels{labels, "\0\0\x08\x01\0\0\0\2\1\0"s},
        twoImages{"images", "\0\0\x08\x03\0\0\0\2\0\0\0\1\0\0\0\2abcd"s};
    const DataFile file{put("images", input), std::string(input)};

    const auto set = parseImageSet(file, twoLabels, {});
    promiseMessage(set);
    if (set)
        promiseSet(*set);
    const auto survey = surveyIdx(file.path, IdxKind::Images);
    promiseMessage(survey);
    promise(!set || survey, "what can be read can be surveyed");
    const auto first = firstImages(file.path, labels, {}, 2);
    promiseMessage(first);
    if (first)
        promiseSet(*first);
    const auto labelled = parseImageSet(twoImages, file, {.classes = 10});
    promiseMessage(labelled);
    if (labelled)
        promiseSet(*labelled);
    promiseMessage(readIdxLabels(file.path));
}
