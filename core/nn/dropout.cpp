#include "nn/dropout.h"

#include "base/splitmix.h"

namespace losslab {

DropoutMask::DropoutMask(std::uint64_t seed, std::size_t layer, double probability)
    : m_stream(splitMix(splitMix(seed, 0), layer)), m_probability(probability)
{}

double DropoutMask::factor(std::uint64_t element) const
{
    constexpr double unit = 1.0 / 9007199254740992.0; // 2⁻⁵³
    const double draw = static_cast<double>(splitMix(m_stream, element) >> 11) * unit;
    return draw < m_probability ? 0 : 1 / (1 - m_probability);
}

} // namespace losslab
