#pragma once

#include "train/samples.h"

#include <cstdint>

namespace losslab {

class Run;

/// The images of a run's data set as networks take them, on its device.
struct Images
{
    Samples training;
    Samples test;
    std::int64_t pixels = 0; ///< of an image: rows · columns
    int classes = 0;         ///< labels are below
};

/// Those of the data set chosen. Throws RunError where they are missing or damaged.
Images imagesOf(const Run &run);

} // namespace losslab
