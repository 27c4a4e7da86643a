// Principal components by closed forms, and the history of weights that a growing picture is drawn from.

#include "analysis/pca.h"
#include "base/device.h"

#include <QtTest>
#include <cmath>
#include <functional>
#include <numbers>

using namespace losslab;

namespace {

/// Positions [steps, dimensions] of a walk whose steps are drawn from the normal distribution.
at::Tensor randomWalk(std::int64_t steps, std::int64_t dimensions, at::ScalarType type)
{
    return at::randn({steps, dimensions}, type).cumsum_(0);
}

Matrix gramOf(const at::Tensor &rows)
{
    return toMatrix(at::mm(rows, rows.t()));
}

/// How well a component follows a curve, 0 … 1, whatever its sign and scale.
double likeness(const Pca &pca, std::size_t component, const std::function<double(double)> &curve)
{
    double product = 0, squares = 0, curveSquares = 0;
    for (std::size_t i = 0; i < pca.scores.size(); ++i) {
        const double expected =
            curve((static_cast<double>(i) + 0.5) / static_cast<double>(pca.scores.size()));
        product += pca.scores[i][component] * expected;
        squares += pca.scores[i][component] * pca.scores[i][component];
        curveSquares += expected * expected;
    }
    return std::abs(product) / std::sqrt(squares * curveSquares);
}

void compareScores(const Pca &actual, const Pca &expected, double tolerance)
{
    QCOMPARE(actual.scores.size(), expected.scores.size());
    for (std::size_t k = 0; k < 2; ++k) {
        double agreement = 0, size = 0;
        for (std::size_t i = 0; i < actual.scores.size(); ++i) {
            agreement += actual.scores[i][k] * expected.scores[i][k];
            size = std::max(size, std::abs(expected.scores[i][k]));
        }
        const double sign = agreement < 0 ? -1 : 1; // a component's sign is nobody's
        for (std::size_t i = 0; i < actual.scores.size(); ++i)
            QVERIFY(std::abs(sign * actual.scores[i][k] - expected.scores[i][k]) <= tolerance * size);
        QVERIFY(std::abs(actual.share[k] - expected.share[k]) <= tolerance);
    }
}

} // namespace

