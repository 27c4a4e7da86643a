#pragma once

#include "nn/kernels/optimizer.h"

#include <cstddef>
#include <cstdint>

/// Layers of dense classifiers on plain memory. Matrices are row-major, a row is a sample, or an input of a
/// layer's weights; rows are `stride` floats apart, a multiple of `padding`, and what lies beyond their width
/// is zero, or in what an activation has made of such zeros, of no effect. Every sum runs in one order,
/// whatever range of rows a call is given, so ranges can be shared over threads without a difference in the
/// result.
namespace losslab::kernels {

constexpr std::size_t padding = 16; ///< floats

constexpr std::size_t padded(std::size_t width)
{
    return (width + padding - 1) / padding * padding;
}

/// An entry of a sparse matrix that is not zero.
struct NonZero
{
    std::uint32_t index; ///< of the row or column it stands in
    float value;
};

/// Of one layer: y = x W + b, with the weights [in, out], the bias as one row more beneath them.
struct DenseShape
{
    std::size_t in;
    std::size_t out;
    std::size_t stride() const { return padded(out); }
    /// Of weights and bias.
    std::size_t size() const { return (in + 1) * stride(); }
};

/// Where a layer's gradient goes: into the optimizer's update of the layer's parameters at once, or to
/// memory.
struct GradientTarget
{
    const UpdateCoefficients<float> *update = nullptr; ///< nullptr: to memory
    float *parameters = nullptr;                       ///< of the layer [in + 1, out], and their state
    float *momentum = nullptr;
    float *squares = nullptr;
    float *gradient = nullptr; ///< of the layer [in + 1, out]
    /// Sums over rows before these [in + 1, out], which are gone on with, as if all rows had been given at
    /// once; nullptr: there were none. May be `gradient`.
    const float *begun = nullptr;
};

/// The bytes [count] that are not zero, as byte · 1/255, in their order. Returns how many; `entries` has room
/// for `count`.
std::size_t nonZeros(const std::uint8_t *bytes, std::size_t count, NonZero *entries);

/// outputs [rows, out] = x W + b, with sparse x: row r's entries (index: input) are entries[starts[r]] up to
/// entries[starts[r + 1]]. With relu, max(·, 0).
void forwardSparse(const DenseShape &layer, const float *parameters, const NonZero *entries,
                   const std::uint32_t *starts, std::size_t rows, bool relu, float *outputs);

/// The same with dense inputs [rows, in], `inputStride` floats apart.
void forwardDense(const DenseShape &layer, const float *parameters, const float *inputs,
                  std::size_t inputStride, std::size_t rows, bool relu, float *outputs);

/// Gradient with respect to what the layer's inputs [rows, in] were before their activation. Where that is
/// ReLU, `relu` are the inputs: the gradient is zero where they are. Else it is nullptr, and the activation's
/// slopes stand where the gradients come to. `transposed`: the weights as [out, in], rows padded(in) apart;
/// gradients [rows, out] of the outputs.
void backwardDense(const DenseShape &layer, const float *transposed, const float *gradients, std::size_t rows,
                   const float *relu, float *inputGradients);

/// Gradients of weight rows first … last - 1 (inputs of the layer) from dense inputs [rows, in],
/// `inputStride` apart, and gradients [rows, out] of the outputs.
void weightGradientDense(const DenseShape &layer, const float *inputs, std::size_t inputStride,
                         const float *gradients, std::size_t rows, std::size_t first, std::size_t last,
                         const GradientTarget &target);

/// The same from sparse inputs, by column: column c's entries (index: sample) are entries[starts[c - first]]
/// up to entries[starts[c - first + 1]].
void weightGradientSparse(const DenseShape &layer, const NonZero *entries, const std::uint32_t *starts,
                          const float *gradients, std::size_t rows, std::size_t first, std::size_t last,
                          const GradientTarget &target);

/// Gradient of the bias: the sum of the gradients [rows, out] of the outputs.
void biasGradient(const DenseShape &layer, const float *gradients, std::size_t rows,
                  const GradientTarget &target);

/// Cross entropy of each of the outputs [rows, classes] against its label (not scaled by the number of rows),
/// and whether the label's output is the first among the largest. The outputs are overwritten by the gradient
/// with respect to them, (softmax - one-hot) · scale. A loss is not-a-number where an output is.
void crossEntropy(float *outputs, const std::int64_t *labels, std::size_t rows, std::size_t classes,
                  float scale, float *losses, std::uint8_t *hits);

} // namespace losslab::kernels
