#pragma once

#include "analysis/matrix.h"
#include "nn/pulse.h"

namespace losslab {

/// Eigenvalues of a symmetric matrix [n, n], of which the lower triangle is read; ascending. In steps, since
/// n³ takes long: the matrix becomes tridiagonal column by column (Householder 1958; updates gathered in
/// panels as in Dongarra, Hammarling and Sorensen 1989), and before each the pulse is called.
Vector symmetricSpectrum(Matrix symmetric, const Pulse &pulse = {});

} // namespace losslab
