// The analyses by closed forms: what a derivative, a spectrum or a projection must be where pen and paper
// tell it.

#include "analysis/hessian.h"
#include "analysis/interpolation.h"
#include "analysis/sensitivity.h"
#include "analysis/signedspectrum.h"
#include "analysis/spectrum.h"
#include "base/device.h"
#include "data/labels.h"
#include "nn/lanes/lanesengine.h"
#include "nn/network.h"
#include "nn/torch/gradientnormengine.h"
#include "tests/networks.h"
#include "train/samples.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>
#include <numeric>

using namespace losslab;

Q_DECLARE_METATYPE(at::Tensor)

namespace {

constexpr std::int64_t sampleCount = 40;

struct Case
{
    const char *name;
    Architecture architecture;
    Loss loss;
};

std::vector<Case> cases()
{
    return {{"linear", mlp({3, 2}), Loss::MeanSquaredError},
            {"one hidden layer", mlp({1, 9, 1}), Loss::MeanSquaredError},
            {"one hidden layer, three inputs", mlp({3, 7, 1}), Loss::MeanSquaredError},
            {"two outputs", mlp({2, 5, 2}), Loss::MeanSquaredError},
            {"deep", mlp({2, 5, 4, 1}), Loss::MeanSquaredError},
            {"classifier", mlp({3, 6, 4}), Loss::CrossEntropy}};
}

void everyCase()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const Case &which : cases())
        QTest::newRow(which.name) << index++;
}

Case fetchedCase()
{
    QFETCH(int, index);
    return cases()[static_cast<std::size_t>(index)];
}

/// Random samples in double.
Batch someBatch(const Architecture &architecture, Loss loss)
{
    const std::int64_t in = architecture.input.front(),
                       out = std::get<Linear>(architecture.layers.back()).out;
    const at::Tensor inputs = at::randn({sampleCount, in}, at::kDouble);
    if (loss == Loss::CrossEntropy)
        return {inputs, at::randint(out, {sampleCount}, at::kLong)};
    return {inputs, at::randn({sampleCount, out}, at::kDouble)};
}

at::Tensor someParameters(const Architecture &architecture)
{
    return Network(architecture, 3, at::kCPU, at::kDouble).parameters();
}

/// The largest absolute difference, relative to the largest absolute value.
double difference(const at::Tensor &actual, const at::Tensor &expected)
{
    return ((actual - expected).abs().max() / expected.abs().max()).item<double>();
}

double difference(const Matrix &actual, const Matrix &expected)
{
    return (actual - expected).cwiseAbs().maxCoeff() / expected.cwiseAbs().maxCoeff();
}

/// Central differences [P, …] of a function of the parameters.
at::Tensor finiteDifferences(const std::function<at::Tensor(const at::Tensor &)> &function,
                             const at::Tensor &parameters)
{
    constexpr double step = 1e-6;
    std::vector<at::Tensor> rows;
    for (std::int64_t i = 0; i < parameters.numel(); ++i) {
        const at::Tensor up = parameters.clone(), down = parameters.clone();
        up[i] += step;
        down[i] -= step;
        rows.push_back((function(up) - function(down)) / (2 * step));
    }
    return at::stack(rows);
}

at::Tensor gradientAt(Engine &engine, const at::Tensor &parameters, const Batch &batch)
{
    at::Tensor gradient = at::empty_like(parameters);
    engine.gradient(parameters, batch, gradient, 0);
    return gradient;
}

/// Whether a count of `trials` draws at this chance lies within five standard deviations.
bool isLikely(std::int64_t count, std::int64_t trials, double chance)
{
    const auto n = static_cast<double>(trials);
    return std::abs(static_cast<double>(count) - n * chance) <= 5 * std::sqrt(n * chance * (1 - chance));
}

} // namespace

