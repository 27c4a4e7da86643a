// Small regressions in the lanes of vectors against LibTorch's autograd, for the shapes of the experiments
// and odd ones, and for every kind of processor whose kernels this machine can run.

#include "nn/lanes/lanesengine.h"
#include "nn/makeengine.h"
#include "nn/network.h"
#include "nn/torch/autogradengine.h"
#include "nn/torch/gradientnormengine.h"
#include "tests/targets.h"
#include "tests/tensors.h"

#include <ATen/Parallel.h>
#include <QtTest>
#include <hwy/highway.h>

using namespace losslab;
using test::relativeDifference;

namespace {

/// Dense networks of these widths on so many samples.
struct Case
{
    std::vector<std::int64_t> widths;
    std::int64_t samples;
    at::ScalarType type;

    Architecture architecture() const { return mlp(widths); }
    double tolerance() const { return type == at::kDouble ? 1e-12 : 1e-5; }

    at::Tensor parameters() const { return Network(architecture(), 3, at::kCPU, type).parameters(); }

    std::unique_ptr<Engine> engine(Objective objective = Objective::Loss) const
    {
        return makeEngine(architecture(), Loss::MeanSquaredError, {.type = type}, objective);
    }
};

at::Tensor noise(const std::vector<std::int64_t> &shape, at::ScalarType type, std::uint64_t seed)
{
    at::Generator generator = at::globalContext().defaultGenerator(at::kCPU).clone();
    generator.set_current_seed(seed);
    return at::randn(shape, generator, at::TensorOptions(type));
}

Batch batchOf(const Case &which, std::int64_t samples, std::uint64_t seed = 5)
{
    return {noise({samples, which.widths.front()}, which.type, seed),
            noise({samples, which.widths.back()}, which.type, seed + 1)};
}

void everyCase(const std::vector<std::int64_t> &counts)
{
    QTest::addColumn<Case>("which");
    const std::vector<std::vector<std::int64_t>> shapes = {{1, 5, 10, 10, 10, 10, 9, 5, 1},
                                                           {1, 5, 12, 15, 10, 10, 1},
                                                           {1, 26, 18, 1},
                                                           {1, 400, 1},
                                                           {1, 128, 1},
                                                           {1, 1},
                                                           {3, 2},
                                                           {7, 13, 6, 5},
                                                           {33, 1, 17, 3}};
    for (const auto &widths : shapes) {
        std::string name;
        for (const std::int64_t width : widths) {
            name += std::to_string(width);
            name += '-';
        }
        name.pop_back();
        for (const std::int64_t count : counts)
            for (const at::ScalarType type : {at::kFloat, at::kDouble})
                QTest::addRow("%s, %d samples, %s", name.c_str(), static_cast<int>(count), toString(type))
                    << Case{widths, count, type};
    }
}

/// Loss, gradient and outputs against autograd's.
void compareWithAutograd(const Case &which, Engine &engine, const Batch &batch)
{
    AutogradEngine reference(which.architecture(), Loss::MeanSquaredError);
    const at::Tensor parameters = which.parameters();
    at::Tensor ours = at::full_like(parameters, 1e9); // must be overwritten, not added to
    at::Tensor theirs = at::empty_like(parameters);
    const Step step = engine.gradient(parameters, batch, ours, 0);
    const Step expected = reference.gradient(parameters, batch, theirs, 0);
    QVERIFY(relativeDifference(ours, theirs) < which.tolerance());
    QVERIFY(relativeDifference(step.loss, expected.loss) < which.tolerance());
    QVERIFY(relativeDifference(step.outputs, expected.outputs) < which.tolerance());
    QVERIFY(relativeDifference(engine.outputs(parameters, batch.inputs), expected.outputs)
            < which.tolerance());
}

} // namespace

Q_DECLARE_METATYPE(Case)

