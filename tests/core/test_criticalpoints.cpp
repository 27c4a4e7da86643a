// Ways to a critical point, and how the curvature there is told, by closed forms.

#include "analysis/gaussnewton.h"
#include "analysis/hessian.h"
#include "analysis/jacobian.h"
#include "analysis/lbfgs.h"
#include "analysis/levenbergmarquardt.h"
#include "analysis/neighbours.h"
#include "analysis/signedspectrum.h"
#include "base/device.h"
#include "experiments/registry.h"
#include "lab/runspec.h"
#include "nn/network.h"
#include "tests/networks.h"

#include <QtTest>
#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace losslab;

namespace {

enum class Way { LevenbergMarquardt, Lbfgs };

std::unique_ptr<Minimizer> minimizer(Way way, const Architecture &architecture, const Samples &samples,
                                     const at::Tensor &start, const Pulse &pulse = {})
{
    if (way == Way::LevenbergMarquardt)
        return std::make_unique<LevenbergMarquardt>(architecture, samples, start, pulse);
    return std::make_unique<Lbfgs>(architecture, samples, start, pulse);
}

void bothWays()
{
    QTest::addColumn<int>("way");
    QTest::newRow("Levenberg–Marquardt") << static_cast<int>(Way::LevenbergMarquardt);
    QTest::newRow("L-BFGS") << static_cast<int>(Way::Lbfgs);
}

Way fetchedWay()
{
    QFETCH(int, way);
    return static_cast<Way>(way);
}

Samples samplesOf(const at::Tensor &inputs, const at::Tensor &targets)
{
    return {.inputs = inputs, .targets = targets, .loss = Loss::MeanSquaredError};
}

/// A function that two units of tanh cannot fit, so that its minima are well conditioned.
Samples ripple(std::int64_t count)
{
    const at::Tensor x = at::linspace(-1, 1, count, at::kDouble).unsqueeze(1);
    return samplesOf(x, at::sin(3 * x) + x * x + 0.2 * at::sin(40 * x));
}

at::Tensor startOf(const Architecture &architecture, std::uint64_t seed = 3)
{
    return Network(architecture, seed, at::kCPU, at::kDouble).parameters().clone();
}

double difference(const at::Tensor &actual, const at::Tensor &expected)
{
    return ((actual - expected).abs().max() / expected.abs().max()).item<double>();
}

/// Half of xᵀ diag(λ) x.
std::function<double(const at::Tensor &)> quadratic(const std::vector<double> &curvatures)
{
    const at::Tensor diagonal = at::tensor(curvatures, at::kDouble);
    return [diagonal](const at::Tensor &x) { return at::dot(x, diagonal * x).item<double>() / 2; };
}

} // namespace

