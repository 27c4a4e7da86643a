#include "data/targets.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace losslab {

namespace {

/// sgn(sin πt) from t itself: the sine of a rounded multiple of π is a tiny number of either sign, never 0.
double signOfSine(double t)
{
    constexpr double rounding = 1e-9;
    if (std::abs(t - std::round(t)) < rounding)
        return 0;
    return std::fmod(std::floor(t), 2) == 0 ? 1 : -1;
}

} // namespace

double evaluate(Target target, double x)
{
    constexpr double inside = 1 - 1e-6;
    if (target == Target::Square)
        return signOfSine(5 * std::clamp(x, -inside, inside));
    const double angle = 5 * std::numbers::pi * x;
    return angle == 0 ? 1 : std::sin(angle) / angle;
}

std::vector<double> linspace(double low, double high, std::size_t n)
{
    std::vector<double> points(n, low);
    for (std::size_t i = 1; i < n; ++i)
        points[i] = low + (high - low) * static_cast<double>(i) / static_cast<double>(n - 1);
    return points;
}

TargetSamples sample(Target target, std::size_t n)
{
    TargetSamples samples{linspace(-1, 1, n), {}};
    samples.y.reserve(n);
    for (const double x : samples.x)
        samples.y.push_back(evaluate(target, x));
    return samples;
}

} // namespace losslab
