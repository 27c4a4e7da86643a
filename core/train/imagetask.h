#pragma once

#include "lab/imagesurvey.h"
#include "nn/layertext.h"

namespace losslab {

/// What a network for these images is for: channels, rows and columns come in, the classes go out.
inline NetworkTask imageTask(const ImageSurvey &images)
{
    return {{images.channels, images.rows, images.columns}, images.classes};
}

/// The same for declarations, until the images are chosen.
inline NetworkTask imageTask()
{
    return imageTask(usualImages);
}

inline bool isOfImages(const NetworkTask &task)
{
    return task.input.size() == 3;
}

/// Whether a network for it can be made and counted: not for images of which nothing is known.
inline bool isKnown(const NetworkTask &task)
{
    return task.outputs > 0;
}

} // namespace losslab
