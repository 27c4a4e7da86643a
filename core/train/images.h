#pragma once

#include "train/imagetask.h"
#include "train/samples.h"

#include <string>

namespace losslab {

class Run;

/// The images of a run's data set as networks take them, on its device.
struct Images
{
    Samples training;
    Samples test;
    NetworkTask task; ///< of a network for them: channels, rows and columns come in, the classes go out

    /// Labels are below.
    int classes() const { return static_cast<int>(task.outputs); }
};

/// How pixels are handed to a network.
enum class Pixels {
    Scaled,     ///< byte · 1/255: from 0 to 1, as they come
    Normalized, ///< minus the training images' mean, by their deviation, channel by channel
};

/// Those of the data set chosen, or of another one by its id or folder. Throws RunError where they are
/// missing or damaged.
Images imagesOf(const Run &run, Pixels pixels = Pixels::Scaled, const std::string &data = {});

} // namespace losslab
