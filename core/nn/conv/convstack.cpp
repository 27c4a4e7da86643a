#include "nn/conv/convstack.h"

#include "nn/kernels/transpose.h"

#include <algorithm>

namespace losslab {

namespace {

using kernels::convLanes;

constexpr std::size_t groups = ConvStack::most / convLanes;
constexpr std::size_t together = 4; ///< samples on the way back, as many as a transposition takes at least

/// Channels in memory, so that transpositions need not end with a part of a block.
std::size_t paddedChannels(std::size_t channels)
{
    return kernels::roundedUp(channels, 4);
}

at::Tensor filled(std::size_t count, at::ScalarType type, std::int64_t value)
{
    return at::full({static_cast<std::int64_t>(count)}, value, at::TensorOptions(type));
}

/// Floats from one sample to the next in dy and origin.
std::size_t gradientStep(const kernels::PooledConv &shape)
{
    return paddedChannels(shape.out) * shape.pooledStride();
}

/// Floats from one group to the next in maps and origins.
std::size_t groupStep(const kernels::PooledConv &shape)
{
    return paddedChannels(shape.out) * shape.pooled() * convLanes;
}

/// From rows of samples [out · pooled, rowLength] to four samples' dy or origin.
kernels::Transposition samplesApart(const kernels::PooledConv &shape, std::size_t rowLength)
{
    return {.count = shape.out,
            .rows = shape.pooled(),
            .columns = together,
            .fromStep = shape.pooled() * rowLength,
            .fromStride = rowLength,
            .toStep = shape.pooledStride(),
            .toStride = gradientStep(shape)};
}

} // namespace

ConvStack::ConvStack(const ConvPlan &plan) : m_plan(plan), m_memory(plan.convs.size())
{
    const std::size_t input = m_plan.inputSize();
    m_images = filled(most * input + kernels::firstRow, at::kFloat, 0);
    m_groupImages = filled(input * convLanes, at::kFloat, 0);
    for (std::size_t i = 0; i < m_memory.size(); ++i) {
        const kernels::PooledConv &shape = m_plan.convs[i].shape;
        Memory &memory = m_memory[i];
        if (i + 1 < m_memory.size())
            memory.maps = filled(groups * groupStep(shape), at::kFloat, 0);
        memory.origins = filled(groups * groupStep(shape), at::kInt, -1);
        memory.dy = filled(together * gradientStep(shape), at::kFloat, 0);
        memory.origin = filled(together * gradientStep(shape), at::kInt, -1);
        if (i > 0) {
            memory.x = filled(together * shape.pixels() * shape.paddedIn(), at::kFloat, 0);
            memory.dx = filled(shape.pixels() * shape.paddedIn(), at::kFloat, 0);
        }
    }
}

void ConvStack::load(const ImageRows &images, std::size_t first, std::size_t count)
{
    constexpr float scale = 1.0f / 255.0f;
    const std::size_t input = m_plan.inputSize();
    float *to = m_images.mutable_data_ptr<float>();
    m_count = count;
    if (images.values)
        std::copy_n(images.values + first * input, count * input, to);
    else
        std::transform(images.bytes + first * input, images.bytes + (first + count) * input, to,
                       [](std::uint8_t byte) { return static_cast<float>(byte) * scale; });
}

void ConvStack::forward(const ConvParameters &parameters, float *y, std::size_t rowLength)
{
    const float *images = m_images.const_data_ptr<float>();
    float *groupImages = m_groupImages.mutable_data_ptr<float>();

    for (std::size_t first = 0; first < m_count; first += convLanes) {
        // A last group that is not full keeps the images that were in its memory before: of no effect.
        kernels::transpose({.rows = convLanes,
                            .columns = m_plan.inputSize(),
                            .fromStride = m_plan.inputSize(),
                            .toStride = convLanes},
                           images + first * m_plan.inputSize(), groupImages);
        const float *x = groupImages;
        for (std::size_t i = 0; i < m_memory.size(); ++i) {
            const ConvStage &stage = m_plan.convs[i];
            const bool last = i + 1 == m_memory.size();
            const std::size_t place = first / convLanes * groupStep(stage.shape);
            float *maps = last ? y + first : m_memory[i].maps.mutable_data_ptr<float>() + place;
            kernels::convForward(stage.shape, parameters.flat + stage.weight, parameters.flat + stage.bias, x,
                                 maps, last ? rowLength : convLanes,
                                 m_memory[i].origins.mutable_data_ptr<std::int32_t>() + place);
            x = maps;
        }
    }
}

void ConvStack::backward(const ConvParameters &parameters, const float *dy, std::size_t rowLength,
                         const ConvGradients &gradients)
{
    const kernels::PooledConv &last = m_plan.convs.back().shape;
    for (std::size_t first = 0; first < m_count; first += together) {
        kernels::transpose(samplesApart(last, rowLength), dy + first,
                           m_memory.back().dy.mutable_data_ptr<float>());
        for (std::size_t i = m_memory.size(); i-- > 0;)
            backwardStage(i, parameters, first, gradients);
    }
}

/// Samples first … first + 3 of a stage whose dy is there.
void ConvStack::backwardStage(std::size_t index, const ConvParameters &parameters, std::size_t first,
                              const ConvGradients &gradients)
{
    const ConvStage &stage = m_plan.convs[index];
    const kernels::PooledConv &shape = stage.shape;
    Memory &memory = m_memory[index];
    const std::size_t group = first / convLanes, lane = first % convLanes;
    const std::size_t count = std::min(together, m_count - first);
    kernels::transpose(samplesApart(shape, convLanes),
                       memory.origins.const_data_ptr<std::int32_t>() + group * groupStep(shape) + lane,
                       memory.origin.mutable_data_ptr<std::int32_t>());
    const auto gradient = [&](std::size_t sample) {
        return kernels::ConvGradient{memory.dy.const_data_ptr<float>() + sample * gradientStep(shape),
                                     memory.origin.const_data_ptr<std::int32_t>()
                                         + sample * gradientStep(shape),
                                     gradients.filters + stage.filters, gradients.flat + stage.bias};
    };
    if (index == 0) {
        for (std::size_t sample = 0; sample < count; ++sample)
            kernels::convBackwardFirst(shape, gradient(sample),
                                       m_images.const_data_ptr<float>()
                                           + (first + sample) * m_plan.inputSize());
        return;
    }
    Memory &below = m_memory[index - 1];
    const kernels::PooledConv &shapeBelow = m_plan.convs[index - 1].shape;
    const std::size_t step = shape.pixels() * shape.paddedIn();
    kernels::transpose({.count = shape.pixels(),
                        .rows = paddedChannels(shape.in),
                        .columns = together,
                        .fromStep = convLanes,
                        .fromStride = shape.pixels() * convLanes,
                        .toStep = shape.paddedIn(),
                        .toStride = step},
                       below.maps.const_data_ptr<float>() + group * groupStep(shapeBelow) + lane,
                       memory.x.mutable_data_ptr<float>());
    float *dx = memory.dx.mutable_data_ptr<float>();
    for (std::size_t sample = 0; sample < count; ++sample) {
        std::fill_n(dx, step, 0.0f);
        kernels::convBackward(shape, gradient(sample), memory.x.const_data_ptr<float>() + sample * step,
                              parameters.filters + stage.filters, dx);
        kernels::transpose({.rows = shape.pixels(),
                            .columns = paddedChannels(shape.in),
                            .fromStride = shape.paddedIn(),
                            .toStride = shapeBelow.pooledStride()},
                           dx, below.dy.mutable_data_ptr<float>() + sample * gradientStep(shapeBelow));
    }
}

} // namespace losslab