class TestLanes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void gradientAndOutputsAreAutograds_data() { everyCase({2, 15, 16, 17, 300, 400, 1003}); }

    void gradientAndOutputsAreAutograds()
    {
        QFETCH(Case, which);
        const auto engine = which.engine();
        compareWithAutograd(which, *engine, batchOf(which, which.samples));
    }

    void batchesMayChange()
    {
        const Case which{{2, 40, 3}, 0, at::kDouble};
        const auto engine = which.engine();
        for (const std::int64_t samples : {400, 17, 10000, 1, 399}) {
            const Batch batch = batchOf(which, samples);
            compareWithAutograd(which, *engine, batch);
            const Batch apart{batch.inputs.t().contiguous().t(), batch.targets.t().contiguous().t()};
            compareWithAutograd(which, *engine, apart); // column by column in memory
        }
    }

    void theNormsGradientIsAutogradsOfTwice_data() { everyCase({2, 17, 300}); }

    void theNormsGradientIsAutogradsOfTwice()
    {
        QFETCH(Case, which);
        GradientNormEngine reference(which.architecture(), Loss::MeanSquaredError);
        const Batch batch = batchOf(which, which.samples);
        const at::Tensor parameters = which.parameters();
        at::Tensor ours = at::full_like(parameters, 1e9), theirs = at::empty_like(parameters);
        const Step step = which.engine(Objective::GradientNorm)->gradient(parameters, batch, ours, 0);
        const Step expected = reference.gradient(parameters, batch, theirs, 0);
        QVERIFY(relativeDifference(ours, theirs) < which.tolerance());
        QVERIFY(relativeDifference(step.loss, expected.loss) < which.tolerance());
    }

    void whereTheGradientIsZeroItsNormHasNoDirection()
    {
        const Case which{{1, 3, 1}, 4, at::kDouble};
        const at::Tensor parameters = at::zeros_like(which.parameters());
        const Batch batch{at::ones({4, 1}, at::kDouble), at::zeros({4, 1}, at::kDouble)};
        at::Tensor gradient = at::full_like(parameters, 1e9);
        const Step step = which.engine(Objective::GradientNorm)->gradient(parameters, batch, gradient, 0);
        QCOMPARE(step.loss.item<double>(), 0.0);
        QVERIFY(at::equal(gradient, at::zeros_like(gradient)));
    }

    /// Loss and gradient norm of 50 epochs, the learning rate changing on the way.
    void trainingIsAutogradsAndAdams_data() { everyCase({17, 400}); }

    void trainingIsAutogradsAndAdams()
    {
        QFETCH(Case, which);
        AutogradEngine reference(which.architecture(), Loss::MeanSquaredError);
        const auto engine = which.engine();
        const Batch batch = batchOf(which, which.samples);
        const LearnerOptions options{{.learningRate = 3e-3, .weightDecay = 1e-4}, true};
        const auto ours = makeLearner(*engine, Loss::MeanSquaredError, options);
        const auto theirs = makeLearner(reference, Loss::MeanSquaredError, options);
        const at::Tensor parameters = which.parameters(), expected = parameters.clone();
        const double tolerance = 100 * which.tolerance();
        for (int epoch = 1; epoch <= 50; ++epoch) {
            EpochTotals seen[2];
            for (const auto &[learner, values, result] :
                 {std::tuple(ours.get(), parameters, &seen[0]), std::tuple(theirs.get(), expected, &seen[1])})
            {
                learner->setLearningRate(epoch < 25 ? 3e-3 : 1e-3);
                learner->begin(values);
                learner->step(batch, 0);
                *result = learner->finish();
            }
            QVERIFY(std::abs(seen[0].lossSum / seen[1].lossSum - 1) < tolerance);
            QVERIFY(std::abs(seen[0].gradientNorm / seen[1].gradientNorm - 1) < tolerance);
        }
        QVERIFY(relativeDifference(parameters, expected) < tolerance);
    }

    void theSameBitsWhateverTheThreads()
    {
        const Case which{{1, 400, 1}, 300, at::kFloat};
        const Batch batch = batchOf(which, which.samples);
        std::vector<at::Tensor> trained;
        for (const int threads : {1, 2, 3, 1}) {
            at::set_num_threads(threads);
            const auto engine = which.engine();
            const auto learner = makeLearner(*engine, Loss::MeanSquaredError, {});
            trained.push_back(which.parameters());
            learner->begin(trained.back());
            for (int step = 0; step < 20; ++step)
                learner->step(batch, 0);
            learner->finish();
        }
        at::set_num_threads(1);
        for (const at::Tensor &parameters : trained)
            QVERIFY(at::equal(parameters, trained.front()));
    }

    void everyProcessorsKernelsAgree()
    {
        test::onEveryTarget([](const char *) {
            for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
                const Case which{{2, 13, 26, 9, 3}, 403, type};
                const auto engine = which.engine();
                compareWithAutograd(which, *engine, batchOf(which, which.samples));
            }
        });
    }

    void largeOrOtherNetworksAreLeftToOthers()
    {
        const Workload workload{.type = at::kFloat};
        const Loss squared = Loss::MeanSquaredError;
        QVERIFY(suitsLanes(mlp({1, 4096, 1}), squared, workload));
        QVERIFY(!suitsLanes(mlp({784, 500, 10}), squared, workload));
        QVERIFY(!suitsLanes(mlp({1, 5, 2}), Loss::CrossEntropy, workload));
        QVERIFY(!suitsLanes(mlp({1, 5, 2}), squared, {.device = at::kCUDA}));
        QVERIFY(!suitsLanes(mlp({1, 5, 2}), squared, {.type = at::kBFloat16}));
        QVERIFY(!suitsLanes({{4}, {Linear{4, 4}, Activate{}}}, squared, workload));
        QVERIFY(!suitsLanes({{4}, {Linear{4, 4}, Dropout{0.5}, Linear{4, 1}}}, squared, workload));
        QVERIFY(!suitsLanes({{1, 2, 2}, {Linear{2, 1}}}, squared, workload));
    }
};

QTEST_GUILESS_MAIN(TestLanes)
#include "test_lanes.moc"
