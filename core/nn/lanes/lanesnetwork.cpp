#include "nn/lanes/lanesnetwork.h"

#include "nn/kernels/units.h"

#include <algorithm>

namespace losslab {

namespace {

constexpr std::size_t groupBytes = 256 * 1024; ///< of activations: what stays in a core's second cache

/// rows[i, s] ← values[s, i]; the padding is 0.
template <class T>
void toRows(const T *values, std::size_t width, std::size_t count, std::size_t samples, T *rows)
{
    for (std::size_t i = 0; i < width; ++i, rows += samples) {
        for (std::size_t s = 0; s < count; ++s)
            rows[s] = values[s * width + i];
        std::fill(rows + count, rows + samples, T(0));
    }
}

template <class T>
void fromRows(const T *rows, std::size_t width, std::size_t count, std::size_t samples, T *values)
{
    for (std::size_t i = 0; i < width; ++i, rows += samples)
        for (std::size_t s = 0; s < count; ++s)
            values[s * width + i] = rows[s];
}

} // namespace

template <class T>
LanesNetwork<T>::LanesNetwork(const std::vector<std::int64_t> &widths, Activation activation)
    : m_activation(activation)
{
    m_starts.push_back(0);
    m_rowCount = static_cast<std::size_t>(widths.front());
    for (std::size_t i = 1; i < widths.size(); ++i) {
        const auto in = static_cast<std::size_t>(widths[i - 1]), out = static_cast<std::size_t>(widths[i]);
        m_layers.push_back({in, out, m_parameterCount, m_parameterCount + in * out});
        m_parameterCount += (in + 1) * out;
        m_starts.push_back(m_rowCount);
        m_rowCount += out;
    }
}

/// Groups of one size, as far as that goes.
template <class T>
template <class Body>
void LanesNetwork<T>::eachGroup(std::size_t count, Body body)
{
    using kernels::laneGroup, kernels::paddedSamples;
    const std::size_t most = std::max(groupBytes / (m_rowCount * sizeof(T)), laneGroup<T>);
    const std::size_t groups = (count + most - 1) / most;
    const std::size_t size = groups ? paddedSamples<T>((count + groups - 1) / groups) : 0;
    m_rows.sized(m_rowCount * size);
    m_targets.sized(m_layers.back().out * size);
    for (std::size_t first = 0; first < count; first += size) {
        const std::size_t here = std::min(size, count - first);
        body(Group{first, here, paddedSamples<T>(here)});
    }
}

template <class T>
kernels::DenseLayer<T> LanesNetwork<T>::at(const T *parameters, const Layer &layer) const
{
    return {layer.in, layer.out, parameters + layer.weight, parameters + layer.bias};
}

template <class T>
void LanesNetwork<T>::forward(const T *parameters, const Batch &batch, const Group &group, bool training)
{
    const std::size_t in = m_layers.front().in, out = m_layers.back().out;
    toRows(batch.inputs + group.first * in, in, group.count, group.samples, rows(0, group));
    if (training && hasSlopes())
        m_slopes.sized(m_rows.size());
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const bool hidden = l + 1 < m_layers.size();
        T *const y = rows(l + 1, group);
        kernels::denseForward(at(parameters, m_layers[l]), rows(l, group), y, group.samples,
                              hidden && m_activation == Activation::Relu);
        if (hidden && hasSlopes())
            kernels::activate(m_activation, y, training ? slopes(l + 1, group) : nullptr,
                              m_layers[l].out * group.samples);
    }
    if (batch.outputs)
        fromRows(rows(m_layers.size(), group), out, group.count, group.samples,
                 batch.outputs + group.first * out);
}

/// ∂L/∂output = scale · (output - target).
template <class T>
T LanesNetwork<T>::outputScale(const Batch &batch) const
{
    return static_cast<T>(2.0 / static_cast<double>(batch.count * m_layers.back().out));
}

/// In the outputs' place; returns Σ (output - target)².
template <class T>
double LanesNetwork<T>::outputDerivatives(const Batch &batch, const Group &group)
{
    const std::size_t out = m_layers.back().out;
    toRows(batch.targets + group.first * out, out, group.count, group.samples, m_targets.data());
    return kernels::residuals(rows(m_layers.size(), group), m_targets.data(), outputScale(batch), out,
                              group.count, group.samples);
}

/// The output derivatives' own tangents, in the place of the outputs'.
template <class T>
void LanesNetwork<T>::outputTangents(const Batch &batch, const Group &group)
{
    T *row = tangents(m_layers.size(), group);
    for (std::size_t o = 0; o < m_layers.back().out; ++o, row += group.samples) {
        for (std::size_t s = 0; s < group.count; ++s)
            row[s] *= outputScale(batch);
        std::fill(row + group.count, row + group.samples, T(0));
    }
}

