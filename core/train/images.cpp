#include "train/images.h"

#include "lab/run.h"
#include "nn/network.h"

namespace losslab {

Images imagesOf(const Run &run)
{
    const at::Device device = torchDevice(run.device());
    const Dataset &dataset = run.dataset();
    return {imageSamples(dataset.train, device),
            imageSamples(dataset.test, device),
            {{1, dataset.train.rows, dataset.train.columns}, dataset.classes},
            dataset.classes};
}

NetworkTask imageTask()
{
    return {{1, imageSide, imageSide}, 10};
}

} // namespace losslab
