#pragma once

#include <cstdint>

namespace losslab {

/// What is seen of a data set of images without reading it all.
struct ImageSurvey
{
    std::int64_t trainingImages = 0; ///< 0: not known before it is read
    std::int64_t channels = 1;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    int classes = 0;

    bool operator==(const ImageSurvey &) const = default;
};

/// As MNIST's, which experiments count with until they are told of a data set.
inline constexpr ImageSurvey usualImages{.rows = 28, .columns = 28, .classes = 10};

} // namespace losslab
