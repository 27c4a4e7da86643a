#include "train/images.h"

#include "lab/run.h"
#include "nn/network.h"

namespace losslab {

namespace {

/// [N, channels · rows · columns] in float.
void normalize(Images &images)
{
    const std::int64_t channels = images.task.input.front();
    const auto byChannel = [&](const at::Tensor &inputs) {
        return inputs.view({inputs.size(0), channels, -1});
    };
    const at::Tensor training = byChannel(scaledInputs(images.training.inputs, at::kFloat));
    const at::Tensor mean = training.mean({0, 2}, /*keepdim=*/true, at::kDouble);
    const at::Tensor variance =
        training.square().mean({0, 2}, /*keepdim=*/true, at::kDouble).sub_(mean.square());
    const at::Tensor deviation = variance.clamp_min(0).sqrt();
    const at::Tensor factor = at::where(deviation.gt(0), deviation, at::ones_like(deviation)).reciprocal();
    for (Samples *samples : {&images.training, &images.test}) {
        const at::Tensor inputs = scaledInputs(samples->inputs, at::kFloat);
        samples->inputs =
            byChannel(inputs).sub(mean.to(at::kFloat)).mul_(factor.to(at::kFloat)).flatten(1).contiguous();
        samples->density = 1;
    }
}

} // namespace

Images imagesOf(const Run &run, Pixels pixels, const std::string &data)
{
    const at::Device device = torchDevice(run.device());
    const Dataset &dataset = run.dataset(data);
    Images images{imageSamples(dataset.train, device), imageSamples(dataset.test, device),
                  imageTask(surveyOf(dataset))};
    if (pixels == Pixels::Normalized)
        normalize(images);
    return images;
}

} // namespace losslab