class TestPca : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        at::manual_seed(7);
        setThreads(1); // the tensors here are small
    }

    /// Its shares of variance are 6/(π² k²) and its components cosines (Antognini and Sohl-Dickstein 2018).
    void aLongRandomWalksComponentsAreCosines()
    {
        const at::Tensor walk = randomWalk(400, 20000, at::kFloat).to(at::kDouble);
        const Pca pca = pcaOfGram(gramOf(walk));
        constexpr double pi = std::numbers::pi;
        QVERIFY(std::abs(pca.share[0] - 6 / (pi * pi)) < 0.01);
        QVERIFY(std::abs(pca.share[1] - 6 / (pi * pi * 4)) < 0.01);
        QVERIFY(likeness(pca, 0, [](double t) { return std::cos(pi * t); }) > 0.999);
        QVERIFY(likeness(pca, 1, [](double t) { return std::cos(2 * pi * t); }) > 0.995);
    }

    /// The walk that paths are compared with.
    void theBaselineIsALongRandomWalk()
    {
        const Pca pca = pcaOfGram(randomWalkGram(500, 40000, 1));
        QVERIFY(std::abs(pca.share[0] - 0.608) < 0.01);
        QVERIFY(std::abs(pca.share[1] - 0.152) < 0.01);
        QVERIFY(likeness(pca, 0, [](double t) { return std::cos(std::numbers::pi * t); }) > 0.999);
    }

    void theBaselineWalksByUnitSteps()
    {
        constexpr std::int64_t positions = 7, dimensions = 40000; // in several pieces
        const Matrix gram = randomWalkGram(positions, dimensions, 3);
        QCOMPARE(gram(0, 0), 0.0);
        for (std::int64_t i = 0; i < positions; ++i)
            for (std::int64_t j = 0; j < i; ++j) { // |Wᵢ - Wⱼ|² is dimensions · (i - j), but for chance
                const double distance = gram(i, i) + gram(j, j) - 2 * gram(i, j);
                const double expected = static_cast<double>(dimensions * (i - j));
                QVERIFY(i - j == 1 ? distance == expected : std::abs(distance / expected - 1) < 0.05);
            }
        QVERIFY(randomWalkGram(positions, dimensions, 3) == gram);
        QVERIFY(randomWalkGram(positions, dimensions, 4) != gram);
    }

    void componentsDoNotDependOnWhereTheOriginIs()
    {
        const at::Tensor rows = at::randn({12, 30}, at::kDouble), moved = rows + 5;
        compareScores(pcaOfGram(gramOf(moved)), pcaOfGram(gramOf(rows)), 1e-10);
    }

    void rowsOfAPlaneKeepTheirDistances()
    {
        const at::Tensor rows = at::mm(at::randn({10, 2}, at::kDouble), at::randn({2, 50}, at::kDouble));
        const Pca pca = pcaOfGram(gramOf(rows));
        QVERIFY(std::abs(pca.share[0] + pca.share[1] - 1) < 1e-12);
        for (std::size_t i = 1; i < pca.scores.size(); ++i) {
            const double distance = (rows[static_cast<std::int64_t>(i)] - rows[0]).norm().item<double>();
            const double drawn =
                std::hypot(pca.scores[i][0] - pca.scores[0][0], pca.scores[i][1] - pca.scores[0][1]);
            QVERIFY(std::abs(drawn - distance) < 1e-10 * distance);
        }
    }

    void oneRowOrEqualRowsHaveNoVariance()
    {
        for (const std::int64_t count : {1, 4}) {
            const Pca pca = pcaOfGram(Matrix::Constant(count, count, 3));
            QCOMPARE(pca.scores.size(), static_cast<std::size_t>(count));
            QVERIFY(std::abs(pca.scores.front()[0]) < 1e-6);
            QCOMPARE(pca.share, (std::array<double, 2>{0, 0}));
        }
    }

    void aHistorysFitDoesNotDependOnWhoCameFirst()
    {
        constexpr std::int64_t count = 9, columns = 40000, leading = 25000;
        const at::Tensor walk = randomWalk(count, columns, at::kFloat);
        WeightHistory inOrder(count, columns, leading), mixed(count, columns, leading);
        for (std::int64_t i = 0; i < count; ++i) {
            inOrder.record(i, walk[i]);
            mixed.record(i * 4 % count, walk[i * 4 % count]);
            if (i % 3 == 0)
                mixed.fit();
        }
        const WeightHistory::Fit one = inOrder.finalFit(), other = mixed.finalFit();
        QCOMPARE(one.places, other.places);
        QCOMPARE(one.all.scores, other.all.scores); // to the bit
        QCOMPARE(one.all.share, other.all.share);
        QCOMPARE(one.leading.scores, other.leading.scores);
        QVERIFY(one.all.scores[0][0] > 0 && one.all.scores[0][1] > 0);

        const at::Tensor rows = walk.to(at::kDouble), first = rows.narrow(1, 0, leading);
        compareScores(one.all, pcaOfGram(gramOf(rows)), 1e-10);
        compareScores(one.leading, pcaOfGram(gramOf(first)), 1e-10);
        compareScores(mixed.fit().all, one.all, 1e-4); // a picture's precision
        compareScores(inOrder.fit().leading, one.leading, 1e-4);
    }

    void aHistoryFitsWhatThereIs()
    {
        WeightHistory history(6, 30, 10);
        QVERIFY(history.finalFit().places.empty());
        const at::Tensor rows = at::randn({6, 30});
        for (const std::int64_t place : {4, 1, 3})
            history.record(place, rows[place]);
        const at::Tensor chosen = rows.index_select(0, at::tensor({1, 3, 4})).to(at::kDouble);
        for (const WeightHistory::Fit &fit : {history.fit(), history.finalFit()}) {
            QCOMPARE(fit.places, (std::vector<std::int64_t>{1, 3, 4}));
            compareScores(fit.all, pcaOfGram(gramOf(chosen)), 1e-4);
        }
    }

    void aGrowingPictureKeepsItsSides()
    {
        constexpr std::int64_t walks = 4, steps = 12, columns = 500;
        std::vector<at::Tensor>
            paths; // from one point in all directions, so that the first row is in the middle
        for (std::int64_t walk = 0; walk < walks; ++walk)
            paths.push_back(randomWalk(steps, columns, at::kFloat));
        WeightHistory history(walks * steps, columns, columns);
        WeightHistory::Fit before;
        for (std::int64_t i = 0; i < walks * steps; ++i) {
            const std::int64_t walk = i % walks, step = i / walks;
            history.record(walk * steps + step, paths[static_cast<std::size_t>(walk)][step]);
            const WeightHistory::Fit fit = history.fit();
            for (std::size_t component = 0; component < 2; ++component) {
                double agreement = 0;
                for (std::size_t was = 0, now = 0; was < before.places.size(); ++was, ++now) {
                    while (fit.places[now] != before.places[was])
                        ++now;
                    agreement += before.all.scores[was][component] * fit.all.scores[now][component];
                }
                QVERIFY(agreement >= 0);
            }
            before = fit;
        }
    }

    /// Beyond the size up to which all components are found, the first two are found by iteration.
    void manyRowsHaveTheSameFirstComponents()
    {
        const at::Tensor walk = randomWalk(1200, 60, at::kDouble);
        int pulses = 0;
        const Pca iterated = pcaOfGram(gramOf(walk), [&] { ++pulses; });
        QVERIFY(pulses > 0);
        const at::Tensor centred = walk - walk.mean(0, true);
        const at::Tensor spectrum =
            at::linalg_eigvalsh(at::mm(centred.t(), centred)); // of 60 dimensions, ascending
        for (std::size_t k = 0; k < 2; ++k)
            QVERIFY(std::abs(iterated.share[k]
                             - (spectrum[59 - static_cast<std::int64_t>(k)] / spectrum.sum()).item<double>())
                    < 1e-9);
        for (std::size_t k = 0; k < 2; ++k) {
            double squares = 0;
            for (const auto &score : iterated.scores)
                squares += score[k] * score[k];
            const double variance = spectrum[59 - static_cast<std::int64_t>(k)].item<double>();
            QVERIFY(std::abs(squares - variance) < 1e-9 * variance);
        }
    }

    void theLastFitIsThatWhichWasShown()
    {
        WeightHistory history(4, 5, 2);
        QVERIFY(history.lastFit().places.empty());
        for (std::int64_t place = 0; place < 3; ++place)
            history.record(place, at::randn({5}));
        const WeightHistory::Fit shown = history.fit();
        history.record(3, at::randn({5}));
        QCOMPARE(history.lastFit().places, shown.places);
        QCOMPARE(history.lastFit().all.scores, shown.all.scores);
    }
};

QTEST_GUILESS_MAIN(TestPca)
#include "test_pca.moc"
