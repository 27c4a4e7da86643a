#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// The functions that the regression experiments learn.
enum class Target {
    /// sgn(sin 5πx): 0 at the multiples of 1/5, but at both ends of the interval the value it has before
    /// them.
    Square,
    Sinc, ///< sin(5πx) / (5πx), 1 at x = 0
};

struct Interval
{
    double low = -1;
    double high = 1;
};

/// "square" or "sinc".
std::string_view targetName(Target target);

struct TargetSamples
{
    std::vector<double> x;
    std::vector<double> y;
    std::optional<Target> target = {}; ///< which of the named functions it is, if one
    std::string checksum = {};         ///< SHA-256 of the file that they come from, if one
};

double evaluate(Target target, double x, const Interval &interval = {});

/// n equally spaced points from low to high, both included; low alone for n = 1.
std::vector<double> linspace(double low, double high, std::size_t n);

/// n points drawn uniformly from the interval, ascending: a pure function of the seed.
std::vector<double> drawnPoints(const Interval &interval, std::size_t n, std::uint64_t seed);

/// The target at n equally spaced points of the interval.
TargetSamples sample(Target target, std::size_t n, const Interval &interval = {});

/// The target "square" or "sinc", or an Expression, at ascending points x of the interval; one that is
/// another spelling of a named function has that one's samples. Usage error: what is wrong with the
/// expression; where in the interval, on a point or between two, it has no value or a pole; or at which point
/// its value is too large to learn (above 1e15).
Result<TargetSamples> sampleAt(std::string_view function, std::vector<double> x, const Interval &interval);
/// The same at n equally spaced points.
Result<TargetSamples> sample(std::string_view function, std::size_t n, const Interval &interval);

/// Whether `function` is one that can be sampled, but for the values it has. Usage error as above.
Result<void> checkFunction(std::string_view function);

} // namespace losslab
