#pragma once

#include "analysis/matrix.h"
#include "nn/pulse.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <vector>

namespace losslab {

/// Principal components of rows: where each lies along the first two, and the share of variance of those.
struct Pca
{
    std::vector<std::array<double, 2>> scores; ///< one a row
    std::array<double, 2> share{};             ///< of the total variance, 0 … 1
};

/// PCA from the Gram matrix X Xᵀ [n, n] of n rows that need not be centred: the centred rows' Gram matrix has
/// their scores as eigenvectors, scaled by the root of the eigenvalues. Signs are as the eigenvectors come.
/// Of more than some thousand rows, the two are found by iteration (Rutishauser 1970), between whose steps
/// the pulse is called.
Pca pcaOfGram(const Matrix &gram, const Pulse &pulse = {});

/// The Gram matrix of a random walk's positions, the first of them its start: in each of so many dimensions
/// every step is 1 or -1, independently and as likely. The PCA of a long one in many dimensions has the
/// shares 6 / (π² k²) and cosines as components (Antognini and Sohl-Dickstein 2018): 60.8 % and 15.2 %.
Matrix randomWalkGram(std::int64_t positions, std::int64_t dimensions, std::uint64_t seed,
                      const Pulse &pulse = {});

/// Rows of weights as they are recorded by several tasks, and the PCA of them all at any time: of the first
/// columns alone, and of all columns. Keeps every row in memory, in float. Safe from any thread.
class WeightHistory
{
public:
    /// For at most `rows` rows of `columns` floats each, of which the first `leading` are the first part.
    WeightHistory(std::int64_t rows, std::int64_t columns, std::int64_t leading);

    /// Bytes that a full history takes.
    static double bytes(std::int64_t rows, std::int64_t columns);

    /// Records row `place`; every place is recorded once. weights: [columns], copied.
    void record(std::int64_t place, const at::Tensor &weights);
    /// That row, [columns] on the CPU, as it was recorded.
    at::Tensor row(std::int64_t place);

    struct Fit
    {
        std::vector<std::int64_t> places; ///< of the rows recorded so far, ascending
        Pca leading;
        Pca all;
    };
    /// The PCA of what has been recorded. Between two fits no component changes its sign.
    Fit fit(const Pulse &pulse = {});
    /// As that was last: nothing is computed.
    Fit lastFit();
    /// The same with sums in double, in an order of their own and with the earliest place's row on the
    /// positive side: the same rows give the same bits, whoever came first.
    Fit finalFit(const Pulse &pulse = {});

private:
    Fit fitOf(const Matrix &leadingGram, const Matrix &allGram, const Pulse &pulse) const;
    std::vector<std::int64_t> recorded() const;
    void addToGrams(const Pulse &pulse);

    std::mutex m_mutex;
    std::int64_t m_leading;
    std::vector<at::Tensor> m_rows;      ///< by place; undefined until recorded
    std::vector<std::int64_t> m_waiting; ///< places recorded since the last fit
    Matrix m_leadingGram;                ///< [rows, rows]
    Matrix m_trailingGram;
    Fit m_before;
};

} // namespace losslab
