#include "data/targets.h"

#include "data/expression.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <optional>

namespace losslab {

namespace {

constexpr double largest = 1e15; // its square is a loss that single precision still holds

/// sgn(sin πt) from t itself: the sine of a rounded multiple of π is a tiny number of either sign, never 0.
double signOfSine(double t)
{
    constexpr double rounding = 1e-9;
    if (std::abs(t - std::round(t)) < rounding)
        return 0;
    return std::fmod(std::floor(t), 2) == 0 ? 1 : -1;
}

std::optional<Target> targetFromName(std::string_view name)
{
    if (name == "square")
        return Target::Square;
    if (name == "sinc")
        return Target::Sinc;
    return std::nullopt;
}

std::string problemOfValue(double value, double x)
{
    if (std::isnan(value))
        return fmt::format("The function has no value at x = {:.6g}.", x);
    if (std::isinf(value))
        return fmt::format("The function is infinite at x = {:.6g}.", x);
    return fmt::format("The function is {:.3g} at x = {:.6g}, which is too large to learn.", value, x);
}

} // namespace

double evaluate(Target target, double x, const Interval &interval)
{
    if (target == Target::Square) {
        const double inside = std::min(1e-6, (interval.high - interval.low) / 4);
        return signOfSine(5 * std::clamp(x, interval.low + inside, interval.high - inside));
    }
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

TargetSamples sample(Target target, std::size_t n, const Interval &interval)
{
    TargetSamples samples{linspace(interval.low, interval.high, n), {}};
    samples.y.reserve(n);
    for (const double x : samples.x)
        samples.y.push_back(evaluate(target, x, interval));
    return samples;
}

Result<TargetSamples> sample(std::string_view function, std::size_t n, const Interval &interval)
{
    if (const auto target = targetFromName(function))
        return sample(*target, n, interval);
    const Result<Expression> expression = Expression::parse(function);
    if (!expression)
        return tl::unexpected(expression.error());
    TargetSamples samples{linspace(interval.low, interval.high, n), {}};
    samples.y.reserve(n);
    for (const double x : samples.x) {
        const double y = expression->at(x);
        if (!(std::abs(y) <= largest))
            return usageError(problemOfValue(y, x));
        samples.y.push_back(y);
    }
    return samples;
}

Result<void> checkFunction(std::string_view function)
{
    if (targetFromName(function))
        return {};
    return Expression::parse(function).map([](const Expression &) {});
}

} // namespace losslab
