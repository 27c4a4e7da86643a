#pragma once

#include <cstddef>
#include <cstdint>

namespace losslab {

/// Which elements of a layer's inputs dropout keeps: a pure function of the seed, the layer's place in the
/// architecture and the element's place in [N, width], so every engine on the CPU draws the same mask, in any
/// order.
class DropoutMask
{
public:
    DropoutMask(std::uint64_t seed, std::size_t layer, double probability);

    /// What the element is multiplied by: 0, or 1 / (1 - probability).
    double factor(std::uint64_t element) const;
    /// The seed of this layer's draws.
    std::uint64_t stream() const { return m_stream; }

private:
    std::uint64_t m_stream;
    double m_probability;
};

} // namespace losslab
