#include "analysis/spectrum.h"

#include <Eigen/Eigenvalues>
#include <algorithm>

namespace losslab {

namespace {

using Eigen::Index;

constexpr Index panelColumns = 32;

/// A symmetric tridiagonal matrix: n on the diagonal, n - 1 beside it.
struct Tridiagonal
{
    Vector diagonal;
    Vector beside;
};

/// What a panel's columns take from the matrix A: it is A - V Wᵀ - W Vᵀ, in the lower triangle. Row i belongs
/// to row i of A; rows up to a column's own hold zeros.
struct Panel
{
    Matrix v, w;

    /// Takes the share of the first `count` columns, times row vectors of V and W, from the end of a column.
    void takeFrom(Vector &end, Index count, const Vector &vRow, const Vector &wRow) const
    {
        end.noalias() -= v.bottomLeftCorner(end.size(), count) * wRow;
        end.noalias() -= w.bottomLeftCorner(end.size(), count) * vRow;
    }
};

Tridiagonal tridiagonalOf(Matrix &a, const Pulse &pulse)
{
    const Index size = a.rows();
    Tridiagonal result{Vector(size), Vector(std::max<Index>(size - 1, 0))};
    Panel panel;
    Vector column, image, essential;
    for (Index start = 0; start < size; start += panelColumns) {
        const Index width = std::min(panelColumns, size - start);
        auto rest = a.bottomRightCorner(size - start, size - start);
        panel.v.setZero(size - start, width);
        panel.w.setZero(size - start, width);
        for (Index k = 0; k < width; ++k) {
            beat(pulse);
            const Index below = size - start - k - 1;
            column = rest.col(k).tail(below + 1);
            panel.takeFrom(column, k, panel.v.row(k).head(k), panel.w.row(k).head(k));
            result.diagonal[start + k] = column[0];
            if (below == 0)
                break;

            // The reflection 1 - τ v vᵀ takes the rest of the column to a multiple of the first axis.
            double tau = 0;
            essential.resize(below - 1);
            column.tail(below).makeHouseholder(essential, tau, result.beside[start + k]);
            auto v = panel.v.col(k).tail(below);
            v << 1, essential;

            image.noalias() = rest.bottomRightCorner(below, below).selfadjointView<Eigen::Lower>() * v;
            panel.takeFrom(image, k, panel.v.bottomLeftCorner(below, k).transpose() * v,
                           panel.w.bottomLeftCorner(below, k).transpose() * v);
            image *= tau;
            panel.w.col(k).tail(below) = image - (tau / 2 * image.dot(v)) * v;
        }
        const Index left = size - start - width;
        auto next = rest.bottomRightCorner(left, left).triangularView<Eigen::Lower>();
        next -= panel.v.bottomRows(left) * panel.w.bottomRows(left).transpose();
        beat(pulse);
        next -= panel.w.bottomRows(left) * panel.v.bottomRows(left).transpose();
    }
    return result;
}

} // namespace

Vector symmetricSpectrum(Matrix symmetric, const Pulse &pulse)
{
    const Tridiagonal matrix = tridiagonalOf(symmetric, pulse);
    Eigen::SelfAdjointEigenSolver<Matrix> solver;
    solver.computeFromTridiagonal(matrix.diagonal, matrix.beside, Eigen::EigenvaluesOnly);
    return solver.eigenvalues();
}

} // namespace losslab
