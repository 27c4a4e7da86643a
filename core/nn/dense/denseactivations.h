#pragma once

#include "nn/dense/densearrangement.h"
#include "nn/dense/sparseinputs.h"
#include "nn/kernels/activation.h"
#include "nn/memory/buffer.h"

#include <vector>

namespace losslab {

/// What dense layers make of a batch, in single precision; rows are the layers' stride() apart.
class DenseActivations
{
public:
    explicit DenseActivations(const DenseArrangement &arrangement)
        : m_layers(arrangement.layers()), m_activation(arrangement.activation()), m_stages(m_layers.size())
    {}

    void begin(std::size_t rows, bool training)
    {
        m_rows = rows;
        m_training = training;
        for (std::size_t l = 0; l < m_stages.size(); ++l) {
            m_stages[l].outputs.sized(rows * m_layers[l].stride());
            if (training && !isLast(l))
                m_stages[l].gradients.sized(rows * m_layers[l].stride());
        }
    }

    std::size_t rows() const { return m_rows; }
    const std::vector<kernels::DenseShape> &layers() const { return m_layers; }
    bool isLast(std::size_t layer) const { return layer + 1 == m_stages.size(); }
    /// Whether ReLU follows, which the products take along.
    bool hasRelu(std::size_t layer) const { return !isLast(layer) && m_activation == Activation::Relu; }
    /// Takes any other activation, if one follows, of outputs that are there; in training, its slopes stand
    /// where the gradients are to come.
    void activate(std::size_t layer, const Range &rows) const
    {
        if (!isLast(layer) && m_activation != Activation::Relu)
            kernels::activate(m_activation, outputs(layer, rows.first),
                              m_training ? gradients(layer, rows.first) : nullptr,
                              rows.count() * m_layers[layer].stride());
    }
    /// The outputs, where ReLU has made them.
    const float *reluOutputs(std::size_t layer, std::size_t row) const
    {
        return hasRelu(layer) ? outputs(layer, row) : nullptr;
    }
    /// Of a layer, from this row on. Those of the last are overwritten by the gradient with respect to them.
    float *outputs(std::size_t layer, std::size_t row = 0) const
    {
        return m_stages[layer].outputs.data() + row * m_layers[layer].stride();
    }
    /// With respect to the outputs as they were before the activation.
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
    Activation m_activation;
    std::vector<Stage> m_stages;
    std::size_t m_rows = 0;
    bool m_training = false;
};

} // namespace losslab
