#include "nn/conv/convstack.h"

#include "nn/kernels/activation.h"
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
    const std::size_t input = m_plan.paddedInputSize();
    m_images = filled(most * input + kernels::firstRow, at::kFloat, 0);
    m_groupImages = filled(input * convLanes, at::kFloat, 0);
    for (std::size_t i = 0; i < m_memory.size(); ++i) {
        const kernels::PooledConv &shape = m_plan.convs[i].shape;
        Memory &memory = m_memory[i];
        if (i + 1 < m_memory.size()) {
            memory.maps = filled(groups * groupStep(shape), at::kFloat, 0);
            if (kernels::hasSlopes(m_plan.convs[i].activation)) {
                memory.slopes = at::zeros_like(memory.maps);
                memory.slope = filled(together * gradientStep(shape), at::kFloat, 0);
            }
        }
        if (m_plan.convs[i].poolsActivated()) {
            memory.plain =
                filled(shape.out * shape.outHeight() * shape.outWidth() * convLanes, at::kFloat, 0);
            memory.plainSlopes = at::zeros_like(memory.plain);
            memory.plainOrigins = at::zeros_like(memory.plain, at::kInt);
        }
        memory.origins = filled(groups * groupStep(shape), at::kInt, -1);
        memory.dy = filled(together * gradientStep(shape), at::kFloat, 0);
        memory.origin = filled(together * gradientStep(shape), at::kInt, -1);
        if (i > 0) {
            if (m_plan.convs[i].isPadded())
                memory.padded = filled(shape.in * shape.pixels() * convLanes, at::kFloat, 0);
            memory.x = filled(together * shape.pixels() * shape.paddedIn(), at::kFloat, 0);
            memory.dx = filled(shape.pixels() * shape.paddedIn(), at::kFloat, 0);
        }
    }
}

void ConvStack::load(const ImageRows &images, std::size_t first, std::size_t count)
{
    constexpr float scale = 1.0f / 255.0f;
    const ConvStage &stage = m_plan.convs.front();
    const std::size_t map = stage.mapPixels();
    float *to = m_images.mutable_data_ptr<float>();
    m_count = count;
    for (std::size_t channel = 0; channel < count * stage.shape.in; ++channel, to += stage.shape.pixels()) {
        const std::size_t from = first * m_plan.inputSize() + channel * map;
        stage.eachRun([&](std::size_t pixel, std::size_t padded, std::size_t length) {
            if (images.values)
                std::copy_n(images.values + from + pixel, length, to + padded);
            else
                std::transform(images.bytes + from + pixel, images.bytes + from + pixel + length, to + padded,
                               [](std::uint8_t byte) { return static_cast<float>(byte) * scale; });
        });
    }
}

/// A group's maps [channels, map, 16] as a stage takes them.
const float *ConvStack::padded(std::size_t index, const float *maps)
{
    const ConvStage &stage = m_plan.convs[index];
    if (!stage.isPadded())
        return maps;
    float *const result = m_memory[index].padded.mutable_data_ptr<float>();
    float *to = result;
    for (std::size_t channel = 0; channel < stage.shape.in; ++channel) {
        stage.eachRun([&](std::size_t pixel, std::size_t padded, std::size_t length) {
            std::copy_n(maps + pixel * convLanes, length * convLanes, to + padded * convLanes);
        });
        maps += stage.mapPixels() * convLanes;
        to += stage.shape.pixels() * convLanes;
    }
    return result;
}

/// A group's. Where the pool is not behind the activation, that is left to be taken, but for ReLU.
void ConvStack::forwardStage(std::size_t index, const ConvParameters &parameters, const float *x,
                             const kernels::PooledMaps &to)
{
    const ConvStage &stage = m_plan.convs[index];
    const float *weight = parameters.flat + stage.weight, *bias = parameters.flat + stage.bias;
    if (!stage.poolsActivated())
        return kernels::convForward(stage.shape, weight, bias, x, to.values, to.stride, to.origins);
    const Memory &memory = m_memory[index];
    float *values = memory.plain.mutable_data_ptr<float>(),
          *slopes = memory.plainSlopes.mutable_data_ptr<float>();
    auto *origins = memory.plainOrigins.mutable_data_ptr<std::int32_t>();
    kernels::PooledConv plain = stage.shape;
    plain.pool = 1;
    kernels::convForward(plain, weight, bias, x, values, convLanes, origins);
    kernels::activate(stage.activation, values, slopes, plain.out * plain.pooled() * convLanes);
    kernels::maxPool(stage.shape, {values, slopes, origins}, to);
}

