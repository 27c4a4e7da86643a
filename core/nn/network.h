#pragma once

#include "base/device.h"
#include "base/tensordata.h"
#include "nn/architecture.h"
#include "nn/weightstart.h"

#include <ATen/ATen.h>
#include <optional>
#include <string>
#include <vector>

namespace losslab {

at::Device torchDevice(Device device);

/// An architecture and its parameters: one flat tensor [P], every weight and bias a view into it.
class Network
{
public:
    /// Weights as PyTorch's nn.Linear and nn.Conv2d start, unless another start is asked for. They depend on
    /// the seed alone, whatever the device, the type and the number of threads.
    Network(Architecture architecture, std::uint64_t seed, at::Device device = at::kCPU,
            at::ScalarType type = at::kFloat, WeightStart start = WeightStart::Standard);

    const Architecture &architecture() const { return m_architecture; }
    /// Flat [P]; changed in place by an optimiser.
    const at::Tensor &parameters() const { return m_parameters; }

    /// Copies of weights and biases, named as nn.Sequential names them.
    std::vector<TensorData> tensors() const;

private:
    Architecture m_architecture;
    at::Tensor m_parameters;
};

/// Why such tensors, by their names and shapes, are not the weights and biases of an architecture, in words
/// for the middle of a sentence; nothing where they are.
std::optional<std::string> mismatchOf(const Architecture &architecture,
                                      const std::vector<TensorData> &tensors);

/// Flat parameters [P] in float from such tensors, which mismatchOf() has nothing against.
at::Tensor parametersOf(const Architecture &architecture, const std::vector<TensorData> &tensors);

/// Views of weights and biases in a flat tensor [P], in the order of Architecture::parameters().
std::vector<at::Tensor> views(const Architecture &architecture, const at::Tensor &flat);

} // namespace losslab
