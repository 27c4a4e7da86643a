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
        const bool isPlain = !m_plan.convs[i].isPooled();
        if (isPlain)
            memory.bordered = filled(kernels::BorderedMaps(shape).size(shape), at::kFloat, 0);
        if (i + 1 < m_memory.size() && (isPlain || !m_plan.convs[i + 1].isPooled()))
            memory.rows = filled(groupStep(shape), at::kFloat, 0);
        memory.dy = filled(together * gradientStep(shape), at::kFloat, 0);
        memory.origin = filled(together * gradientStep(shape), at::kInt, -1);
        if (i > 0) {
            if (m_plan.convs[i].isPadded())
                memory.padded = filled(shape.in * shape.pixels() * convLanes, at::kFloat, 0);
            if (!isPlain) {
                memory.x = filled(together * shape.pixels() * shape.paddedIn(), at::kFloat, 0);
                memory.dx = filled(shape.pixels() * shape.paddedIn(), at::kFloat, 0);
            }
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
    for (std::size_t first = 0; first < m_count; first += convLanes) {
        const float *x = groupImages(first);
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
    for (std::size_t first = 0; first < m_count; first += convLanes) {
        Rows rows{dy + first, rowLength};
        for (std::size_t top = m_memory.size(); top > 0;) {
            const std::size_t index = top - 1;
            const bool pooled = m_plan.convs[index].isPooled();
            rows = pooled ? backwardPooled(index, parameters, first, rows, gradients)
                          : backwardPlain(index, parameters, first, rows, gradients);
            top = pooled ? bottomOf(index) : index;
        }
    }
}

/// The lowest of the stages with a pool that follow one another up to this one.
std::size_t ConvStack::bottomOf(std::size_t top) const
{
    while (top > 0 && m_plan.convs[top - 1].isPooled())
        --top;
    return top;
}

/// A group's way back through stages with a pool, the uppermost of which has this dy. Returns that of the
/// stage below them.
ConvStack::Rows ConvStack::backwardPooled(std::size_t top, const ConvParameters &parameters,
                                          std::size_t first, Rows dy, const ConvGradients &gradients)
{
    const std::size_t bottom = bottomOf(top), end = std::min(first + convLanes, m_count);
    Rows below;
    for (std::size_t sample = first; sample < end; sample += together) {
        kernels::transpose(samplesApart(m_plan.convs[top].shape, dy.stride), dy.values + (sample - first),
                           m_memory[top].dy.mutable_data_ptr<float>());
        if (m_memory[top].slopes.defined())
            throughActivation(top, sample);
        for (std::size_t i = top + 1; i-- > bottom;)
            backwardStage(i, parameters, sample, gradients);
        if (bottom == 0)
            continue;
        const kernels::PooledConv &shape = m_plan.convs[bottom - 1].shape;
        const Memory &memory = m_memory[bottom - 1];
        kernels::transpose({.count = shape.out,
                            .rows = together,
                            .columns = shape.pooled(),
                            .fromStep = shape.pooledStride(),
                            .fromStride = gradientStep(shape),
                            .toStep = shape.pooled() * convLanes,
                            .toStride = convLanes},
                           memory.dy.const_data_ptr<float>(),
                           memory.rows.mutable_data_ptr<float>() + (sample - first));
        below = {memory.rows.const_data_ptr<float>(), convLanes};
    }
    return below;
}

/// The same of one stage without a pool, all samples of the group side by side.
ConvStack::Rows ConvStack::backwardPlain(std::size_t index, const ConvParameters &parameters,
                                         std::size_t first, Rows dy, const ConvGradients &gradients)
{
    const ConvStage &stage = m_plan.convs[index];
    const Memory &memory = m_memory[index];
    border(index, first, dy);
    const float *bordered = memory.bordered.const_data_ptr<float>();
    kernels::convPlainWeights(stage.shape, groupInput(index, first), bordered,
                              kernels::FilterPlaces{index == 0}, gradients.filters + stage.filters,
                              gradients.flat + stage.bias);
    if (index == 0)
        return {};
    float *below = m_memory[index - 1].rows.mutable_data_ptr<float>();
    kernels::convPlainInput(stage.shape, {stage.padding, stage.mapHeight(), stage.mapWidth()},
                            parameters.flat + stage.weight, bordered, below);
    return {below, convLanes};
}

/// A group's dy through the activation, with its border; of samples that are not there it is 0.
void ConvStack::border(std::size_t index, std::size_t first, Rows dy)
{
    const kernels::PooledConv &shape = m_plan.convs[index].shape;
    const kernels::BorderedMaps maps(shape);
    const Memory &memory = m_memory[index];
    const std::size_t count = std::min(convLanes, m_count - first);
    const std::size_t group = first / convLanes * groupStep(shape);
    const std::int32_t *origins = memory.origins.const_data_ptr<std::int32_t>() + group;
    const float *slopes = memory.slopes.defined() ? memory.slopes.const_data_ptr<float>() + group : nullptr;
    float *to = memory.bordered.mutable_data_ptr<float>();
    const std::size_t rows = shape.out * shape.outHeight();
    for (std::size_t row = 0, place = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < maps.columns; ++column, ++place) {
            const float *from = dy.values + place * dy.stride;
            float *lanes = to + (row * maps.width() + maps.left + column) * convLanes;
            for (std::size_t lane = 0; lane < convLanes; ++lane) {
                const float slope = slopes ? slopes[place * convLanes + lane] : 1.0f;
                const bool counts = lane < count && origins[place * convLanes + lane] >= 0;
                lanes[lane] = counts ? from[lane] * slope : 0.0f;
            }
        }
    }
}

/// A group's images as the first stage takes them. One that is not full keeps the images that were in its
/// memory before: of no effect.
const float *ConvStack::groupImages(std::size_t first)
{
    kernels::transpose({.rows = convLanes,
                        .columns = m_plan.paddedInputSize(),
                        .fromStride = m_plan.paddedInputSize(),
                        .toStride = convLanes},
                       m_images.const_data_ptr<float>() + first * m_plan.paddedInputSize(),
                       m_groupImages.mutable_data_ptr<float>());
    return m_groupImages.const_data_ptr<float>();
}

/// A group's input of a stage, after forward().
const float *ConvStack::groupInput(std::size_t index, std::size_t first)
{
    if (index == 0)
        return groupImages(first);
    return padded(index, m_memory[index - 1].maps.const_data_ptr<float>()
                             + first / convLanes * groupStep(m_plan.convs[index - 1].shape));
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
    if (m_memory[index - 1].slopes.defined() && m_plan.convs[index - 1].isPooled())
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
