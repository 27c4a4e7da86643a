#pragma once

#include "nn/dense/denseactivations.h"
#include "nn/kernels/bfloat16.h"
#include "nn/memory/buffer.h"

#include <vector>

namespace losslab {

/// The products of matrices that a batch takes on its way through dense layers and back, in some precision,
/// between activations and parameters in float. A call does a thread's part, of rows or of a layer's inputs,
/// shared in packets of packet(). `parameters` are a layer's, as arranged. The first layer takes images as
/// lists.
class DenseProducts
{
public:
    explicit DenseProducts(const DenseActivations &activations) : m_activations(activations) {}
    virtual ~DenseProducts() = default;
    DenseProducts(const DenseProducts &) = delete;
    DenseProducts &operator=(const DenseProducts &) = delete;

    /// How many rows, or inputs of a layer, are to stay together.
    virtual std::size_t packet() const { return 1; }
    /// Room for the batch that the activations have begun; before the threads do.
    virtual void begin() {}
    /// These rows of a layer's weights are not what they were.
    virtual void weightsChanged(std::size_t layer, const float *parameters, const Range &inputs) = 0;

    /// The outputs of a layer, with its ReLU where it has one.
    virtual void forward(std::size_t layer, const float *parameters, const Range &rows) = 0;
    virtual void forwardSparse(const float *parameters, const SparseInputs::Lists &images,
                               const Range &rows) = 0;
    /// The outputs of a layer before the last are there, activated, and later the gradients of any layer.
    virtual void outputsKnown(std::size_t /*layer*/, const Range & /*rows*/) {}
    virtual void gradientsKnown(std::size_t /*layer*/, const Range & /*rows*/) {}
    /// The gradients of the layer before this one.
    virtual void backward(std::size_t layer, const Range &rows) = 0;
    /// Of a layer's weights.
    virtual void weightGradient(std::size_t layer, const Range &inputs,
                                const kernels::GradientTarget &target) = 0;
    virtual void weightGradientSparse(const SparseInputs::Lists &images, const Range &inputs,
                                      const kernels::GradientTarget &target) = 0;

protected:
    const DenseActivations &m_activations;
};

class SingleProducts final : public DenseProducts
{
public:
    explicit SingleProducts(const DenseActivations &activations);

    void weightsChanged(std::size_t layer, const float *parameters, const Range &inputs) override;
    void forward(std::size_t layer, const float *parameters, const Range &rows) override;
    void forwardSparse(const float *parameters, const SparseInputs::Lists &images,
                       const Range &rows) override;
    void backward(std::size_t layer, const Range &rows) override;
    void weightGradient(std::size_t layer, const Range &inputs,
                        const kernels::GradientTarget &target) override;
    void weightGradientSparse(const SparseInputs::Lists &images, const Range &inputs,
                              const kernels::GradientTarget &target) override;

private:
    std::vector<Buffer<float>> m_transposed; ///< the weights, of the layers after the first
};

/// Operands rounded to bfloat16, sums in float.
class BFloat16Products final : public DenseProducts
{
public:
    explicit BFloat16Products(const DenseActivations &activations);

    std::size_t packet() const override { return 2; } ///< a word is two of them
    void begin() override;
    void weightsChanged(std::size_t layer, const float *parameters, const Range &inputs) override;
    void forward(std::size_t layer, const float *parameters, const Range &rows) override;
    void forwardSparse(const float *parameters, const SparseInputs::Lists &images,
                       const Range &rows) override;
    void outputsKnown(std::size_t layer, const Range &rows) override;
    void gradientsKnown(std::size_t layer, const Range &rows) override;
    void backward(std::size_t layer, const Range &rows) override;
    void weightGradient(std::size_t layer, const Range &inputs,
                        const kernels::GradientTarget &target) override;
    void weightGradientSparse(const SparseInputs::Lists &images, const Range &inputs,
                              const kernels::GradientTarget &target) override;

private:
    /// A layer's operands, two numbers a word.
    struct Packed
    {
        Buffer<kernels::Word> weights;          ///< of the first layer by packHalves(), else by packRows()
        Buffer<kernels::Word> transposed;       ///< [pairs(out), in], of the layers after the first
        Buffer<kernels::Word> outputColumns;    ///< by packColumns(), but for the last layer's
        Buffer<kernels::Word> outputRows;       ///< by packRows(), but for the last layer's
        Buffer<kernels::Word> gradientColumns;  ///< by packColumns(), but for the first layer's
        Buffer<kernels::Word> gradientRows;     ///< of the first layer by packHalves(), else by packRows()
        Buffer<kernels::Word> transposeScratch; ///< [in, stride / 2]
    };

    std::vector<Packed> m_packed;
};

} // namespace losslab
