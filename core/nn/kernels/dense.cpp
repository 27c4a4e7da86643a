#include "nn/kernels/dense.h"

#include <algorithm>
#include <array>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/dense.cpp"
#include <hwy/foreach_target.h>

#include "nn/kernels/dense_inl.h"

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace losslab::kernels::HWY_NAMESPACE {

/// sums += Σ value · rows of `matrix`, over the entries.
template <std::size_t count>
HWY_INLINE void addRows(V (&sums)[count], const NonZero *first, const NonZero *last,
                        const float *HWY_RESTRICT matrix, std::size_t stride)
{
    const D d;
    for (; first != last; ++first) {
        const V value = hn::Set(d, first->value);
        const float *HWY_RESTRICT row = matrix + first->index * stride;
        for (std::size_t i = 0; i < count; ++i)
            sums[i] = hn::MulAdd(value, hn::LoadU(d, row + i * hn::Lanes(d)), sums[i]);
    }
}

void ForwardSparse(const DenseShape &layer, const float *parameters, const NonZero *entries,
                   const std::uint32_t *starts, std::size_t rows, bool relu, float *outputs)
{
    const D d;
    const std::size_t stride = layer.stride();
    overTiles<sparseVectors>(stride / lanes(), sparseVectors, [&](std::size_t first, auto count) HWY_ATTR {
        const std::size_t column = first * lanes();
        const float *bias = parameters + layer.in * stride + column;
        for (std::size_t row = 0; row < rows; ++row) {
            V sums[count];
            for (std::size_t i = 0; i < count; ++i)
                sums[i] = hn::LoadU(d, bias + i * lanes());
            addRows(sums, entries + starts[row], entries + starts[row + 1], parameters + column, stride);
            float *out = outputs + row * stride + column;
            for (std::size_t i = 0; i < count; ++i)
                hn::StoreU(relu ? relued(sums[i]) : sums[i], d, out + i * lanes());
        }
    });
}

void WeightGradientSparse(const DenseShape &layer, const NonZero *entries, const std::uint32_t *starts,
                          const float *gradients, std::size_t rows, std::size_t first, std::size_t last,
                          const GradientTarget &target)
{
    const std::size_t stride = layer.stride();
    const std::size_t limit =
        std::clamp<std::size_t>(secondLevelCache / (rows * lanes() * sizeof(float) + 1), 1, sparseVectors);
    const Begin begin(target);
    withTarget(target, [&](const auto &take) HWY_ATTR {
        overTiles<sparseVectors>(stride / lanes(), limit, [&](std::size_t tile, auto count) HWY_ATTR {
            const std::size_t column = tile * lanes();
            for (std::size_t row = first; row < last; ++row) {
                V sums[count];
                for (std::size_t i = 0; i < count; ++i)
                    sums[i] = begin(row * stride + column + i * lanes());
                addRows(sums, entries + starts[row - first], entries + starts[row - first + 1],
                        gradients + column, stride);
                for (std::size_t i = 0; i < count; ++i)
                    take(sums[i], row * stride + column + i * lanes());
            }
        });
    });
}

void ForwardDense(const DenseShape &layer, const float *parameters, const float *inputs,
                  std::size_t inputStride, std::size_t rows, bool relu, float *outputs)
{
    productForward<SinglePrecision>(layer, parameters + layer.in * layer.stride(), {inputs, inputStride, 1},
                                    rows, layer.in, parameters, relu, outputs);
}

void BackwardDense(const DenseShape &layer, const float *transposed, const float *gradients, std::size_t rows,
                   const float *relu, float *inputGradients)
{
    productBackward<SinglePrecision>(layer, {gradients, layer.stride(), 1}, rows, layer.out, transposed, relu,
                                     inputGradients);
}

void WeightGradientDense(const DenseShape &layer, const float *inputs, std::size_t inputStride,
                         const float *gradients, std::size_t rows, std::size_t first, std::size_t last,
                         const GradientTarget &target)
{
    productGradient<SinglePrecision>(layer, {inputs + first, 1, inputStride}, rows, gradients, first, last,
                                     target);
}

void BiasGradient(const DenseShape &layer, const float *gradients, std::size_t rows,
                  const GradientTarget &target)
{
    const D d;
    const std::size_t stride = layer.stride();
    const Begin begin(target);
    withTarget(target, [&](const auto &take) HWY_ATTR {
        for (std::size_t column = 0; column < stride; column += lanes()) {
            V sum = begin(layer.in * stride + column);
            for (std::size_t row = 0; row < rows; ++row)
                sum = hn::Add(sum, hn::LoadU(d, gradients + row * stride + column));
            take(sum, layer.in * stride + column);
        }
    });
}

std::size_t NonZeros(const std::uint8_t *bytes, std::size_t count, NonZero *entries)
{
    static const std::array<float, 256> scaled = [] {
        std::array<float, 256> table{};
        for (std::size_t i = 0; i < table.size(); ++i)
            table[i] = static_cast<float>(i) * (1.0F / 255.0F);
        return table;
    }();
    const hn::CappedTag<std::uint8_t, 64> d;
    const NonZero *const start = entries;
    std::size_t i = 0;
    for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) {
        std::uint64_t bits = 0;
        std::uint8_t stored[8] = {};
        hn::StoreMaskBits(d, hn::Ne(hn::LoadU(d, bytes + i), hn::Zero(d)), stored);
        for (std::size_t byte = 0; byte < (hn::Lanes(d) + 7) / 8; ++byte)
            bits |= std::uint64_t{stored[byte]} << (8 * byte);
        for (; bits != 0; bits &= bits - 1) {
            const std::size_t at = i + hwy::Num0BitsBelowLS1Bit_Nonzero64(bits);
            *entries++ = {static_cast<std::uint32_t>(at), scaled[bytes[at]]};
        }
    }
    for (; i < count; ++i)
        if (bytes[i] != 0)
            *entries++ = {static_cast<std::uint32_t>(i), scaled[bytes[i]]};
    return static_cast<std::size_t>(entries - start);
}