class TestCriticalPoints : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        at::manual_seed(7);
        setThreads(1); // the tensors here are small
    }

    void theDirectJacobianIsTheReferences_data()
    {
        QTest::addColumn<std::vector<std::int64_t>>("widths");
        QTest::addColumn<Activation>("activation");
        for (const std::vector<std::int64_t> &widths :
             {std::vector<std::int64_t>{3, 1}, {1, 8, 1}, {2, 5, 4, 1}})
            for (const Activation activation : allActivations)
                QTest::addRow("%zu layers, %s", widths.size() - 1, activationName(activation).data())
                    << widths << activation;
    }

    void theDirectJacobianIsTheReferences()
    {
        QFETCH(std::vector<std::int64_t>, widths);
        QFETCH(Activation, activation);
        const Architecture architecture = mlp(widths, activation);
        const at::Tensor parameters = startOf(architecture), inputs = at::randn({40, widths[0]}, at::kDouble);
        const Linearized direct = linearized(architecture, parameters, inputs);
        const Linearized reference = linearizedByAutograd(architecture, parameters, inputs);
        QCOMPARE(direct.jacobian.sizes(), at::IntArrayRef({40, architecture.parameterCount()}));
        QVERIFY(difference(direct.outputs, reference.outputs) < 1e-14);
        QVERIFY(difference(direct.jacobian, reference.jacobian) < 1e-13);
    }

    /// Of a linear map it is the normal equations' solution.
    void linearRegressionEndsAtItsSolution_data() { bothWays(); }

    void linearRegressionEndsAtItsSolution()
    {
        const Architecture architecture = mlp({4, 1});
        const at::Tensor inputs = at::randn({30, 4}, at::kDouble), targets = at::randn({30, 1}, at::kDouble);
        const auto way =
            minimizer(fetchedWay(), architecture, samplesOf(inputs, targets), startOf(architecture));
        for (int i = 0; i < 100 && way->point().gradientNorm >= 1e-10 && way->step(); ++i)
            continue;
        const at::Tensor all = at::cat({inputs, at::ones({30, 1}, at::kDouble)}, 1);
        const at::Tensor solution =
            at::linalg_solve(at::mm(all.t(), all), at::mm(all.t(), targets)).flatten();
        QVERIFY(difference(way->parameters(), solution) < 1e-9);
    }

    void theGradientVanishesAtAMinimum_data()
    {
        QTest::addColumn<int>("way");
        QTest::addColumn<qlonglong>("samples");
        for (const qlonglong samples : {60, 5}) { // of 7 parameters: more and fewer
            QTest::addRow("Levenberg–Marquardt, %lld samples", samples)
                << static_cast<int>(Way::LevenbergMarquardt) << samples;
            QTest::addRow("L-BFGS, %lld samples", samples) << static_cast<int>(Way::Lbfgs) << samples;
        }
    }

    void theGradientVanishesAtAMinimum()
    {
        QFETCH(qlonglong, samples);
        const Architecture architecture = mlp({1, 2, 1}, Activation::Tanh);
        const Samples all = ripple(samples);
        // From some other starts the way down leads to infinity, where a unit of tanh becomes a step.
        const auto way = minimizer(fetchedWay(), architecture, all, startOf(architecture, 1));
        double before = way->point().loss;
        for (int i = 0; i < 3000 && way->point().gradientNorm >= 1e-8; ++i) {
            QVERIFY2(way->step(), qPrintable(QString("stuck at %1").arg(way->point().gradientNorm)));
            QVERIFY(way->point().loss <= before * (1 + 1e-14));
            before = way->point().loss;
        }
        QVERIFY2(way->point().gradientNorm < 1e-8, qPrintable(QString::number(way->point().gradientNorm)));
        const LossFunction::Point there = LossFunction(architecture, all).at(way->parameters());
        QCOMPARE(there.loss, way->point().loss); // what it says of the point is so
        QCOMPARE(there.gradientNorm, way->point().gradientNorm);
        const Vector spectrum =
            eigenvalues(hessian(architecture, all.loss, way->parameters(), all.slice(0, all.count())));
        QVERIFY(spectrum[0] >= -1e-7 * spectrum.maxCoeff()); // positive semidefinite
    }

    /// With more samples than the Jacobian takes at once.
    void piecesOfSamplesAreAllSamples()
    {
        const Architecture architecture = mlp({1, 3, 1}, Activation::Tanh);
        const Samples once = ripple(3000);
        const Samples thrice = samplesOf(once.inputs.repeat({3, 1}), once.targets.repeat({3, 1}));
        QVERIFY(thrice.count() > 2 * hessianSamples);
        LevenbergMarquardt one(architecture, once, startOf(architecture)),
            three(architecture, thrice, startOf(architecture));
        for (int i = 0; i < 3; ++i)
            QVERIFY(one.step() && three.step());
        QVERIFY(difference(three.parameters(), one.parameters()) < 1e-9);
    }

    /// A network that is dead has no way to go: it says so, and stays.
    void whereNoStepLeadsLowerItStays_data() { bothWays(); }

    void whereNoStepLeadsLowerItStays()
    {
        const Architecture architecture = mlp({1, 5, 1});
        at::Tensor start = startOf(architecture);
        const std::vector<at::Tensor> parts = views(architecture, start);
        parts[1].fill_(-100); // no unit is active
        const Samples all = ripple(20);
        parts[3].copy_(all.targets.mean());
        const auto way = minimizer(fetchedWay(), architecture, all, start);
        for (int i = 0; i < 50 && way->step(); ++i)
            continue;
        QVERIFY(!way->step());
        QVERIFY(difference(way->parameters(), start) < 1e-12);
        QVERIFY(way->point().gradientNorm < 1e-12);
    }

    void itIsLeftWithinAStep_data() { bothWays(); }

    void itIsLeftWithinAStep()
    {
        const Architecture architecture = mlp({1, 5, 1}, Activation::Tanh);
        bool stop = false;
        const auto way = minimizer(fetchedWay(), architecture, ripple(20), startOf(architecture), [&] {
            if (stop)
                throw std::runtime_error("stopped");
        });
        QVERIFY(way->step());
        const at::Tensor before = way->parameters().clone();
        stop = true;
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, way->step());
        QVERIFY(at::equal(way->parameters(), before));
    }

    void neighboursOfAQuadraticAreHigherAsOftenAsItsCurvaturesTell_data()
    {
        QTest::addColumn<std::vector<double>>("curvatures");
        QTest::addColumn<int>("where");
        QTest::addColumn<double>("share");
        const int box = static_cast<int>(Neighbourhood::Box),
                  sphere = static_cast<int>(Neighbourhood::Sphere);
        const double steepness = std::sqrt(0.5 / 3.0);
        for (const int where : {box, sphere}) {
            const auto row = [&](const char *name, const std::vector<double> &curvatures, double share) {
                QTest::addRow("%s, %s", name, where == box ? "box" : "sphere")
                    << curvatures << where << share;
            };
            row("a minimum", {1, 2, 3}, 1);
            row("a maximum", {-1, -2, -3}, 0);
            row("flat", {0, 0}, 0);
            row("a valley", {1, 0, 0}, 1); // dead directions do not lower
            row("a saddle", {2, -2}, 0.5);
            row("many saddles", {1, -1, 1, -1, 1, -1, 1, -1}, 0.5);
            // 0.5 x² > 3 y²: |y| < steepness |x|
            row("a steep saddle", {0.5, -3},
                where == box ? steepness / 2 : 2 / std::numbers::pi * std::atan(steepness));
            row("the other way", {3, -0.5},
                where == box ? 1 - steepness / 2 : 2 / std::numbers::pi * std::atan(1 / steepness));
        }
    }

    void neighboursOfAQuadraticAreHigherAsOftenAsItsCurvaturesTell()
    {
        QFETCH(std::vector<double>, curvatures);
        QFETCH(int, where);
        QFETCH(double, share);
        constexpr std::int64_t count = 20000;
        const Neighbours neighbours{static_cast<Neighbourhood>(where), 0.1, count, 5};
        const at::Tensor top = at::zeros({static_cast<std::int64_t>(curvatures.size())}, at::kDouble);
        const double drawn = higherShare(quadratic(curvatures), top, neighbours);
        const double deviation = std::sqrt(share * (1 - share) / count);
        QVERIFY2(std::abs(drawn - share) <= 5 * deviation, qPrintable(QString::number(drawn)));
        if (share == 0 || share == 1) // eigenvalues say the same but of what is flat
            QCOMPARE(minimalRatio(toMatrix(at::tensor(curvatures, at::kDouble)), 0) > 0, share == 1);
    }

    void neighboursLieWhereTheyAreAskedFor()
    {
        const at::Tensor point = at::randn({50}, at::kDouble);
        for (const double radius : {1e-6, 2.0}) {
            std::vector<at::Tensor> seen;
            const auto note = [&](const at::Tensor &at) {
                seen.push_back(at - point);
                return 0.0;
            };
            higherShare(note, point, {Neighbourhood::Sphere, radius, 100, 1});
            for (std::size_t i = 1; i < seen.size(); ++i) // the first is the point itself
                QVERIFY(std::abs(seen[i].norm().item<double>() / radius - 1) < 1e-8);
            seen.clear();
            higherShare(note, point, {Neighbourhood::Box, radius, 100, 1});
            const at::Tensor all = at::stack(std::vector<at::Tensor>(seen.begin() + 1, seen.end()));
            QCOMPARE(all.size(0), std::int64_t{100});
            const double most = all.abs().max().item<double>(), mean = all.mean().item<double>();
            QVERIFY(most <= radius * (1 + 1e-8) && most > 0.99 * radius);
            QVERIFY(std::abs(mean) < 5 * radius / std::sqrt(3 * 5000.0));
        }
    }

    void neighboursFollowTheSeedAlone()
    {
        const auto function = quadratic({1, -1, 2, -2});
        const auto share = [&](std::uint64_t seed) {
            return higherShare(function, at::zeros({4}, at::kDouble), {Neighbourhood::Box, 1, 1001, seed});
        };
        QCOMPARE(share(4), share(4));
        QVERIFY(share(4) != share(5) || share(4) != share(6));
    }

    /// Of a linear map, the blocks are the squared inputs' means; of a dead direction, zero.
    void gaussNewtonBlocksAreSecondMoments()
    {
        const Architecture architecture = mlp({3, 1});
        const at::Tensor inputs = at::randn({20, 3}, at::kDouble);
        inputs.select(1, 1).zero_();
        const Batch batch{inputs, at::randn({20, 1}, at::kDouble)};
        const std::vector<Matrix> blocks = gaussNewtonBlocks(architecture, startOf(architecture), batch);
        QCOMPARE(blocks.size(), std::size_t{2});
        const Matrix expected = toMatrix(2.0 / 20 * at::mm(inputs.t(), inputs));
        QVERIFY((blocks[0] - expected).cwiseAbs().maxCoeff() < 1e-14);
        QVERIFY(std::abs(blocks[1](0, 0) - 2) < 1e-14);
        // Two of three weights, and the bias.
        QCOMPARE(gaussNewtonRatio(architecture, startOf(architecture), batch, 1e-7), (2.0 / 3 + 1) / 2);
    }

    /// Where every residual is zero, the Hessian is the Gauss–Newton matrix.
    void gaussNewtonBlocksAreTheHessiansWhereTheFitIsPerfect()
    {
        const Architecture architecture = mlp({1, 4, 3, 1}, Activation::Tanh);
        const at::Tensor parameters = startOf(architecture), x = at::randn({5000, 1}, at::kDouble);
        const Batch batch{x, linearized(architecture, parameters, x).outputs};
        const Matrix whole = hessian(architecture, Loss::MeanSquaredError, parameters, batch);
        const std::vector<Matrix> blocks = gaussNewtonBlocks(architecture, parameters, batch);
        const std::vector<ParameterSlice> slices = architecture.parameters();
        QCOMPARE(blocks.size(), slices.size());
        for (std::size_t i = 0; i < slices.size(); ++i) {
            const Matrix part =
                whole.block(slices[i].offset, slices[i].offset, slices[i].size, slices[i].size);
            QVERIFY((blocks[i] - part).cwiseAbs().maxCoeff() < 1e-13 * whole.cwiseAbs().maxCoeff());
        }
    }

    void whatCannotBeIsRefusedBeforeARun_data()
    {
        using Settings = std::vector<std::pair<std::string, Value>>;
        QTest::addColumn<Settings>("settings");
        QTest::addColumn<QString>("says");
        const std::pair<std::string, Value> lm{"way", std::string("levenberg-marquardt")},
            sampling{"ratio", std::string("sampling")}, wide{"hidden", std::string("1000")};
        const auto row = [](const char *name, const Settings &settings, const char *says) {
            QTest::newRow(name) << settings << QString(says);
        };
        row("too large a system", {lm, wide, {"points", std::int64_t{3000}}},
            "3,000 here, 2,000 are the most");
        row("no radius", {sampling, {"radius", 0.0}}, "Radius");
        row("no neighbour", {sampling, {"neighbours", std::int64_t{0}}}, "Number of neighbours");
        row("no iteration", {lm, {"iterations", std::int64_t{0}}}, "Iterations, at most");
        row("a way that is none", {{"way", std::string("newton")}}, "To zero gradient by");
        row("neighbours without sampling", {{"neighbours", std::int64_t{5}}}, "neighbours");
    }

    void whatCannotBeIsRefusedBeforeARun()
    {
        using Settings = std::vector<std::pair<std::string, Value>>;
        QFETCH(Settings, settings);
        QFETCH(QString, says);
        const auto experiment = std::move(*makeExperiment("gradient-zero"));
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        for (const auto &[key, value] : settings)
            *spec.find(key) = value;
        const Result<void> applied = applyParameters(spec, *experiment);
        QVERIFY(!applied && applied.error().kind == ErrorKind::Usage);
        QVERIFY2(applied.error().message.find(says.toStdString()) != std::string::npos,
                 applied.error().message.c_str());
    }

    /// Few of either are enough.
    void aWideNetworkOnFewSamplesGoesByLevenbergMarquardt()
    {
        const auto experiment = std::move(*makeExperiment("gradient-zero"));
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        *spec.find("way") = std::string("levenberg-marquardt");
        *spec.find("hidden") = std::string("1000");
        QVERIFY(applyParameters(spec, *experiment));
        *spec.find("hidden") = std::string("20");
        *spec.find("points") = std::int64_t{10000};
        QVERIFY(applyParameters(spec, *experiment));
    }
};

QTEST_GUILESS_MAIN(TestCriticalPoints)
#include "test_criticalpoints.moc"
