#pragma once

#include "analysis/matrix.h"

#include <vector>

namespace losslab {

/// Shares of a matrix's eigenvalues by their sign, where zero is what lies within ± tolerance · max |λ|. They
/// add up to 1; of no eigenvalues, all are not-a-number.
struct EigenvalueShares
{
    double negative = 0;
    double zero = 0;
    double positive = 0;
};

EigenvalueShares sharesOf(const Vector &eigenvalues, double tolerance);

/// Bars: x are their left edges and the last one's right edge, y their heights and a 0.
struct Bars
{
    std::vector<double> edges;
    std::vector<double> counts;
};

/// How many eigenvalues are in each of some bins, by sign.
struct SignedSpectrum
{
    Bars negative;
    Bars zero; ///< one
    Bars positive;
};

/// For an axis that is logarithmic to both sides of zero: the bin of the zeros is ± tolerance · max |λ| (at
/// least ± 10⁻¹² · max |λ|), further out each is `perDecade`-th of a factor of ten wide, up to the outermost
/// eigenvalue of that sign. Each eigenvalue is in the bars of its sign, by sharesOf().
SignedSpectrum signedSpectrum(const Vector &eigenvalues, double tolerance, int perDecade);

} // namespace losslab
