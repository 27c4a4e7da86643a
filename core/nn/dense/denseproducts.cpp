#include "nn/dense/denseproducts.h"

#include "nn/kernels/transpose.h"

#include <algorithm>

namespace losslab {

using kernels::DenseShape;
using kernels::GradientTarget;
using kernels::Word;
using Lists = SparseInputs::Lists;

namespace {

/// Room for so many, zeros: padding stays so.
template <class T>
void clear(Buffer<T> &buffer, std::size_t count)
{
    std::fill_n(buffer.sized(count), count, T(0));
}

} // namespace

SingleProducts::SingleProducts(const DenseActivations &activations)
    : DenseProducts(activations), m_transposed(activations.layers().size())
{
    for (std::size_t l = 1; l < m_transposed.size(); ++l)
        clear(m_transposed[l], activations.layers()[l].out * kernels::padded(activations.layers()[l].in));
}

void SingleProducts::weightsChanged(std::size_t layer, const float *parameters, const Range &inputs)
{
    if (layer == 0)
        return;
    const DenseShape &shape = m_activations.layers()[layer];
    const std::size_t inStride = kernels::padded(shape.in);
    kernels::transpose(
        {.rows = inputs.count(), .columns = shape.out, .fromStride = shape.stride(), .toStride = inStride},
        parameters + inputs.first * shape.stride(), m_transposed[layer].data() + inputs.first);
}

void SingleProducts::forward(std::size_t layer, const float *parameters, const Range &rows)
{
    kernels::forwardDense(m_activations.layers()[layer], parameters,
                          m_activations.outputs(layer - 1, rows.first),
                          m_activations.layers()[layer - 1].stride(), rows.count(),
                          m_activations.hasRelu(layer), m_activations.outputs(layer, rows.first));
}

void SingleProducts::forwardSparse(const float *parameters, const Lists &images, const Range &rows)
{
    kernels::forwardSparse(m_activations.layers().front(), parameters, images.entries, images.starts,
                           rows.count(), m_activations.hasRelu(0), m_activations.outputs(0, rows.first));
}

void SingleProducts::backward(std::size_t layer, const Range &rows)
{
    kernels::backwardDense(m_activations.layers()[layer], m_transposed[layer].data(),
                           m_activations.gradients(layer, rows.first), rows.count(),
                           m_activations.reluOutputs(layer - 1, rows.first),
                           m_activations.gradients(layer - 1, rows.first));
}

void SingleProducts::weightGradient(std::size_t layer, const Range &inputs, const GradientTarget &target)
{
    kernels::weightGradientDense(m_activations.layers()[layer], m_activations.outputs(layer - 1),
                                 m_activations.layers()[layer - 1].stride(), m_activations.gradients(layer),
                                 m_activations.rows(), inputs.first, inputs.last, target);
}

void SingleProducts::weightGradientSparse(const Lists &images, const Range &inputs,
                                          const GradientTarget &target)
{
    kernels::weightGradientSparse(m_activations.layers().front(), images.entries, images.starts,
                                  m_activations.gradients(0), m_activations.rows(), inputs.first, inputs.last,
                                  target);
}

BFloat16Products::BFloat16Products(const DenseActivations &activations)
    : DenseProducts(activations), m_packed(activations.layers().size())
{
    for (std::size_t l = 0; l < m_packed.size(); ++l) {
        const DenseShape &shape = activations.layers()[l];
        if (l == 0) {
            m_packed[l].weights.sized(shape.in * kernels::halvesStride(shape.stride()));
            continue;
        }
        m_packed[l].weights.sized(kernels::pairs(shape.in) * shape.stride());
        clear(m_packed[l].transposed, kernels::pairs(shape.out) * kernels::padded(shape.in));
        m_packed[l].transposeScratch.sized(shape.in * shape.stride() / 2);
    }
}

void BFloat16Products::begin()
{
    const std::size_t rows = m_activations.rows();
    for (std::size_t l = 0; l < m_packed.size(); ++l) {
        const std::size_t stride = m_activations.layers()[l].stride();
        if (!m_activations.isLast(l)) {
            m_packed[l].outputColumns.sized(rows * stride / 2);
            m_packed[l].outputRows.sized(kernels::pairs(rows) * stride);
        }
        if (l == 0) {
            m_packed[l].gradientRows.sized(rows * kernels::halvesStride(stride));
            continue;
        }
        m_packed[l].gradientColumns.sized(rows * stride / 2);
        m_packed[l].gradientRows.sized(kernels::pairs(rows) * stride);
    }
}

void BFloat16Products::weightsChanged(std::size_t layer, const float *parameters, const Range &inputs)
{
    const DenseShape &shape = m_activations.layers()[layer];
    const std::size_t stride = shape.stride();
    const float *const from = parameters + inputs.first * stride;
    Packed &packed = m_packed[layer];
    if (layer == 0) {
        kernels::packHalves(from, inputs.count(), stride,
                            packed.weights.data() + inputs.first * kernels::halvesStride(stride));
        return;
    }
    kernels::packRows(from, inputs.count(), stride, packed.weights.data() + inputs.first / 2 * stride);
    Word *const columns = packed.transposeScratch.data() + inputs.first * stride / 2;
    kernels::packColumns(from, inputs.count(), stride, columns);
    kernels::transpose({.rows = inputs.count(),
                        .columns = kernels::pairs(shape.out),
                        .fromStride = stride / 2,
                        .toStride = kernels::padded(shape.in)},
                       reinterpret_cast<const std::int32_t *>(columns),
                       reinterpret_cast<std::int32_t *>(packed.transposed.data() + inputs.first));
}

void BFloat16Products::forward(std::size_t layer, const float *parameters, const Range &rows)
{
    const DenseShape &shape = m_activations.layers()[layer];
    const std::size_t inputStride = m_activations.layers()[layer - 1].stride() / 2;
    kernels::forwardDenseBFloat16(
        shape, m_packed[layer].weights.data(), parameters + shape.in * shape.stride(),
        m_packed[layer - 1].outputColumns.data() + rows.first * inputStride, inputStride, rows.count(),
        m_activations.hasRelu(layer), m_activations.outputs(layer, rows.first));
}

void BFloat16Products::forwardSparse(const float *parameters, const Lists &images, const Range &rows)
{
    const DenseShape &shape = m_activations.layers().front();
    kernels::forwardSparseBFloat16(shape, m_packed[0].weights.data(), parameters + shape.in * shape.stride(),
                                   images.entries, images.starts, rows.count(), m_activations.hasRelu(0),
                                   m_activations.outputs(0, rows.first));
}

void BFloat16Products::outputsKnown(std::size_t layer, const Range &rows)
{
    const std::size_t stride = m_activations.layers()[layer].stride();
    const float *const outputs = m_activations.outputs(layer, rows.first);
    kernels::packColumns(outputs, rows.count(), stride,
                         m_packed[layer].outputColumns.data() + rows.first * stride / 2);
    kernels::packRows(outputs, rows.count(), stride,
                      m_packed[layer].outputRows.data() + rows.first / 2 * stride);
}

void BFloat16Products::gradientsKnown(std::size_t layer, const Range &rows)
{
    const std::size_t stride = m_activations.layers()[layer].stride();
    const float *const gradients = m_activations.gradients(layer, rows.first);
    Packed &packed = m_packed[layer];
    if (layer == 0) {
        kernels::packHalves(gradients, rows.count(), stride,
                            packed.gradientRows.data() + rows.first * kernels::halvesStride(stride));
        return;
    }
    kernels::packColumns(gradients, rows.count(), stride,
                         packed.gradientColumns.data() + rows.first * stride / 2);
    kernels::packRows(gradients, rows.count(), stride, packed.gradientRows.data() + rows.first / 2 * stride);
}

void BFloat16Products::backward(std::size_t layer, const Range &rows)
{
    const DenseShape &shape = m_activations.layers()[layer];
    kernels::backwardDenseBFloat16(shape, m_packed[layer].transposed.data(),
                                   m_packed[layer].gradientColumns.data() + rows.first * shape.stride() / 2,
                                   rows.count(), m_activations.reluOutputs(layer - 1, rows.first),
                                   m_activations.gradients(layer - 1, rows.first));
}

void BFloat16Products::weightGradient(std::size_t layer, const Range &inputs, const GradientTarget &target)
{
    kernels::weightGradientDenseBFloat16(m_activations.layers()[layer], m_packed[layer - 1].outputRows.data(),
                                         m_activations.layers()[layer - 1].stride(),
                                         m_packed[layer].gradientRows.data(), m_activations.rows(),
                                         inputs.first, inputs.last, target);
}

void BFloat16Products::weightGradientSparse(const Lists &images, const Range &inputs,
                                            const GradientTarget &target)
{
    kernels::weightGradientSparseBFloat16(m_activations.layers().front(), images.entries, images.starts,
                                          m_packed[0].gradientRows.data(), m_activations.rows(), inputs.first,
                                          inputs.last, target);
}

} // namespace losslab