class TestAnalysis : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        at::manual_seed(7);
        setThreads(1); // the tensors here are small
    }

    void aLinearMapsJacobianIsItsWeight()
    {
        const Architecture architecture = mlp({5, 3});
        const at::Tensor parameters = someParameters(architecture);
        const at::Tensor weight = views(architecture, parameters)[0],
                         bias = views(architecture, parameters)[1];
        const Batch batch = someBatch(architecture, Loss::CrossEntropy);
        const at::Tensor norms = jacobianNorms(architecture, parameters, batch.inputs, Output::Logits);
        QCOMPARE(norms.sizes(), at::IntArrayRef({sampleCount}));
        QVERIFY(difference(norms, weight.norm().expand(sampleCount)) < 1e-14);

        // d softmax = (diag(p) - p pᵀ) W dx
        const at::Tensor p = at::linear(batch.inputs, weight, bias).softmax(1);
        const at::Tensor slopes = at::diag_embed(p) - p.unsqueeze(2) * p.unsqueeze(1);
        const at::Tensor expected = at::matmul(slopes, weight).flatten(1).norm(2, 1);
        QVERIFY(
            difference(jacobianNorms(architecture, parameters, batch.inputs, Output::Probabilities), expected)
            < 1e-13);

        // d loss = (p - label) W dx
        const at::Tensor pull = p - at::one_hot(batch.targets, 3);
        QVERIFY(difference(inputGradientNorms(architecture, parameters, Loss::CrossEntropy, batch),
                           at::matmul(pull, weight).norm(2, 1))
                < 1e-13);
    }

    void sensitivityIsThatOfEvaluation()
    {
        Architecture architecture = test::cnn1();
        const at::Tensor parameters = Network(architecture, 1).parameters();
        const at::Tensor images = at::rand({4, 784});
        const at::Tensor norms = jacobianNorms(architecture, parameters, images, Output::Logits);
        std::erase_if(architecture.layers,
                      [](const Layer &layer) { return std::holds_alternative<Dropout>(layer); });
        QVERIFY(at::equal(norms, jacobianNorms(architecture, parameters, images, Output::Logits)));
    }

    void theHessianIsSymmetricAndTheGradientsSlope_data() { everyCase(); }

    void theHessianIsSymmetricAndTheGradientsSlope()
    {
        const Case which = fetchedCase();
        const at::Tensor parameters = someParameters(which.architecture);
        const Batch batch = someBatch(which.architecture, which.loss);
        const Matrix matrix = hessian(which.architecture, which.loss, parameters, batch);
        QVERIFY((matrix - matrix.transpose()).cwiseAbs().maxCoeff() <= 1e-12);

        AutogradEngine engine(which.architecture, which.loss);
        const at::Tensor slope = finiteDifferences(
            [&](const at::Tensor &point) { return gradientAt(engine, point, batch); }, parameters);
        QVERIFY(difference(matrix, toMatrix(slope)) < 1e-7);
    }

    void theDirectHessianIsTheReferences_data()
    {
        QTest::addColumn<std::vector<std::int64_t>>("widths");
        QTest::addColumn<Activation>("activation");
        using Widths = std::vector<std::int64_t>;
        for (const Widths &widths : {Widths{1, 1, 1},
                                     {1, 8, 1},
                                     {1, 60, 1},
                                     {3, 8, 1},
                                     {3, 1},
                                     {2, 5, 4, 3},
                                     {1, 7, 6, 5, 1},
                                     {1, 5, 4, 4, 4, 3, 1}})
            for (const Activation activation : allActivations)
                QTest::addRow("%s, %s", fmt::format("{}", fmt::join(widths, "-")).c_str(),
                              activationName(activation).data())
                    << widths << activation;
    }

    void theDirectHessianIsTheReferences()
    {
        QFETCH(std::vector<std::int64_t>, widths);
        QFETCH(Activation, activation);
        const Architecture architecture = mlp(widths, activation);
        const at::Tensor parameters = someParameters(architecture);
        const Batch batch = someBatch(architecture, Loss::MeanSquaredError);
        const Matrix reference = hessianOf(
            [&](const at::Tensor &flat) {
                return lossOf(Loss::MeanSquaredError,
                              forward(architecture, views(architecture, flat), batch.inputs), batch.targets);
            },
            parameters);
        QVERIFY(difference(hessian(architecture, Loss::MeanSquaredError, parameters, batch), reference)
                < 1e-13);
    }

    void aSaddleHasHalfItsEigenvaluesPositive()
    {
        const Matrix matrix = hessianOf([](const at::Tensor &p) { return p[0] * p[0] - p[1] * p[1]; },
                                        at::tensor({0.3, -4.0}, at::kDouble));
        QCOMPARE(matrix, (Matrix{{2, 0}, {0, -2}}));
        QCOMPARE(eigenvalues(matrix), Vector({{-2, 2}}));
        QCOMPARE(minimalRatio(eigenvalues(matrix), 1e-7), 0.5);
    }

    void aRowOfZerosIsAnEigenvalueOfZero()
    {
        Matrix matrix = Matrix::Zero(5, 5); // 2 and 4 alone interact, by [[1, 2], [2, 1]]
        matrix(1, 1) = matrix(3, 3) = 1;
        matrix(1, 3) = matrix(3, 1) = 2;
        const Vector values = eigenvalues(matrix);
        QVERIFY((values - Vector({{-1, 0, 0, 0, 3}})).cwiseAbs().maxCoeff() < 1e-14);
        QCOMPARE(eigenvalues(Matrix::Zero(3, 3)), Vector::Zero(3));
    }

    void aFunctionsHessianMayBeZero()
    {
        const at::Tensor point = at::ones({3}, at::kDouble);
        QCOMPARE(hessianOf([](const at::Tensor &p) { return 2 * p.sum(); }, point), Matrix::Zero(3, 3));
        QCOMPARE(minimalRatio(Vector::Zero(3), 1e-7), 0.0);
    }

    void linearRegressionIsAMinimumInAsManyDirectionsAsItsInputsSpan()
    {
        const Architecture architecture = mlp({4, 1});
        Batch batch = someBatch(architecture, Loss::MeanSquaredError);
        const auto ratio = [&] {
            return minimalRatio(eigenvalues(hessian(architecture, Loss::MeanSquaredError,
                                                    someParameters(architecture), batch)),
                                1e-7);
        };
        QCOMPARE(ratio(), 1.0);
        batch.inputs.select(1, 3).copy_(batch.inputs.select(1, 0));
        QCOMPARE(ratio(), 0.8); // four weights and a bias, one direction flat
    }

    void positiveIsWhatLiesAboveTheTolerance()
    {
        const Vector values{{-2e-7, 0, 1e-8, 1.9e-7, 2.1e-7, 1, 2}};
        QCOMPARE(minimalRatio(values, 1e-7), 3.0 / 7);
        QCOMPARE(minimalRatio(values, 0), 5.0 / 7);
        QCOMPARE(minimalRatio(Vector{{-10, 1e-7}}, 1e-7), 0.0); // the largest absolute one may be negative
        QVERIFY(std::isnan(minimalRatio(Vector(), 1e-7)));
    }

    void sharesAreBySignAndAddUp()
    {
        const Vector values{{-3, -1e-9, 0, 2e-9, 1, 10}};
        const EigenvalueShares shares = sharesOf(values, 1e-8);
        QCOMPARE(shares.negative, 1.0 / 6);
        QCOMPARE(shares.zero, 3.0 / 6);
        QCOMPARE(shares.positive, 2.0 / 6);
        QCOMPARE(sharesOf(values, 0).zero, 1.0 / 6);
        QCOMPARE(sharesOf(Vector::Zero(4), 1e-7).zero, 1.0);
        QVERIFY(std::isnan(sharesOf(Vector(), 1e-7).zero));
    }

    void aSpectrumBySignHasEveryEigenvalueInABarOfItsSign()
    {
        const auto height = [](const Bars &bars) {
            return std::accumulate(bars.counts.begin(), bars.counts.end(), 0.0);
        };
        // The value's bar by its edges.
        const auto barOf = [](const Bars &bars, double value) {
            const auto after = std::upper_bound(bars.edges.begin(), bars.edges.end(), value);
            const auto place = std::distance(bars.edges.begin(), after);
            return place == 0 ? 0 : bars.counts[static_cast<std::size_t>(place - 1)];
        };
        const SignedSpectrum few = signedSpectrum(Vector{{-30, -0.03, -1e-9, 0, 1e-9, 5, 6, 200}}, 1e-7, 4);
        QCOMPARE(height(few.negative), 2.0);
        const double zero = 1e-7 * 200;
        QCOMPARE(few.zero.edges, (std::vector<double>{-zero, zero}));
        QCOMPARE(few.zero.counts, (std::vector<double>{3, 0}));
        QCOMPARE(height(few.positive), 3.0);
        QCOMPARE(barOf(few.negative, -30), 1.0);
        QCOMPARE(barOf(few.negative, -0.03), 1.0);
        QCOMPARE(barOf(few.positive, 5), 2.0); // and 6, in the same quarter of a decade
        QCOMPARE(barOf(few.positive, 199.9), 1.0);
        for (const Bars *bars : {&few.negative, &few.zero, &few.positive}) {
            QVERIFY(std::is_sorted(bars->edges.begin(), bars->edges.end()));
            QCOMPARE(bars->edges.size(), bars->counts.size());
            QCOMPARE(bars->counts.back(), 0.0); // a right edge
        }
        QCOMPARE(few.negative.edges.back(), -zero); // they meet, and are closed outside
        QCOMPARE(few.positive.edges.front(), zero);
        QVERIFY(few.negative.edges.front() <= -30);
        QVERIFY(std::abs(few.positive.edges.back() / 200 - 1) < 1e-12);

        const Vector many = toMatrix(at::randn({1201}, at::kDouble));
        for (const double tolerance : {0.0, 1e-7, 0.1, 1.0}) {
            const EigenvalueShares shares = sharesOf(many, tolerance);
            const SignedSpectrum spectrum = signedSpectrum(many, tolerance, 4);
            QCOMPARE(height(spectrum.negative), std::round(shares.negative * 1201));
            QCOMPARE(height(spectrum.zero), std::round(shares.zero * 1201));
            QCOMPARE(height(spectrum.positive), std::round(shares.positive * 1201));
        }
        QCOMPARE(signedSpectrum(Vector::Zero(3), 1e-7, 4).zero.counts.front(), 3.0);
        QCOMPARE(height(signedSpectrum(Vector(), 1e-7, 4).zero), 0.0);
    }

    void theGradientNormsGradientIsItsSlope_data() { everyCase(); }

    void theGradientNormsGradientIsItsSlope()
    {
        const Case which = fetchedCase();
        const at::Tensor parameters = someParameters(which.architecture);
        const Batch batch = someBatch(which.architecture, which.loss);
        AutogradEngine reference(which.architecture, which.loss);
        const auto norm = [&](const at::Tensor &point) { return gradientAt(reference, point, batch).norm(); };
        GradientNormEngine engine(which.architecture, which.loss);
        at::Tensor gradient = at::full_like(parameters, 1e9); // must be overwritten, not added to
        const Step step = engine.gradient(parameters, batch, gradient, 0);
        QVERIFY(difference(step.loss, norm(parameters)) < 1e-14);
        QVERIFY(difference(gradient, finiteDifferences(norm, parameters)) < 1e-7);
    }

    void atACriticalPointTheGradientNormHasNoDirection()
    {
        const Architecture architecture = mlp({1, 5, 1});
        const at::Tensor inputs = at::randn({sampleCount, 1}, at::kDouble);
        const at::Tensor parameters = at::zeros({architecture.parameterCount()}, at::kDouble);
        GradientNormEngine engine(architecture, Loss::MeanSquaredError);
        at::Tensor gradient = at::empty_like(parameters);
        const Step step = engine.gradient(parameters, {inputs, at::zeros_like(inputs)}, gradient, 0);
        QCOMPARE(step.loss.item<double>(), 0.0);
        QVERIFY(at::equal(gradient, at::zeros_like(parameters))); // and not a number that is none
    }

    void labelsAreReplacedAsOftenAsAsked_data()
    {
        QTest::addColumn<double>("share");
        for (const int percent : {0, 10, 40, 100})
            QTest::addRow("%d %%", percent) << percent / 100.0;
    }

    void labelsAreReplacedAsOftenAsAsked()
    {
        QFETCH(double, share);
        constexpr std::int64_t count = 100000;
        constexpr int classes = 10;
        std::vector<std::int64_t> labels(count);
        for (std::size_t i = 0; i < labels.size(); ++i)
            labels[i] = static_cast<std::int64_t>(i % 4); // classes 4 … 9 come by replacement alone
        const std::vector<std::int64_t> drawn = corruptedLabels(labels, share, classes, 1);
        QCOMPARE(drawn.size(), labels.size());

        std::int64_t wrong = 0;
        std::vector<std::int64_t> counts(classes);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            wrong += drawn[i] != labels[i] ? 1 : 0;
            ++counts.at(static_cast<std::size_t>(drawn[i]));
        }
        QVERIFY(isLikely(wrong, count, share * 0.9)); // one draw in ten is the true label
        for (std::size_t label = 0; label < counts.size(); ++label)
            QVERIFY(isLikely(counts[label], count, share / classes + (label < 4 ? (1 - share) / 4 : 0)));
    }

    void replacedLabelsFollowTheSeedAlone()
    {
        const std::vector<std::int64_t> labels(1000, 3);
        const auto drawn = corruptedLabels(labels, 0.5, 10, 5);
        QCOMPARE(corruptedLabels(labels, 0.5, 10, 5), drawn);
        const auto other = corruptedLabels(labels, 0.5, 10, 6);
        // Two labels are equal where both stayed, or by chance: 0.55² + 9 · 0.05² of them.
        std::int64_t equal = 0;
        for (std::size_t i = 0; i < labels.size(); ++i)
            equal += drawn[i] == other[i] ? 1 : 0;
        QVERIFY(isLikely(equal, 1000, 0.55 * 0.55 + 9 * 0.05 * 0.05));
    }

    void aLineEndsInItsEnds()
    {
        const at::Tensor first = at::randn({1000}) * 1e3, second = at::randn({1000}) * 1e-3;
        QVERIFY(at::equal(interpolate(first, second, 0), first));
        QVERIFY(at::equal(interpolate(first, second, 1), second));
        QVERIFY(difference(interpolate(first, second, 0.5), (first + second) / 2) < 1e-7);
        QVERIFY(difference(interpolate(first, second, -2), 3 * first - 2 * second) < 1e-6);
        QVERIFY(difference(interpolate(first, second, 2), 2 * second - first) < 1e-6);
    }

    void aLineIsFilledFromCoarseToFine_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : {0, 1, 2, 3, 4, 31, 33, 100})
            QTest::addRow("%d", count) << count;
    }

    void aLineIsFilledFromCoarseToFine()
    {
        QFETCH(int, count);
        const std::vector<std::size_t> order = coarseToFine(static_cast<std::size_t>(count));
        std::vector<std::size_t> all(static_cast<std::size_t>(count));
        std::iota(all.begin(), all.end(), 0);
        QVERIFY(std::is_permutation(order.begin(), order.end(), all.begin(), all.end()));
        if (count < 3)
            return;
        const std::size_t last = all.back();
        QCOMPARE(order[0], 0u);
        QCOMPARE(order[1], last);
        QCOMPARE(order[2], last / 2);
        // With 2ⁿ + 1 of them there, no gap is wider than 1/2ⁿ of the line, rounded up.
        for (std::size_t parts = 2; parts + 1 <= order.size(); parts *= 2) {
            std::vector<std::size_t> there(order.begin(),
                                           order.begin() + static_cast<std::ptrdiff_t>(parts + 1));
            std::sort(there.begin(), there.end());
            for (std::size_t i = 1; i < there.size(); ++i)
                QVERIFY(there[i] - there[i - 1] <= (last + parts - 1) / parts);
        }
    }

    void aSpectrumInStepsIsLapacks_data()
    {
        QTest::addColumn<at::Tensor>("matrix");
        const auto add = [](const char *name, const at::Tensor &half) {
            QTest::newRow(name) << half + half.t();
        };
        at::manual_seed(3);
        for (const int size : {1, 2, 3, 31, 32, 33, 150})
            add(qPrintable(QString("random, %1").arg(size)), at::randn({size, size}, at::kDouble));
        add("nothing", at::zeros({40, 40}, at::kDouble));
        add("the identity", at::eye(70, at::kDouble));
        add("diagonal", at::diag(at::randn({70}, at::kDouble)));
        add("tridiagonal", at::diag(at::randn({69}, at::kDouble), 1));
        const at::Tensor few = at::randn({120, 5}, at::kDouble);
        add("of rank 5", at::mm(few, few.t()));
        add("from tiny to huge",
            at::diag(at::logspace(-14, 3, 90, 10, at::kDouble)) + 1e-3 * at::randn({90, 90}, at::kDouble));
        at::Tensor nearly = at::eye(50, at::kDouble);
        nearly[0][1] = 1e-9; // small beside the diagonal, but to be seen
        add("nearly diagonal", nearly);
    }

    void aSpectrumInStepsIsLapacks()
    {
        QFETCH(at::Tensor, matrix);
        int pulses = 0;
        const Vector values = symmetricSpectrum(toMatrix(matrix), [&] { ++pulses; });
        const Vector expected = toMatrix(at::linalg_eigvalsh(matrix));
        QCOMPARE(values.size(), expected.size());
        QVERIFY(pulses >= matrix.size(0)); // so that it can be stopped at every column
        QVERIFY((values - expected).cwiseAbs().maxCoeff() <= 1e-13 * expected.cwiseAbs().maxCoeff());
    }

    /// Large enough that the product of Jacobians goes in pieces: H v as the R-operator gives it.
    void aLargeHessianInPiecesIsTheHessian()
    {
        const Architecture architecture = mlp({1, 400, 1});
        const at::Tensor parameters = Network(architecture, 3, at::kCPU, at::kDouble).parameters();
        const at::Tensor x = at::linspace(-1, 1, 1600, at::kDouble).unsqueeze(1);
        const Batch batch{x, at::sin(5 * x)};
        int pulses = 0;
        const Matrix whole =
            hessian(architecture, Loss::MeanSquaredError, parameters, batch, [&] { ++pulses; });
        QVERIFY(pulses >= 2);
        LanesEngine<double> engine(architecture, Objective::Loss);
        const at::Tensor direction = at::randn_like(parameters);
        const Matrix expected = toMatrix(engine.hessianProduct(parameters, direction, batch));
        QVERIFY(difference(whole * toMatrix(direction), expected) < 1e-12);
    }

    /// More samples than are taken together: the mean over all is that of the halves' Hessians.
    void aHessianOverManySamplesIsTheMeanOfItsParts_data()
    {
        QTest::addColumn<std::vector<std::int64_t>>("widths");
        QTest::newRow("one hidden layer") << std::vector<std::int64_t>{1, 12, 1};
        QTest::newRow("three") << std::vector<std::int64_t>{1, 6, 5, 4, 1};
    }

    void aHessianOverManySamplesIsTheMeanOfItsParts()
    {
        QFETCH(std::vector<std::int64_t>, widths);
        const Architecture architecture = mlp(widths);
        const at::Tensor parameters = Network(architecture, 3, at::kCPU, at::kDouble).parameters();
        const at::Tensor x = at::linspace(-1, 1, 10000, at::kDouble).unsqueeze(1), y = at::sin(5 * x);
        const auto of = [&](std::int64_t first, std::int64_t last) {
            return hessian(architecture, Loss::MeanSquaredError, parameters,
                           {x.slice(0, first, last), y.slice(0, first, last)});
        };
        QVERIFY(difference(of(0, 10000), 0.25 * of(0, 2500) + 0.75 * of(2500, 10000)) < 1e-13);
    }

    void jacobiansFeelThePulseAtEveryOutput()
    {
        const Architecture architecture = mlp({3, 6, 4});
        int pulses = 0;
        jacobianNorms(architecture, Network(architecture, 1).parameters(), at::randn({5, 3}), Output::Logits,
                      [&] { ++pulses; });
        QCOMPARE(pulses, 4);
    }
};

QTEST_GUILESS_MAIN(TestAnalysis)
#include "test_analysis.moc"