void ConvStack::forward(const ConvParameters &parameters, float *y, float *slopes, std::size_t rowLength)
{
    const float *images = m_images.const_data_ptr<float>();
    float *groupImages = m_groupImages.mutable_data_ptr<float>();

    for (std::size_t first = 0; first < m_count; first += convLanes) {
        // A last group that is not full keeps the images that were in its memory before: of no effect.
        kernels::transpose({.rows = convLanes,
                            .columns = m_plan.paddedInputSize(),
                            .fromStride = m_plan.paddedInputSize(),
                            .toStride = convLanes},
                           images + first * m_plan.paddedInputSize(), groupImages);
        const float *x = groupImages;
        for (std::size_t i = 0; i < m_memory.size(); ++i) {
            const ConvStage &stage = m_plan.convs[i];
            const bool last = i + 1 == m_memory.size();
            Memory &memory = m_memory[i];
            const std::size_t place = first / convLanes * groupStep(stage.shape);
            std::int32_t *origins = memory.origins.mutable_data_ptr<std::int32_t>() + place;
            if (last) {
                forwardStage(i, parameters, x,
                             {y + first, slopes ? slopes + first : nullptr, rowLength, origins});
                break;
            }
            float *maps = memory.maps.mutable_data_ptr<float>() + place;
            float *slope =
                memory.slopes.defined() ? memory.slopes.mutable_data_ptr<float>() + place : nullptr;
            forwardStage(i, parameters, x, {maps, slope, convLanes, origins});
            if (slope && !stage.poolsActivated())
                kernels::activate(stage.activation, maps, slope,
                                  stage.shape.out * stage.shape.pooled() * convLanes);
            x = padded(i + 1, maps);
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
                                           + (first + sample) * m_plan.paddedInputSize());
        return;
    }
    loadInput(index, first);
    const std::size_t step = shape.pixels() * shape.paddedIn();
    float *dx = memory.dx.mutable_data_ptr<float>();
    for (std::size_t sample = 0; sample < count; ++sample) {
        std::fill_n(dx, step, 0.0f);
        kernels::convBackward(shape, gradient(sample), memory.x.const_data_ptr<float>() + sample * step,
                              parameters.filters + stage.filters, dx);
        leaveInputGradient(index, sample);
    }
    if (m_memory[index - 1].slopes.defined())
        throughActivation(index - 1, first);
}

/// Samples first … first + 3 of the maps below → x.
void ConvStack::loadInput(std::size_t index, std::size_t first)
{
    const ConvStage &stage = m_plan.convs[index];
    const kernels::PooledConv &shape = stage.shape;
    const float *maps = m_memory[index - 1].maps.const_data_ptr<float>()
                        + first / convLanes * groupStep(m_plan.convs[index - 1].shape) + first % convLanes;
    float *x = m_memory[index].x.mutable_data_ptr<float>();
    stage.eachRun([&](std::size_t pixel, std::size_t padded, std::size_t length) {
        kernels::transpose({.count = length,
                            .rows = paddedChannels(shape.in),
                            .columns = together,
                            .fromStep = convLanes,
                            .fromStride = stage.mapPixels() * convLanes,
                            .toStep = shape.paddedIn(),
                            .toStride = shape.pixels() * shape.paddedIn()},
                           maps + pixel * convLanes, x + padded * shape.paddedIn());
    });
}

/// dx → a sample's dy of the stage below.
void ConvStack::leaveInputGradient(std::size_t index, std::size_t sample)
{
    const ConvStage &stage = m_plan.convs[index];
    const kernels::PooledConv &shape = stage.shape, &shapeBelow = m_plan.convs[index - 1].shape;
    const float *dx = m_memory[index].dx.const_data_ptr<float>();
    float *dy = m_memory[index - 1].dy.mutable_data_ptr<float>() + sample * gradientStep(shapeBelow);
    stage.eachRun([&](std::size_t pixel, std::size_t padded, std::size_t length) {
        kernels::transpose({.rows = length,
                            .columns = paddedChannels(shape.in),
                            .fromStride = shape.paddedIn(),
                            .toStride = shapeBelow.pooledStride()},
                           dx + padded * shape.paddedIn(), dy + pixel);
    });
}

/// dy of samples first … first + 3, times the slopes.
void ConvStack::throughActivation(std::size_t index, std::size_t first)
{
    const kernels::PooledConv &shape = m_plan.convs[index].shape;
    Memory &memory = m_memory[index];
    kernels::transpose(samplesApart(shape, convLanes),
                       memory.slopes.const_data_ptr<float>() + first / convLanes * groupStep(shape)
                           + first % convLanes,
                       memory.slope.mutable_data_ptr<float>());
    const float *slope = memory.slope.const_data_ptr<float>();
    float *dy = memory.dy.mutable_data_ptr<float>();
    for (std::size_t i = 0; i < together * gradientStep(shape); ++i)
        dy[i] *= slope[i];
}

} // namespace losslab
