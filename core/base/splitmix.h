#pragma once

#include <cstdint>
#include <string_view>

namespace losslab {

/// Number `index` of SplitMix64's stream from this seed (Steele, Lea and Flood 2014).
constexpr std::uint64_t splitMix(std::uint64_t seed, std::uint64_t index = 0)
{
    std::uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

/// FNV-1a, so that a name gives the same number on every machine.
inline std::uint64_t hashOf(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return hash;
}

} // namespace losslab
