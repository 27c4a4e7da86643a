#pragma once

#include "lab/kept.h"

#include <ATen/ATen.h>

namespace losslab {

/// A tensor in float or double, whole and contiguous in its row-major order, as plain values.
TensorData tensorData(const at::Tensor &tensor);
/// On the CPU.
at::Tensor tensorOf(const TensorData &data);

/// Tensors are kept as they are. On reading, they are on the CPU.
template <>
struct Keeping<at::Tensor>
{
    static void put(TrainingState &state, const std::string &name, const at::Tensor &value)
    {
        state.put(name, tensorData(value));
    }
    static at::Tensor get(const TrainingState &state, const std::string &name)
    {
        return tensorOf(state.tensor(name));
    }
};

} // namespace losslab
