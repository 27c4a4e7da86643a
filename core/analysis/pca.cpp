#include "analysis/pca.h"

#include "base/device.h"
#include "train/samples.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <random>

namespace losslab {

namespace {

constexpr std::int64_t columnsAtOnce = 16384; // bounds what a sum in double takes beside the rows
constexpr std::int64_t numbersAtOnce = std::int64_t{1} << 26; // so does this where there are many rows
constexpr std::int64_t mostForLapack = 1000;                  ///< rows: some tenths of a second

at::Tensor chosen(const at::Tensor &gram, const std::vector<std::int64_t> &places)
{
    const at::Tensor index = at::tensor(places, at::kLong);
    return gram.index_select(0, index).index_select(1, index);
}

/// sum += block blockᵀ, in pieces of rows where there is much to do.
void addSquare(at::Tensor &sum, const at::Tensor &block, const Pulse &pulse)
{
    const std::int64_t count = block.size(0);
    const std::int64_t rows = std::clamp<std::int64_t>(4 * pieceOfWork / (count * block.size(1)), 1, count);
    for (std::int64_t first = 0; first < count; first += rows) {
        const std::int64_t last = std::min(first + rows, count);
        sum.slice(0, first, last).addmm_(block.slice(0, first, last), block.t());
        beat(pulse);
    }
}

/// Rows' Gram matrix in double over columns first … last - 1.
at::Tensor exactGram(const std::vector<at::Tensor> &rows, std::int64_t first, std::int64_t last,
                     const Pulse &pulse)
{
    const auto count = static_cast<std::int64_t>(rows.size());
    const std::int64_t step = std::clamp<std::int64_t>(numbersAtOnce / count, 256, columnsAtOnce);
    at::Tensor sum = at::zeros({count, count}, at::kDouble);
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
    at::Tensor values;  ///< ascending
    at::Tensor vectors; ///< columns
};

/// The largest ones of a symmetric matrix [n, n], as many as are iterated together; the greatest two to some
/// ten digits where the others fall off.
EigenPairs largestPairs(const at::Tensor &matrix, const Pulse &pulse)
{
    constexpr std::int64_t together = 16;
    constexpr int mostSteps = 200;
    constexpr double tolerance = 1e-12; ///< change of the two values, relative to the greatest
    std::mt19937_64 generator(1);
    at::Tensor block = at::empty({matrix.size(0), together}, at::kDouble);
    for (std::int64_t i = 0; i < block.numel(); ++i)
        block.data_ptr<double>()[i] = static_cast<double>(generator() >> 11) * 0x1p-53 - 0.5;
    at::Tensor before = at::zeros({2}, at::kDouble);
    for (int step = 0;; ++step) {
        block = std::get<0>(at::linalg_qr(block));
        beat(pulse);
        const at::Tensor image = at::mm(matrix, block);
        const auto [values, vectors] = at::linalg_eigh(at::mm(block.t(), image));
        const at::Tensor greatest = values.slice(0, together - 2);
        const double change = (greatest - before).abs().max().item<double>();
        if (step == mostSteps || change <= tolerance * values[together - 1].abs().item<double>())
            return {values, at::mm(block, vectors)};
        before = greatest;
        block = image;
    }
}

EigenPairs eigenPairs(const at::Tensor &matrix, const Pulse &pulse)
{
    if (matrix.size(0) > mostForLapack)
        return largestPairs(matrix, pulse);
    const auto [values, vectors] = at::linalg_eigh(matrix);
    return {values, vectors};
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

Pca pcaOfGram(const at::Tensor &gram, const Pulse &pulse)
{
    const at::NoGradGuard noGraph;
    const std::int64_t count = gram.size(0);
    const at::Tensor rowMeans = gram.mean(1, /*keepdim=*/true);
    const at::Tensor centred = gram - rowMeans - rowMeans.t() + gram.mean();
    const auto [values, vectors] = eigenPairs(centred, pulse);
    const double total = centred.trace().item<double>();

    Pca pca;
    pca.scores.resize(static_cast<std::size_t>(count));
    for (std::int64_t component = 0; component < std::min<std::int64_t>(2, count); ++component) {
        const std::int64_t column = values.size(0) - 1 - component; // eigenvalues ascend
        const double variance = std::max(values[column].item<double>(), 0.0);
        const std::vector<double> along = toVector(vectors.select(1, column) * std::sqrt(variance));
        const auto k = static_cast<std::size_t>(component);
        for (std::size_t row = 0; row < along.size(); ++row)
            pca.scores[row][k] = along[row];
        pca.share[k] = total > 0 ? variance / total : 0;
    }
    return pca;
}

WeightHistory::WeightHistory(std::int64_t rows, std::int64_t columns, std::int64_t leading)
    : m_leading(std::min(leading, columns)),
      m_rows(static_cast<std::size_t>(rows)),
      m_leadingGram(at::zeros({rows, rows}, at::kDouble)),
      m_trailingGram(at::zeros({rows, rows}, at::kDouble))
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
        const at::Tensor index = at::tensor(m_waiting, at::kLong);
        for (const auto &[gram, sums] :
             {std::pair(&m_leadingGram, leading), std::pair(&m_trailingGram, trailing)}) {
            gram->select(0, place).index_copy_(0, index, sums.to(at::kDouble));
            gram->select(1, place).index_copy_(0, index, sums.to(at::kDouble));
        }
    }
    m_waiting.clear();
}

WeightHistory::Fit WeightHistory::fitOf(const at::Tensor &leadingGram, const at::Tensor &allGram,
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
    const at::Tensor leading = chosen(m_leadingGram, places);
    Fit fit = fitOf(leading, leading + chosen(m_trailingGram, places), pulse);
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
    const at::Tensor leading = exactGram(rows, 0, m_leading, pulse);
    Fit fit = fitOf(leading, leading + exactGram(rows, m_leading, rows.front().size(0), pulse), pulse);
    fixSides(fit.leading);
    fixSides(fit.all);
    return fit;
}

} // namespace losslab
