#pragma once

#include "nn/conv/convplan.h"

#include <ATen/ATen.h>
#include <cstdint>
#include <optional>
#include <vector>

namespace losslab {

/// Which elements dropout takes from a chunk.
struct ChunkDropout
{
    std::uint64_t seed = 0;
    std::size_t firstSample = 0; ///< of the chunk, in its batch
};

/// The dense layers of a chunk of samples, forward and backward, on one thread, in memory of its own.
/// Activations are rows of samples.
class ClassifierHead
{
public:
    /// For at most this many samples at once.
    ClassifierHead(const ConvPlan &plan, std::size_t most);

    /// Samples from now on; a row is rowLength() long.
    void setCount(std::size_t count);
    std::size_t rowLength() const { return m_rowLength; }
    std::size_t outputWidth() const { return m_stages.back().out; }

    /// [in, rowLength()]; what the convolutions leave there lacks their activation, but for ReLU and where
    /// the pool is behind it. Then they leave its slopes, too.
    float *input() { return m_activations.front().mutable_data_ptr<float>(); }
    float *inputSlopes() { return m_inputIsActivated ? m_slopes.front().mutable_data_ptr<float>() : nullptr; }
    /// Dropout means training mode.
    void forward(const float *parameters, const std::optional<ChunkDropout> &dropout);
    void copyOutputs(float *outputs) const; ///< [count, out]

    /// Takes share · (sum of cross entropies) of the outputs for these labels back to the input, and adds its
    /// gradient to this one [P]. Returns the sum itself.
    double backward(const float *parameters, const std::int64_t *labels, float share, float *gradient);
    const float *inputGradient() const { return m_delta.const_data_ptr<float>(); } ///< as input() was given

private:
    double crossEntropy(const std::int64_t *labels, float share);
    /// The activation that the input (0) or a stage's output comes out of; the input's are the convolutions'.
    Activation activationAt(std::size_t index) const;
    void activate(std::size_t index, bool training);
    void drawMask(std::size_t index, const ChunkDropout &dropout);
    void applyMask(std::size_t index, float *rows) const;

    Activation m_inputActivation;
    bool m_inputIsActivated; ///< already; the slopes are with it
    std::vector<DenseStage> m_stages;
    std::vector<at::Tensor> m_activations; ///< input, then each stage's output [width, most]
    std::vector<at::Tensor> m_slopes;      ///< of the activations, as those; undefined where there are none
    std::vector<at::Tensor> m_masks;       ///< of each stage's output, as that; undefined without dropout
    at::Tensor m_delta;                    ///< gradient of one stage's input or output
    at::Tensor m_nextDelta;
    std::size_t m_count = 0;
    std::size_t m_rowLength = 0;
};

} // namespace losslab
