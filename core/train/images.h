#pragma once

#include "lab/imagesurvey.h"
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
/// For these images, of ten classes.
NetworkTask imageTask(const ImageSurvey &images);

/// How pixels are handed to a network.
enum class Pixels {
    Scaled,     ///< byte · 1/255: from 0 to 1, as they come
    Normalized, ///< minus the training images' mean, by their deviation, channel by channel
};

/// Those of the data set chosen. Throws RunError where they are missing or damaged.
Images imagesOf(const Run &run, Pixels pixels = Pixels::Scaled);

} // namespace losslab