void CrossEntropy(float *outputs, const std::int64_t *labels, std::size_t rows, std::size_t classes,
                  float scale, float *losses, std::uint8_t *hits)
{
    const D d;
    const std::size_t stride = padded(classes);
    for (std::size_t row = 0; row < rows; ++row) {
        float *const y = outputs + row * stride;
        const auto label = static_cast<std::size_t>(labels[row]);
        const std::size_t best = static_cast<std::size_t>(std::max_element(y, y + classes) - y);
        const float largest = y[best], atLabel = y[label];
        V sums = hn::Zero(d);
        for (std::size_t i = 0; i < classes; i += lanes()) {
            const V value = hn::LoadU(d, y + i);
            const V power =
                hn::IfThenElse(hn::IsNaN(value), value, hn::Exp(d, hn::Sub(value, hn::Set(d, largest))));
            const V powers = hn::IfThenElseZero(hn::FirstN(d, classes - i), power);
            hn::StoreU(powers, d, y + i);
            sums = hn::Add(sums, powers);
        }
        const float sum = hn::GetLane(hn::SumOfLanes(d, sums));
        for (std::size_t i = 0; i < classes; i += lanes())
            hn::StoreU(hn::Mul(hn::LoadU(d, y + i), hn::Set(d, scale / sum)), d, y + i);
        y[label] -= scale;
        losses[row] = std::log(sum) + (largest - atLabel);
        hits[row] = best == label ? 1 : 0;
    }
}

} // namespace losslab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace losslab::kernels {

HWY_EXPORT(ForwardSparse);
HWY_EXPORT(WeightGradientSparse);
HWY_EXPORT(ForwardDense);
HWY_EXPORT(BackwardDense);
HWY_EXPORT(WeightGradientDense);
HWY_EXPORT(BiasGradient);
HWY_EXPORT(NonZeros);
HWY_EXPORT(CrossEntropy);

std::size_t nonZeros(const std::uint8_t *bytes, std::size_t count, NonZero *entries)
{
    return HWY_DYNAMIC_DISPATCH(NonZeros)(bytes, count, entries);
}

void forwardSparse(const DenseShape &layer, const float *parameters, const NonZero *entries,
                   const std::uint32_t *starts, std::size_t rows, bool relu, float *outputs)
{
    HWY_DYNAMIC_DISPATCH(ForwardSparse)(layer, parameters, entries, starts, rows, relu, outputs);
}

void forwardDense(const DenseShape &layer, const float *parameters, const float *inputs,
                  std::size_t inputStride, std::size_t rows, bool relu, float *outputs)
{
    HWY_DYNAMIC_DISPATCH(ForwardDense)(layer, parameters, inputs, inputStride, rows, relu, outputs);
}

void backwardDense(const DenseShape &layer, const float *transposed, const float *gradients, std::size_t rows,
                   const float *relu, float *inputGradients)
{
    HWY_DYNAMIC_DISPATCH(BackwardDense)(layer, transposed, gradients, rows, relu, inputGradients);
}

void weightGradientDense(const DenseShape &layer, const float *inputs, std::size_t inputStride,
                         const float *gradients, std::size_t rows, std::size_t first, std::size_t last,
                         const GradientTarget &target)
{
    HWY_DYNAMIC_DISPATCH(WeightGradientDense)
    (layer, inputs, inputStride, gradients, rows, first, last, target);
}

void weightGradientSparse(const DenseShape &layer, const NonZero *entries, const std::uint32_t *starts,
                          const float *gradients, std::size_t rows, std::size_t first, std::size_t last,
                          const GradientTarget &target)
{
    HWY_DYNAMIC_DISPATCH(WeightGradientSparse)(layer, entries, starts, gradients, rows, first, last, target);
}

void biasGradient(const DenseShape &layer, const float *gradients, std::size_t rows,
                  const GradientTarget &target)
{
    HWY_DYNAMIC_DISPATCH(BiasGradient)(layer, gradients, rows, target);
}

void crossEntropy(float *outputs, const std::int64_t *labels, std::size_t rows, std::size_t classes,
                  float scale, float *losses, std::uint8_t *hits)
{
    HWY_DYNAMIC_DISPATCH(CrossEntropy)(outputs, labels, rows, classes, scale, losses, hits);
}

} // namespace losslab::kernels
#endif
