#pragma once

#include "nn/dense/densearrangement.h"
#include "nn/dense/sparseinputs.h"
#include "nn/kernels/bfloat16.h"
#include "nn/memory/buffer.h"

#include <vector>

namespace losslab {

/// What dense layers make of a batch, in single precision; rows are the layers' stride() apart.
class DenseActivations
{
public:
    explicit DenseActivations(const std::vector<kernels::DenseShape> &layers)
        : m_layers(layers), m_stages(layers.size())
    {}

    void begin(std::size_t rows, bool training)
    {
        m_rows = rows;
        for (std::size_t l = 0; l < m_stages.size(); ++l) {
            m_stages[l].outputs.sized(rows * m_layers[l].stride());
            if (training && !isLast(l))
                m_stages[l].gradients.sized(rows * m_layers[l].stride());
        }
    }

    std::size_t rows() const { return m_rows; }
    const std::vector<kernels::DenseShape> &layers() const { return m_layers; }
    bool isLast(std::size_t layer) const { return layer + 1 == m_stages.size(); }
    /// Of a layer, from this row on. Those of the last are overwritten by the gradient with respect to them.
    float *outputs(std::size_t layer, std::size_t row = 0) const
    {
        return m_stages[layer].outputs.data() + row * m_layers[layer].stride();
    }
    /// With respect to the outputs.
    float *gradients(std::size_t layer, std::size_t row = 0) const
    {
        return isLast(layer) ? outputs(layer, row)
                             : m_stages[layer].gradients.data() + row * m_layers[layer].stride();
    }

private:
    struct Stage
    {
        Buffer<float> outputs;
        Buffer<float> gradients;
    };

    std::vector<kernels::DenseShape> m_layers;
    std::vector<Stage> m_stages;
    std::size_t m_rows = 0;
};

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

    /// The outputs of a layer.
    virtual void forward(std::size_t layer, const float *parameters, const Range &rows) = 0;
    virtual void forwardSparse(const float *parameters, const SparseInputs::Lists &images,
                               const Range &rows) = 0;
    /// The outputs of a layer before the last are there, and later the gradients with respect to any layer's.
    virtual void outputsKnown(std::size_t /*layer*/, const Range & /*rows*/) {}
    virtual void gradientsKnown(std::size_t /*layer*/, const Range & /*rows*/) {}
    /// The gradients with respect to the outputs of the layer before this one.
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
