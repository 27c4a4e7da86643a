#include "nn/dense/densearrangement.h"

#include "nn/kernels/transpose.h"

#include <algorithm>

namespace losslab {

DenseArrangement::DenseArrangement(const Architecture &architecture)
{
    for (const Layer &layer : architecture.layers) {
        if (const auto *activate = std::get_if<Activate>(&layer))
            m_activation = activate->function;
        const auto *linear = std::get_if<Linear>(&layer);
        if (!linear)
            continue;
        m_layers.push_back({static_cast<std::size_t>(linear->in), static_cast<std::size_t>(linear->out)});
        m_offsets.push_back(m_size);
        m_size += m_layers.back().size();
    }
}

void DenseArrangement::arrange(const float *flat, float *arranged) const
{
    std::fill_n(arranged, m_size, 0.0F);
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const kernels::DenseShape &layer = m_layers[l];
        float *const weights = arranged + m_offsets[l];
        kernels::transpose(
            {.rows = layer.out, .columns = layer.in, .fromStride = layer.in, .toStride = layer.stride()},
            flat, weights);
        std::copy_n(flat + layer.out * layer.in, layer.out, weights + layer.in * layer.stride());
        flat += layer.out * (layer.in + 1);
    }
}

void DenseArrangement::flatten(const float *arranged, float *flat) const
{
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        const kernels::DenseShape &layer = m_layers[l];
        const float *const weights = arranged + m_offsets[l];
        kernels::transpose(
            {.rows = layer.in, .columns = layer.out, .fromStride = layer.stride(), .toStride = layer.in},
            weights, flat);
        std::copy_n(weights + layer.in * layer.stride(), layer.out, flat + layer.out * layer.in);
        flat += layer.out * (layer.in + 1);
    }
}

} // namespace losslab
