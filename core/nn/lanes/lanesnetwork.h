#pragma once

#include "nn/activation.h"
#include "nn/kernels/activation.h"
#include "nn/kernels/lanes.h"
#include "nn/memory/buffer.h"

#include <cstdint>
#include <vector>

namespace losslab {

/// Fully connected layers with an activation between them and the mean squared error, on plain memory, by one
/// thread: the samples go through all layers in groups that fit into the processor's cache, and nothing is
/// allocated once a batch of this size has been seen. Parameters [P] lie as in Architecture::parameters(),
/// inputs [count, in] and targets [count, out] row by row.
template <class T>
class LanesNetwork
{
public:
    explicit LanesNetwork(const std::vector<std::int64_t> &widths, Activation activation = Activation::Relu);

    std::size_t parameterCount() const { return m_parameterCount; }
    std::int64_t outputWidth() const { return static_cast<std::int64_t>(m_layers.back().out); }

    /// Where the batch is; `outputs` [count, out] is written if not nullptr.
    struct Batch
    {
        const T *inputs = nullptr;
        const T *targets = nullptr;
        std::size_t count = 0;
        T *outputs = nullptr;
    };

    /// Outputs alone; no targets.
    void forward(const T *parameters, const Batch &batch);

    /// The mean loss; its gradient [P] overwrites `gradient`.
    double gradient(const T *parameters, const Batch &batch, T *gradient);

    /// H · direction [P] overwrites `product`, H being the Hessian of the mean loss: a derivative of
    /// gradient() along the direction, layer by layer (Pearlmutter 1994, the R-operator). For ReLU alone.
    void hessianProduct(const T *parameters, const T *direction, const Batch &batch, T *product);

private:
    struct Layer
    {
        std::size_t in = 0;
        std::size_t out = 0;
        std::size_t weight = 0; ///< offset in the parameters
        std::size_t bias = 0;
    };

    /// The samples that go through the layers together.
    struct Group
    {
        std::size_t first = 0;
        std::size_t count = 0;
        std::size_t samples = 0; ///< a row's length
    };

    double unitsGradient(const T *parameters, const Batch &batch, T *gradient);
    template <class Body>
    void eachGroup(std::size_t count, Body body);
    kernels::DenseLayer<T> at(const T *parameters, const Layer &layer) const;
    /// Activations, the inputs being the first; ReLU's outputs where there is one.
    T *rows(std::size_t layer, const Group &group) { return m_rows.data() + m_starts[layer] * group.samples; }
    T *tangents(std::size_t layer, const Group &group)
    {
        return m_tangents.data() + m_starts[layer] * group.samples;
    }
    /// What the activation's outputs in a layer's rows rise by; not of ReLU.
    T *slopes(std::size_t layer, const Group &group)
    {
        return m_slopes.data() + m_starts[layer] * group.samples;
    }
    bool hasSlopes() const { return kernels::hasSlopes(m_activation); }
    void forward(const T *parameters, const Batch &batch, const Group &group, bool training);
    void forwardTangents(const T *parameters, const T *direction, const Group &group);
    T outputScale(const Batch &batch) const;
    double outputDerivatives(const Batch &batch, const Group &group);
    void outputTangents(const Batch &batch, const Group &group);
    void backward(const T *parameters, const Group &group, T *gradient);
    void backwardTangents(const T *parameters, const T *direction, const Group &group, T *product);

    Activation m_activation;
    std::vector<Layer> m_layers;
    std::vector<std::size_t> m_starts; ///< of each layer's rows, counted in rows
    std::size_t m_rowCount = 0;
    std::size_t m_parameterCount = 0;
    Buffer<T> m_rows;     ///< activations; on the way back, derivatives take their place
    Buffer<T> m_slopes;   ///< of activations other than ReLU
    Buffer<T> m_tangents; ///< the rows' derivatives along the direction
    Buffer<T> m_targets;
};

} // namespace losslab
