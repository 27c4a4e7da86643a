#include "nn/dropout.h"

namespace losslab {

namespace {

/// Number `index` of SplitMix64's stream from this seed (Steele, Lea and Flood 2014).
std::uint64_t splitMix(std::uint64_t seed, std::uint64_t index)
{
    std::uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

} // namespace

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
