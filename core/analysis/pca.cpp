#include "analysis/pca.h"

#include "base/device.h"
#include "train/samples.h"

#include <ATen/core/grad_mode.h>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <random>

namespace losslab {

namespace {

constexpr std::int64_t columnsAtOnce = 16384; // bounds what a sum in double takes beside the rows
constexpr std::int64_t numbersAtOnce = std::int64_t{1} << 26; // so does this where there are many rows
constexpr std::int64_t mostForAll = 1000;                     ///< rows: some tenths of a second

/// sum += block blockᵀ, in pieces of rows where there is much to do. `block` [n, columns] in double.
void addSquare(Matrix &sum, const at::Tensor &block, const Pulse &pulse)
{
    const std::int64_t count = block.size(0);
    const std::int64_t rows = std::clamp<std::int64_t>(4 * pieceOfWork / (count * block.size(1)), 1, count);
    const at::Tensor symmetric = transposedView(sum);
    for (std::int64_t first = 0; first < count; first += rows) {
        const std::int64_t last = std::min(first + rows, count);
        symmetric.slice(0, first, last).addmm_(block.slice(0, first, last), block.t());
        beat(pulse);
    }
}

/// Rows' Gram matrix in double over columns first … last - 1.
Matrix exactGram(const std::vector<at::Tensor> &rows, std::int64_t first, std::int64_t last,
                 const Pulse &pulse)
{
    const auto count = static_cast<std::int64_t>(rows.size());
    const std::int64_t step = std::clamp<std::int64_t>(numbersAtOnce / count, 256, columnsAtOnce);
    Matrix sum = Matrix::Zero(count, count);
    std::vector<at::Tensor> parts;
    for (std::int64_t column = first; column < last; column += step) {
        parts.clear();
        for (const at::Tensor &row : rows)
            parts.push_back(row.slice(0, column, std::min(column + step, last)));
        addSquare(sum, at::stack(parts).to(at::kDouble), pulse);
    }
    return sum;
}

struct EigenPairs
{
    Vector values;  ///< ascending
    Matrix vectors; ///< columns
};

EigenPairs allPairs(const Matrix &symmetric)
{
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(symmetric);
    return {solver.eigenvalues(), solver.eigenvectors()};
}

/// The largest ones of a symmetric matrix [n, n], as many as are iterated together; the greatest two to some
/// ten digits where the others fall off.
EigenPairs largestPairs(const Matrix &matrix, const Pulse &pulse)
{
    constexpr Eigen::Index together = 16;
    constexpr int mostSteps = 200;
    constexpr double tolerance = 1e-12; ///< change of the two values, relative to the greatest
    std::mt19937_64 generator(1);
    const auto uniform = [&] { return static_cast<double>(generator() >> 11) * 0x1p-53 - 0.5; };
    Matrix block = Matrix::NullaryExpr(matrix.rows(), together, uniform), image(matrix.rows(), together);
    at::Tensor product = transposedView(image);
    Eigen::Vector2d before = Eigen::Vector2d::Zero();
    for (int step = 0;; ++step) {
        block = Eigen::HouseholderQR<Matrix>(block).householderQ() * Matrix::Identity(block.rows(), together);
        beat(pulse);
        at::mm_out(product, transposedView(block), transposedView(matrix));
        EigenPairs small = allPairs(block.transpose() * image);
        const double change = (small.values.tail<2>() - before).cwiseAbs().maxCoeff();
        if (step == mostSteps || change <= tolerance * std::abs(small.values[together - 1]))
            return {small.values, block * small.vectors};
        before = small.values.tail<2>();
        block = image;
    }
}

EigenPairs eigenPairs(const Matrix &matrix, const Pulse &pulse)
{
    return matrix.rows() > mostForAll ? largestPairs(matrix, pulse) : allPairs(matrix);
}

void flip(Pca &pca, std::size_t component)
{
    for (auto &score : pca.scores)
        score[component] = -score[component];
}

/// The first row lies on the positive side.
void fixSides(Pca &pca)
{
    for (std::size_t component = 0; component < 2; ++component)
        if (!pca.scores.empty() && pca.scores.front()[component] < 0)
            flip(pca, component);
}

/// Rows seen before keep their side.
void keepSides(const std::vector<std::int64_t> &places, Pca &pca, const Pca &before,
               const std::vector<std::int64_t> &placesBefore)
{
    for (std::size_t component = 0; component < 2; ++component) {
        double agreement = 0;
        for (std::size_t i = 0, j = 0; i < places.size() && j < placesBefore.size(); ++i)
            if (places[i] == placesBefore[j])
                agreement += pca.scores[i][component] * before.scores[j++][component];
        if (agreement < 0)
            flip(pca, component);
    }
}

} // namespace

Pca pcaOfGram(const Matrix &gram, const Pulse &pulse)
{
    const at::NoGradGuard noGraph;
    const Eigen::Index count = gram.rows();
    const Vector means = gram.rowwise().mean();
    const Matrix centred = ((gram.colwise() - means).rowwise() - means.transpose()).array() + gram.mean();
    const EigenPairs pairs = eigenPairs(centred, pulse);
    const double total = centred.trace();

    Pca pca;
    pca.scores.resize(static_cast<std::size_t>(count));
    for (Eigen::Index component = 0; component < std::min<Eigen::Index>(2, count); ++component) {
        const Eigen::Index column = pairs.values.size() - 1 - component; // eigenvalues ascend
        const double variance = std::max(pairs.values[column], 0.0);
        const auto k = static_cast<std::size_t>(component);
        for (Eigen::Index row = 0; row < count; ++row)
            pca.scores[static_cast<std::size_t>(row)][k] = pairs.vectors(row, column) * std::sqrt(variance);
        pca.share[k] = total > 0 ? variance / total : 0;
    }
    return pca;
}

Matrix randomWalkGram(std::int64_t positions, std::int64_t dimensions, std::uint64_t seed, const Pulse &pulse)
{
    const at::NoGradGuard noGraph;
    const std::int64_t step = std::clamp<std::int64_t>(numbersAtOnce / positions, 256, columnsAtOnce);
    std::mt19937_64 generator(seed);
    Matrix sum = Matrix::Zero(positions, positions);
    for (std::int64_t first = 0; first < dimensions; first += step) {
        at::Tensor walk = at::zeros({positions, std::min(step, dimensions - first)}, at::kDouble);
        double *const values = walk.mutable_data_ptr<double>();
        std::uint64_t bits = 0;
        for (std::int64_t i = walk.size(1); i < walk.numel(); ++i) { // but the start
            bits = (i - walk.size(1)) % 64 == 0 ? generator() : bits >> 1;
            values[i] = (bits & 1) != 0 ? 1 : -1;
        }
        addSquare(sum, walk.cumsum_(0), pulse);
    }
    return sum;
}

WeightHistory::WeightHistory(std::int64_t rows, std::int64_t columns, std::int64_t leading)
    : m_leading(std::min(leading, columns)),
      m_rows(static_cast<std::size_t>(rows)),
      m_leadingGram(Matrix::Zero(rows, rows)),
      m_trailingGram(Matrix::Zero(rows, rows))
{}

double WeightHistory::bytes(std::int64_t rows, std::int64_t columns)
{
    const auto n = static_cast<double>(rows);
    return n * static_cast<double>(columns) * sizeof(float) + 6 * n * n * sizeof(double);
}

void WeightHistory::record(std::int64_t place, const at::Tensor &weights)
{
    const at::NoGradGuard noGraph;
    at::Tensor row = weights.detach().to(at::TensorOptions(at::kCPU).dtype(at::kFloat), false, /*copy=*/true);
    const std::lock_guard lock(m_mutex);
    m_rows.at(static_cast<std::size_t>(place)) = std::move(row);
    m_waiting.push_back(place);
}

at::Tensor WeightHistory::row(std::int64_t place)
{
    const std::lock_guard lock(m_mutex);
    return m_rows.at(static_cast<std::size_t>(place));
}

std::vector<std::int64_t> WeightHistory::recorded() const
{
    std::vector<std::int64_t> places;
    for (std::size_t place = 0; place < m_rows.size(); ++place)
        if (m_rows[place].defined())
            places.push_back(static_cast<std::int64_t>(place));
    return places;
}

/// The waiting rows against all others, in float: a picture needs no more.
void WeightHistory::addToGrams(const Pulse &pulse)
{
    if (m_waiting.empty())
        return;
    std::vector<at::Tensor> fresh;
    for (const std::int64_t place : m_waiting)
        fresh.push_back(m_rows[static_cast<std::size_t>(place)]);
    const at::Tensor block = at::stack(fresh); // [waiting, columns]
    for (const std::int64_t place : recorded()) {
        beat(pulse);
        const at::Tensor &row = m_rows[static_cast<std::size_t>(place)];
        const at::Tensor leading = at::mv(block.slice(1, 0, m_leading), row.slice(0, 0, m_leading));
        const at::Tensor trailing = at::mv(block.slice(1, m_leading), row.slice(0, m_leading));
        for (const auto &[gram, sums] :
             {std::pair(&m_leadingGram, leading), std::pair(&m_trailingGram, trailing)}) {
            (*gram)(m_waiting, place) = toMatrix(sums);
            (*gram)(place, m_waiting) = toMatrix(sums).transpose();
        }
    }
    m_waiting.clear();
}

WeightHistory::Fit WeightHistory::fitOf(const Matrix &leadingGram, const Matrix &allGram,
                                        const Pulse &pulse) const
{
    return {recorded(), pcaOfGram(leadingGram, pulse), pcaOfGram(allGram, pulse)};
}

WeightHistory::Fit WeightHistory::lastFit()
{
    const std::lock_guard lock(m_mutex);
    return m_before;
}

WeightHistory::Fit WeightHistory::fit(const Pulse &pulse)
{
    const at::NoGradGuard noGraph;
    const std::lock_guard lock(m_mutex);
    addToGrams(pulse);
    const std::vector<std::int64_t> places = recorded();
    const Matrix leading = m_leadingGram(places, places);
    Fit fit = fitOf(leading, leading + m_trailingGram(places, places), pulse);
    fixSides(fit.leading);
    fixSides(fit.all);
    keepSides(places, fit.leading, m_before.leading, m_before.places);
    keepSides(places, fit.all, m_before.all, m_before.places);
    m_before = fit;
    return fit;
}

WeightHistory::Fit WeightHistory::finalFit(const Pulse &pulse)
{
    const at::NoGradGuard noGraph;
    const OneThread reproducible;
    const std::lock_guard lock(m_mutex);
    std::vector<at::Tensor> rows;
    for (const at::Tensor &row : m_rows)
        if (row.defined())
            rows.push_back(row);
    if (rows.empty())
        return {};
    const Matrix leading = exactGram(rows, 0, m_leading, pulse);
    Fit fit = fitOf(leading, leading + exactGram(rows, m_leading, rows.front().size(0), pulse), pulse);
    fixSides(fit.leading);
    fixSides(fit.all);
    return fit;
}

} // namespace losslab
