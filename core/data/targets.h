#pragma once

#include <cstddef>
#include <vector>

namespace losslab {

/// The functions on [-1, 1] that the regression experiments learn.
enum class Target {
    /// sgn(sin 5πx): 0 at the multiples of 1/5, but at both ends the value it has before them.
    Square,
    Sinc, ///< sin(5πx) / (5πx), 1 at x = 0
};

struct TargetSamples
{
    std::vector<double> x;
    std::vector<double> y;
};

double evaluate(Target target, double x);

/// n equally spaced points from low to high, both included; low alone for n = 1.
std::vector<double> linspace(double low, double high, std::size_t n);

/// The target at n equally spaced points of [-1, 1].
TargetSamples sample(Target target, std::size_t n);

} // namespace losslab
