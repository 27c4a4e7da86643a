#pragma once

#include "nn/conv/convplan.h"
#include "nn/kernels/maxpool.h"

#include <ATen/ATen.h>
#include <cstdint>
#include <vector>

namespace losslab {

/// The weights a pass computes with.
struct ConvParameters
{
    const float *flat = nullptr;    ///< [P]
    const float *filters = nullptr; ///< from ConvPlan::packFilters()
};

/// What a pass back adds to.
struct ConvGradients
{
    float *flat = nullptr; ///< [P]; where the convolutions' weights are it is left as it was
    float *filters = nullptr;
};

/// Inputs [count, …], row after row, of one of two kinds.
struct ImageRows
{
    const std::uint8_t *bytes = nullptr; ///< which stand for byte / 255; or nullptr
    const float *values = nullptr;
    std::size_t count = 0;
};

/// The convolutions of a chunk of samples, forward and backward, on one thread, in memory of its own.
/// Forward, 16 samples go side by side; backward, they do so where there is no pool, and else go one by one:
/// of a pool's window another position counts for each.
class ConvStack
{
public:
    static constexpr std::size_t most = 64; ///< samples in a chunk

    explicit ConvStack(const ConvPlan &plan);

    /// Takes `count` images from `first` on as the chunk.
    void load(const ImageRows &images, std::size_t first, std::size_t count);

    /// y gets the last pool's rows [outputs, rowLength] of samples; without the last activation, unless that
    /// is ReLU or the pool is behind it. `slopes` then gets its slopes, as y.
    void forward(const ConvParameters &parameters, float *y, float *slopes, std::size_t rowLength);

    /// From dy, as y above, after forward().
    void backward(const ConvParameters &parameters, const float *dy, std::size_t rowLength,
                  const ConvGradients &gradients);

private:
    /// What a stage leaves for the way back, and what that works on.
    struct Memory
    {
        at::Tensor
            padded; ///< [channels, pixels, 16], a group's input; only of a padded stage after the first
        at::Tensor plain, plainSlopes, plainOrigins; ///< [channels, out, 16], a group's, to be pooled
        at::Tensor maps; ///< [groups, channels, pooled, 16] after pool and activation; not of the last stage
        at::Tensor slopes;   ///< of the activation, as maps; where it has some, and not of the last stage
        at::Tensor origins;  ///< as maps, int32
        at::Tensor x;        ///< [4, pixels, channels], four samples' input; not of the first stage
        at::Tensor dx;       ///< [pixels, channels]
        at::Tensor bordered; ///< [channels, 16], see kernels::BorderedMaps; only without a pool
        at::Tensor rows; ///< [channels, pooled, 16], a group's dy; where this stage or that above has no pool
        at::Tensor dy;   ///< [4, channels, pooled]
        at::Tensor origin; ///< as dy, int32
        at::Tensor slope;  ///< as dy, where there are slopes
    };

    const float *padded(std::size_t index, const float *maps);
    void forwardStage(std::size_t index, const ConvParameters &parameters, const float *x,
                      const kernels::PooledMaps &to);
    /// dy of a group's samples, [channels · pooled] rows of them.
    struct Rows
    {
        const float *values = nullptr;
        std::size_t stride = 0; ///< floats from row to row
    };

    Rows backwardPooled(std::size_t top, const ConvParameters &parameters, std::size_t first, Rows dy,
                        const ConvGradients &gradients);
    Rows backwardPlain(std::size_t index, const ConvParameters &parameters, std::size_t first, Rows dy,
                       const ConvGradients &gradients);
    std::size_t bottomOf(std::size_t top) const;
    const float *groupInput(std::size_t index, std::size_t first);
    void border(std::size_t index, std::size_t first, Rows dy);
    const float *groupImages(std::size_t first);
    void backwardStage(std::size_t index, const ConvParameters &parameters, std::size_t first,
                       const ConvGradients &gradients);
    void loadInput(std::size_t index, std::size_t first);
    void leaveInputGradient(std::size_t index, std::size_t sample);
    void throughActivation(std::size_t index, std::size_t first);

    ConvPlan m_plan;
    std::vector<Memory> m_memory;
    at::Tensor m_images;      ///< [most, input], with what pads the first stage
    at::Tensor m_groupImages; ///< [input, 16]
    std::size_t m_count = 0;
};

} // namespace losslab
