#pragma once

#include "nn/pulse.h"

#include <ATen/ATen.h>
#include <vector>

namespace losslab {

/// Eigenvalues of a symmetric matrix [n, n] in double, ascending, in steps between which the pulse is called:
/// the matrix becomes tridiagonal column by column (Householder 1958; updates gathered in panels as in
/// Dongarra, Hammarling and Sorensen 1989), and that is solved by implicit QR with Wilkinson's shift (Golub
/// and Van Loan, Matrix Computations, 8.3). Takes up to twice LAPACK's time, which cannot be interrupted.
std::vector<double> symmetricSpectrum(const at::Tensor &symmetric, const Pulse &pulse = {});

/// A symmetric tridiagonal matrix: n on the diagonal, n - 1 beside it.
struct Tridiagonal
{
    std::vector<double> diagonal;
    std::vector<double> beside;
};

Tridiagonal tridiagonalOf(const at::Tensor &symmetric, const Pulse &pulse = {});

/// Ascending.
std::vector<double> eigenvaluesOf(Tridiagonal matrix);

} // namespace losslab
