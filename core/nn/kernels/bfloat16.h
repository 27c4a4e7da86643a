#pragma once

#include "nn/kernels/dense.h"

#include <cstddef>
#include <cstdint>

/// Dense layers whose products take operands in bfloat16 (the upper half of a float, rounded to nearest even)
/// and sum in float. Two such numbers make a word. Shapes, strides and sums as in dense.h.
namespace losslab::kernels {

using Word = std::uint32_t;

/// Words of a row in columns' halves, of a matrix whose rows are `stride` floats.
constexpr std::size_t halvesStride(std::size_t stride)
{
    return (stride + 2 * padding - 1) / (2 * padding) * padding;
}

/// Words that hold two neighbours each.
constexpr std::size_t pairs(std::size_t count)
{
    return (count + 1) / 2;
}

/// For the sparse kernels below: two columns a word, so far apart that whole vectors of neighbours unfold.
/// `to` [rows, halvesStride(stride)]; which columns share a word depends on the processor.
void packHalves(const float *from, std::size_t rows, std::size_t stride, Word *to);
/// Two neighbours in a row a word: `to` [rows, stride / 2].
void packColumns(const float *from, std::size_t rows, std::size_t stride, Word *to);
/// Two neighbours in a column a word: `to` [pairs(rows), stride]; beneath an odd last row are zeros.
void packRows(const float *from, std::size_t rows, std::size_t stride, Word *to);

/// forwardSparse() with the weights [in] by packHalves(); the entries are taken as they are.
void forwardSparseBFloat16(const DenseShape &layer, const Word *weights, const float *bias,
                           const NonZero *entries, const std::uint32_t *starts, std::size_t rows, bool relu,
                           float *outputs);

/// forwardDense() with the weights [in] by packRows() and inputs [rows, in], `inputStride` words apart, by
/// packColumns().
void forwardDenseBFloat16(const DenseShape &layer, const Word *weights, const float *bias, const Word *inputs,
                          std::size_t inputStride, std::size_t rows, bool relu, float *outputs);

/// backwardDense() with the weights as [pairs(out), in], rows padded(in) words apart: transposed after
/// packColumns(); and the gradients [rows, out] by packColumns().
void backwardDenseBFloat16(const DenseShape &layer, const Word *transposed, const Word *gradients,
                           std::size_t rows, const float *relu, float *inputGradients);

/// weightGradientDense() with inputs [rows, in], `inputStride` words apart, and gradients [rows, out], both
/// by packRows().
void weightGradientDenseBFloat16(const DenseShape &layer, const Word *inputs, std::size_t inputStride,
                                 const Word *gradients, std::size_t rows, std::size_t first, std::size_t last,
                                 const GradientTarget &target);

/// weightGradientSparse() with the gradients [rows, out] by packHalves().
void weightGradientSparseBFloat16(const DenseShape &layer, const NonZero *entries,
                                  const std::uint32_t *starts, const Word *gradients, std::size_t rows,
                                  std::size_t first, std::size_t last, const GradientTarget &target);

} // namespace losslab::kernels
