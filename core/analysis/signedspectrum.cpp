#include "analysis/signedspectrum.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace losslab {

namespace {

constexpr double leastZero = 1e-12; ///< half of the zeros' bin, of max |λ|

double largestOf(const Vector &eigenvalues)
{
    return eigenvalues.size() == 0 ? 0 : eigenvalues.cwiseAbs().maxCoeff();
}

/// Of absolute values, from `innermost` outwards.
Bars outwards(const std::vector<double> &values, double innermost, int perDecade)
{
    Bars bars;
    for (const double value : values) {
        // A value on an edge is of the bar within: the largest is, where the tolerance is a power of ten.
        constexpr double rounding = 1e-9;
        const double place = std::log10(value / innermost) * perDecade - rounding;
        const auto bin = static_cast<std::size_t>(std::max(std::ceil(place) - 1, 0.0));
        if (bin >= bars.counts.size())
            bars.counts.resize(bin + 1);
        ++bars.counts[bin];
    }
    for (std::size_t edge = 0; edge <= bars.counts.size(); ++edge)
        bars.edges.push_back(innermost * std::pow(10, static_cast<double>(edge) / perDecade));
    bars.counts.push_back(0);
    return bars;
}

/// The same to the other side of zero.
Bars mirrored(Bars bars)
{
    for (double &edge : bars.edges)
        edge = -edge;
    std::reverse(bars.edges.begin(), bars.edges.end());
    std::reverse(bars.counts.begin(), bars.counts.end() - 1); // the 0 of the last edge stays
    return bars;
}

} // namespace

EigenvalueShares sharesOf(const Vector &eigenvalues, double tolerance)
{
    if (eigenvalues.size() == 0) {
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        return {none, none, none};
    }
    const double least = tolerance * largestOf(eigenvalues);
    const auto count = static_cast<double>(eigenvalues.size());
    const auto positive = static_cast<double>((eigenvalues.array() > least).count());
    const auto negative = static_cast<double>((eigenvalues.array() < -least).count());
    return {negative / count, (count - negative - positive) / count, positive / count};
}

SignedSpectrum signedSpectrum(const Vector &eigenvalues, double tolerance, int perDecade)
{
    const double largest = largestOf(eigenvalues), least = tolerance * largest;
    std::vector<double> negative, positive;
    double zeros = 0;
    for (const double value : eigenvalues)
        if (value > least)
            positive.push_back(value);
        else if (value < -least)
            negative.push_back(-value);
        else
            ++zeros;
    const double half = largest > 0 ? std::max(tolerance, leastZero) * largest : 1;
    return {mirrored(outwards(negative, half, perDecade)),
            {{-half, half}, {zeros, 0}},
            outwards(positive, half, perDecade)};
}

} // namespace losslab
