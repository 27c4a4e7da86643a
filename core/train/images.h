#pragma once

#include "nn/layertext.h"
#include "train/samples.h"

#include <cstdint>

namespace losslab {

class Run;

/// The images of a run's data set as networks take them, on its device.
struct Images
{
    Samples training;
    Samples test;
    NetworkTask task; ///< of a network for them: channels, rows and columns come in, the classes go out
    int classes = 0;  ///< labels are below
};

/// The task of a network for MNIST's images, which declarations and estimates are of.
NetworkTask imageTask();

/// Those of the data set chosen. Throws RunError where they are missing or damaged.
Images imagesOf(const Run &run);

} // namespace losslab
