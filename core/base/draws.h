#pragma once

#include <cmath>
#include <numbers>
#include <random>

/// Random numbers that are the same on every platform, which the standard library's distributions are not.
namespace losslab {

/// Uniform in [-bound, bound), from 53 bits of the generator.
inline double uniform(std::mt19937_64 &generator, double bound)
{
    constexpr double unit = 1.0 / 9007199254740992.0; // 2⁻⁵³
    return (2 * static_cast<double>(generator() >> 11) * unit - 1) * bound;
}

/// Of a normal distribution with this deviation, by two draws (Box and Muller 1958).
inline double gaussian(std::mt19937_64 &generator, double deviation)
{
    const double radius = 0.5 * (1 - uniform(generator, 1)); // (0, 1]
    const double angle = std::numbers::pi * uniform(generator, 1);
    return deviation * std::sqrt(-2 * std::log(radius)) * std::cos(angle);
}

} // namespace losslab
