#include "data/targets.h"

#include "base/splitmix.h"
#include "data/expression.h"
#include "data/singularity.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <optional>
#include <utility>

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
    for (const Target target : {Target::Square, Target::Sinc})
        if (name == targetName(target))
            return target;
    return std::nullopt;
}

/// Whether y is the target's value at x but for rounding. At a jump every value between its ends is; and
/// sin(t)/t has none at 0.
bool agrees(Target target, double x, double y, const Interval &interval)
{
    constexpr double rounding = 1e-9;
    if (target == Target::Sinc && x == 0 && std::isnan(y))
        return true;
    if (target == Target::Square && std::abs(5 * x - std::round(5 * x)) < rounding)
        return std::abs(y) <= 1;
    return std::abs(y - evaluate(target, x, interval)) <= rounding;
}

/// The named function that the expression spells in another way: they agree on the samples and between them.
std::optional<Target> targetSpelledBy(const Expression &expression, const std::vector<double> &x,
                                      const Interval &interval)
{
    const std::vector<double> between =
        linspace(interval.low, interval.high, 997); // a prime: off the samples
    for (const Target target : {Target::Square, Target::Sinc}) {
        const auto same = [&](double at) { return agrees(target, at, expression.at(at), interval); };
        if (std::all_of(between.begin(), between.end(), same) && std::all_of(x.begin(), x.end(), same))
            return target;
    }
    return std::nullopt;
}

/// The function's value; where it has none at this one point, as sin(x)/x at 0, the mean of the values just
/// beside it within the interval: what a number of points that leaves x out would show.
double valueAcross(const Expression &expression, double x, const Interval &interval)
{
    const double value = expression.at(x);
    if (!std::isnan(value))
        return value;
    const double step = 1e-9 * (interval.high - interval.low);
    const double before = expression.at(x - step >= interval.low ? x - step : x + step);
    const double after = expression.at(x + step <= interval.high ? x + step : x - step);
    return (before + after) / 2;
}

std::string problemOfValue(double value, double x)
{
    if (std::isnan(value))
        return fmt::format("The function has no value at x = {:.6g}.", x);
    if (std::isinf(value))
        return fmt::format("The function is infinite at x = {:.6g}.", x);
    return fmt::format("The function is {:.3g} at x = {:.6g}, which is too large to learn.", value, x);
}

std::string problemOf(const Singularity &singularity)
{
    if (singularity.kind == Singularity::Kind::NoValue)
        return problemOfValue(std::nan(""), singularity.x);
    return fmt::format(
        "The function grows without limit near x = {:.6g}. Choose an interval that leaves this "
        "pole out.",
        singularity.x);
}

TargetSamples sampleAt(Target target, std::vector<double> x, const Interval &interval)
{
    TargetSamples samples{std::move(x), {}, target};
    samples.y.reserve(samples.x.size());
    for (const double at : samples.x)
        samples.y.push_back(evaluate(target, at, interval));
    return samples;
}

} // namespace

std::string_view targetName(Target target)
{
    return target == Target::Square ? "square" : "sinc";
}

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

std::vector<double> drawnPoints(const Interval &interval, std::size_t n, std::uint64_t seed)
{
    std::vector<double> points(n);
    for (std::size_t i = 0; i < n; ++i) {
        const double share = std::ldexp(static_cast<double>(splitMix(seed, i) >> 11), -53); // of [0, 1)
        points[i] = interval.low + (interval.high - interval.low) * share;
    }
    std::sort(points.begin(), points.end());
    return points;
}

TargetSamples sample(Target target, std::size_t n, const Interval &interval)
{
    return sampleAt(target, linspace(interval.low, interval.high, n), interval);
}

Result<TargetSamples> sample(std::string_view function, std::size_t n, const Interval &interval)
{
    return sampleAt(function, linspace(interval.low, interval.high, n), interval);
}

Result<TargetSamples> sampleAt(std::string_view function, std::vector<double> x, const Interval &interval)
{
    if (const auto target = targetFromName(function))
        return sampleAt(*target, std::move(x), interval);
    const Result<Expression> expression = Expression::parse(function);
    if (!expression)
        return tl::unexpected(expression.error());
    if (const auto target = targetSpelledBy(*expression, x, interval))
        return sampleAt(*target, std::move(x), interval);
    TargetSamples samples{std::move(x), {}, {}};
    samples.y.reserve(samples.x.size());
    for (const double at : samples.x) {
        const double y = valueAcross(*expression, at, interval);
        if (!(std::abs(y) <= largest))
            return usageError(problemOfValue(y, at));
        samples.y.push_back(y);
    }
    if (const auto found = findSingularity([&](double at) { return expression->at(at); }, samples.x))
        return usageError(problemOf(*found));
    return samples;
}

Result<void> checkFunction(std::string_view function)
{
    if (targetFromName(function))
        return {};
    return Expression::parse(function).map([](const Expression &) {});
}

} // namespace losslab
