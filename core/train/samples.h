#pragma once

#include "data/dataset.h"
#include "nn/engine.h"

#include <ATen/ATen.h>
#include <vector>

namespace losslab {

/// What a network is trained or tested on, resident on the device as it came.
struct Samples
{
    at::Tensor inputs;  ///< [N, in] floating, or images [N, rows · columns] uint8
    at::Tensor targets; ///< [N, out] floating, or labels [N] int64
    Loss loss = Loss::MeanSquaredError;
    double density = 1; ///< share of the inputs that are not zero

    std::int64_t count() const { return inputs.size(0); }
    /// The first `most` of them; all where there are fewer.
    Samples head(std::int64_t most) const;
    /// Samples first … last - 1.
    Batch slice(std::int64_t first, std::int64_t last) const;
    /// The samples at these places, int64 [n], on the samples' device.
    Batch gather(const at::Tensor &indices) const;
};

/// Pairs (x, y) of a function of one variable: inputs and targets [N, 1].
Samples functionSamples(const std::vector<double> &x, const std::vector<double> &y, at::Device device,
                        at::ScalarType type = at::kFloat);

/// A tensor's elements in row-major order.
std::vector<double> toVector(const at::Tensor &tensor);

/// Images and their labels, with cross entropy.
Samples imageSamples(const ImageSet &images, at::Device device);

} // namespace losslab