template <class T>
void LanesNetwork<T>::backward(const T *parameters, const Group &group, T *gradient)
{
    for (std::size_t l = m_layers.size(); l-- > 0;) {
        const Layer &layer = m_layers[l];
        T *x = rows(l, group);
        const T *dy = rows(l + 1, group);
        kernels::addWeightGradient(dy, layer.out, x, layer.in, group.samples, gradient + layer.weight);
        kernels::addBiasGradient(dy, layer.out, group.samples, gradient + layer.bias);
        if (l > 0)
            kernels::denseBackward(at(parameters, layer), dy, m_activation == Activation::Relu ? x : nullptr,
                                   x, group.samples, hasSlopes() ? slopes(l, group) : nullptr);
    }
}

template <class T>
void LanesNetwork<T>::forward(const T *parameters, const Batch &batch)
{
    eachGroup(batch.count, [&](const Group &group) { forward(parameters, batch, group, false); });
}

/// As gradient(), for 1-h-1.
template <class T>
double LanesNetwork<T>::unitsGradient(const T *parameters, const Batch &batch, T *gradient)
{
    const std::size_t samples = kernels::paddedSamples<T>(batch.count), hidden = m_layers.front().out;
    m_rows.sized(3 * samples);
    m_targets.sized(samples);
    T *const x = m_rows.data(), *const y = x + samples;
    toRows(batch.inputs, 1, batch.count, samples, x);
    toRows(batch.targets, 1, batch.count, samples, m_targets.data());
    kernels::unitsForward(parameters, hidden, x, y, samples);
    if (batch.outputs)
        fromRows(y, 1, batch.count, samples, batch.outputs);
    const double squares =
        kernels::residuals(y, m_targets.data(), outputScale(batch), 1, batch.count, samples);
    kernels::addUnitsGradient(parameters, hidden, x, y, y + samples, samples, gradient);
    return squares / static_cast<double>(batch.count);
}

template <class T>
double LanesNetwork<T>::gradient(const T *parameters, const Batch &batch, T *gradient)
{
    std::fill(gradient, gradient + m_parameterCount, T(0));
    if (m_layers.size() == 2 && m_layers.front().in == 1 && m_layers.back().out == 1
        && m_activation == Activation::Relu)
        return unitsGradient(parameters, batch, gradient);
    double squares = 0;
    eachGroup(batch.count, [&](const Group &group) {
        forward(parameters, batch, group, true);
        squares += outputDerivatives(batch, group);
        backward(parameters, group, gradient);
    });
    return squares / static_cast<double>(batch.count * m_layers.back().out);
}

template <class T>
void LanesNetwork<T>::forwardTangents(const T *parameters, const T *direction, const Group &group)
{
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const Layer &layer = m_layers[l];
        T *y = tangents(l + 1, group);
        const T *gate = l + 1 < m_layers.size() ? rows(l + 1, group) : nullptr;
        kernels::Affine<T> along{.rows = layer.out,
                                 .depth = layer.in,
                                 .weight = direction + layer.weight,
                                 .rowStride = layer.in,
                                 .depthStride = 1,
                                 .bias = direction + layer.bias,
                                 .gate = gate};
        kernels::affine(along, rows(l, group), y, group.samples);
        if (l == 0)
            continue; // inputs do not move
        along.weight = parameters + layer.weight;
        along.bias = nullptr;
        along.adds = true;
        kernels::affine(along, tangents(l, group), y, group.samples);
    }
}

template <class T>
void LanesNetwork<T>::backwardTangents(const T *parameters, const T *direction, const Group &group,
                                       T *product)
{
    for (std::size_t l = m_layers.size(); l-- > 0;) {
        const Layer &layer = m_layers[l];
        T *x = rows(l, group), *xTangent = tangents(l, group);
        const T *dy = rows(l + 1, group), *dyTangent = tangents(l + 1, group);
        T *weight = product + layer.weight;
        kernels::addWeightGradient(dyTangent, layer.out, x, layer.in, group.samples, weight);
        kernels::addBiasGradient(dyTangent, layer.out, group.samples, product + layer.bias);
        if (l == 0)
            continue;
        kernels::addWeightGradient(dy, layer.out, xTangent, layer.in, group.samples, weight);
        kernels::Affine<T> back{.rows = layer.in,
                                .depth = layer.out,
                                .weight = direction + layer.weight,
                                .rowStride = 1,
                                .depthStride = layer.in};
        kernels::affine(back, dy, xTangent, group.samples);
        back.weight = parameters + layer.weight;
        back.adds = true;
        back.gate = x;
        kernels::affine(back, dyTangent, xTangent, group.samples);
        kernels::denseBackward(at(parameters, layer), dy, x, x, group.samples);
    }
}

template <class T>
void LanesNetwork<T>::hessianProduct(const T *parameters, const T *direction, const Batch &batch, T *product)
{
    std::fill(product, product + m_parameterCount, T(0));
    eachGroup(batch.count, [&](const Group &group) {
        m_tangents.sized(m_rows.size());
        forward(parameters, batch, group, true);
        forwardTangents(parameters, direction, group);
        outputDerivatives(batch, group);
        outputTangents(batch, group);
        backwardTangents(parameters, direction, group, product);
    });
}

template class LanesNetwork<float>;
template class LanesNetwork<double>;

} // namespace losslab
