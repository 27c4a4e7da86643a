#pragma once

#include "nn/architecture.h"
#include "nn/kernels/dense.h"

#include <cstddef>
#include <vector>

namespace losslab {

/// The parameters of dense layers one after the other, as the kernels want them; the same activation between
/// all of them.
class DenseArrangement
{
public:
    explicit DenseArrangement(const Architecture &architecture);

    const std::vector<kernels::DenseShape> &layers() const { return m_layers; }
    Activation activation() const { return m_activation; }
    std::size_t offset(std::size_t layer) const { return m_offsets[layer]; }
    std::size_t size() const { return m_size; }

    /// From PyTorch's order, [out, in] and [out] of each layer.
    void arrange(const float *flat, float *arranged) const;
    void flatten(const float *arranged, float *flat) const;

private:
    std::vector<kernels::DenseShape> m_layers;
    Activation m_activation = Activation::None;
    std::vector<std::size_t> m_offsets;
    std::size_t m_size = 0;
};

} // namespace losslab
