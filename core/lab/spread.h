#pragma once

#include "base/result.h"

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

struct SeriesPoints;

/// How what several seeds gave is shown together.
enum class Spread {
    Median, ///< with quartiles and range
    Mean,   ///< ± the sample standard deviation
    Seeds,  ///< each seed by itself
};

constexpr std::array<Spread, 3> allSpreads{Spread::Median, Spread::Mean, Spread::Seeds};

/// "median", "mean", "seeds": on the command line and in settings.
std::string_view spreadName(Spread spread);
/// Usage error for any other.
Result<Spread> spreadFromName(std::string_view name);

/// The value below which this share of the sorted values lies: with h = (n - 1) · share, linear between the
/// values ⌊h⌋ and ⌊h⌋ + 1, counted from 0 (definition 7 of Hyndman & Fan 1996, the standard of R and NumPy).
/// Not-a-number of no values.
double quantile(std::span<const double> sorted, double share);

/// Of several values, without those that are not numbers; not-a-number where none is.
struct Summary
{
    std::size_t count = 0;
    double mean = 0;
    double deviation = 0; ///< sample standard deviation (n - 1); 0 of one value
    double median = 0;
    double lowerQuartile = 0;
    double upperQuartile = 0;
    double least = 0;
    double greatest = 0;
};

Summary summaryOf(std::vector<double> values);

/// "0.036 (0.001 – 0.087)", the median and the range; "0.98 ± 0.01" of means; the value alone of one or of
/// equal ones. `text` writes a number.
std::string summaryText(const Summary &summary, Spread spread,
                        const std::function<std::string(double)> &text);

/// A series over seeds that share their x, point by point. A seed that ended before the longest keeps its
/// last value, so that no curve jumps where one ends.
struct SeriesSpread
{
    std::size_t seeds = 0;
    std::vector<double> x;
    std::vector<double> centre;          ///< median or mean
    std::vector<double> low, high;       ///< quartiles, or mean ∓ standard deviation
    std::vector<double> least, greatest; ///< with the median alone
};

/// Of the seeds given that have points, two or more; nothing where there are fewer, or where they have no x
/// in common: the longest one's begin as all others' do.
std::optional<SeriesSpread> spreadOf(std::span<const SeriesPoints> seeds, Spread how);

} // namespace losslab
