#pragma once

#include <cstddef>

/// Dense layers on many samples at once. A layer's activations are rows of samples, [width, samples], so that
/// a vector holds samples and every weight is broadcast: no layer is too narrow for full vectors.
///
/// Rows are `samples` long, a multiple of laneGroup, and start on 64 bytes. What pads them must be zero in
/// the derivatives dy and finite in the activations: then it adds nothing to gradients. T is float or double.
namespace losslab::kernels {

template <class T>
inline constexpr std::size_t laneGroup = 64 / sizeof(T);

/// The row length for this many samples.
template <class T>
constexpr std::size_t paddedSamples(std::size_t samples)
{
    return (samples + laneGroup<T> - 1) / laneGroup<T> * laneGroup<T>;
}

/// y[r, s] = bias[r] + Σₖ w[r, k] x[k, s], with w[r, k] at weight[r · rowStride + k · depthStride].
template <class T>
struct Affine
{
    std::size_t rows = 0;
    std::size_t depth = 0;
    const T *weight = nullptr;
    std::size_t rowStride = 0;
    std::size_t depthStride = 0;
    const T *bias = nullptr; ///< [rows]; nullptr: none
    bool adds = false;       ///< onto what y holds
    bool relu = false;
    const T *gate = nullptr;   ///< [rows, samples]: y is 0 where this is not positive; may be y itself
    const T *factor = nullptr; ///< [rows, samples]: y is multiplied by it
};

/// x [depth, samples], y [rows, samples]. Only `gate` may overlap y.
template <class T>
void affine(const Affine<T> &map, const T *x, T *y, std::size_t samples);

/// gradient[o, i] += Σₛ dy[o, s] x[i, s]: a weight's, [out, in].
template <class T>
void addWeightGradient(const T *dy, std::size_t out, const T *x, std::size_t in, std::size_t samples,
                       T *gradient);

/// gradient[o] += Σₛ dy[o, s]: a bias's, [out].
template <class T>
void addBiasGradient(const T *dy, std::size_t out, std::size_t samples, T *gradient);

/// y ← scale · (y - target) for the first `count` samples of a row, 0 for its padding; returns Σ (y -
/// target)².
template <class T>
double residuals(T *y, const T *target, T scale, std::size_t rows, std::size_t count, std::size_t samples);

/// A layer's parameters, as PyTorch's nn.Linear has them: weight [out, in], bias [out].
template <class T>
struct DenseLayer
{
    std::size_t in = 0;
    std::size_t out = 0;
    const T *weight = nullptr;
    const T *bias = nullptr;
};

/// y = W x + b, then ReLU where asked for.
template <class T>
void denseForward(const DenseLayer<T> &layer, const T *x, T *y, std::size_t samples, bool relu)
{
    affine<T>({layer.out, layer.in, layer.weight, layer.in, 1, layer.bias, false, relu}, x, y, samples);
}

/// dx = Wᵀ dy, and 0 where `gate`, the ReLU's output that was this layer's input, is 0. No ReLU: nullptr. The
/// gate may be dx itself. `slopes`: of another activation, which dx is multiplied by.
template <class T>
void denseBackward(const DenseLayer<T> &layer, const T *dy, const T *gate, T *dx, std::size_t samples,
                   const T *slopes = nullptr)
{
    affine<T>({layer.in, layer.out, layer.weight, 1, layer.in, nullptr, false, false, gate, slopes}, dy, dx,
              samples);
}

} // namespace losslab::kernels
