// The dense classifiers' kernels against autograd, whatever the shapes, the inputs, the threads and the
// processor.

#include "base/device.h"
#include "nn/dense/denseengine.h"
#include "nn/dense/densepass.h"
#include "nn/makeengine.h"
#include "nn/memory/threadteam.h"
#include "nn/network.h"
#include "nn/torch/autogradengine.h"
#include "nn/torch/tensoractivation.h"
#include "tests/networks.h"
#include "tests/targets.h"
#include "tests/tensors.h"

#include <QtTest>
#include <algorithm>
#include <atomic>
#include <cmath>

using namespace losslab;
using test::onEveryTarget;
using test::relativeDifference;

Q_DECLARE_METATYPE(losslab::Precision)
Q_DECLARE_METATYPE(losslab::Activation)

namespace {

constexpr std::int64_t pixels = 784;

/// Images of which this share of the bytes is not zero.
Batch images(std::int64_t count, std::int64_t width, double density, std::int64_t classes)
{
    const at::Tensor bytes = at::randint(1, 256, {count, width}, at::kByte);
    const at::Tensor mask = at::rand({count, width}).lt(density);
    return {bytes.mul(mask).to(at::kByte), at::randint(classes, {count}, at::kLong)};
}

void eitherPrecision()
{
    QTest::addColumn<Precision>("precision");
    QTest::newRow("float32") << Precision::Full;
    QTest::newRow("bfloat16") << Precision::BFloat16;
}

void everyActivation()
{
    QTest::addColumn<Activation>("activation");
    for (const Activation activation : allActivations)
        QTest::newRow(std::string(activationName(activation)).c_str()) << activation;
}

/// ‖a - b‖ / ‖b‖ of the layer's parameters that are furthest apart.
double furthestLayer(const Architecture &architecture, const at::Tensor &a, const at::Tensor &b)
{
    const std::vector<at::Tensor> ours = views(architecture, a), theirs = views(architecture, b);
    double most = 0;
    for (std::size_t i = 0; i < ours.size(); ++i)
        most = std::max(most, relativeDifference(ours[i], theirs[i]));
    return most;
}

struct Rounded
{
    at::Tensor outputs;
    at::Tensor gradient; ///< [P]
};

/// A pass through linear layers with this activation and back, of cross entropy, each operand of a product
/// rounded to bfloat16 but for the images' pixels.
Rounded roundedPass(const Architecture &architecture, const at::Tensor &parameters, const Batch &batch)
{
    const Activation activation = denseForm(architecture).value().activation;
    const auto rounded = [](const at::Tensor &tensor) { return tensor.to(at::kBFloat16).to(at::kFloat); };
    const std::vector<at::Tensor> weights = views(architecture, parameters);
    const std::size_t layers = weights.size() / 2;
    std::vector<at::Tensor> inputs{scaledInputs(batch.inputs, at::kFloat)}; // of each layer, then the outputs
    std::vector<at::Tensor> sums, values;                                   // before and after an activation
    for (std::size_t l = 0; l < layers; ++l) {
        const at::Tensor y = at::mm(inputs.back(), rounded(weights[2 * l]).t()) + weights[2 * l + 1];
        sums.push_back(y);
        values.push_back(activated(activation, y));
        inputs.push_back(l + 1 < layers ? rounded(values.back()) : y);
    }
    Rounded result{inputs.back(), at::empty_like(parameters)};
    const std::vector<at::Tensor> gradients = views(architecture, result.gradient);
    at::Tensor delta = result.outputs.softmax(1);
    delta.sub_(at::one_hot(batch.targets, delta.size(1))).div_(static_cast<double>(delta.size(0)));
    for (std::size_t l = layers; l-- > 0;) {
        gradients[2 * l].copy_(at::mm(rounded(delta).t(), inputs[l]));
        gradients[2 * l + 1].copy_(delta.sum(0));
        if (l > 0)
            delta = throughActivation(activation, at::mm(rounded(delta), rounded(weights[2 * l])),
                                      sums[l - 1], values[l - 1]);
    }
    return result;
}

/// One epoch's figures.
EpochTotals epoch(Learner &learner, const Network &network, const std::vector<Batch> &batches)
{
    learner.begin(network.parameters());
    for (const Batch &batch : batches)
        learner.step(batch, 0);
    return learner.finish();
}

/// How far two trainings in float end from the same one in double, as shares of it.
struct Parted
{
    double ours, autograds;        ///< of the parameters
    double ourLoss, autogradsLoss; ///< of the last epoch's loss
    double ourHits;                ///< apart in that epoch
};

Parted partedAfterTraining(std::uint64_t seed, double density, double weightDecay)
{
    const Architecture architecture = mlp({pixels, 40, 24, 10});
    const Network ours(architecture, seed), theirs(architecture, seed),
        exact(architecture, seed, at::kCPU, at::kDouble);
    const LearnerOptions options{.optimizer = {.learningRate = 1e-3, .weightDecay = weightDecay}};
    DenseEngine engine(architecture, {.density = density});
    AutogradEngine reference(architecture, Loss::CrossEntropy);
    const auto learner = engine.ownLearner(options);
    const auto floating = makeLearner(reference, Loss::CrossEntropy, options);
    const auto known = makeLearner(reference, Loss::CrossEntropy, options);
    const std::vector<Batch> batches{images(40, pixels, density, 10), images(40, pixels, density, 10),
                                     images(13, pixels, density, 10)};
    EpochTotals seen, floats, expected;
    for (int i = 0; i < 20; ++i) {
        seen = epoch(*learner, ours, batches);
        floats = epoch(*floating, theirs, batches);
        expected = epoch(*known, exact, batches);
    }
    return {relativeDifference(ours.parameters().to(at::kDouble), exact.parameters()),
            relativeDifference(theirs.parameters().to(at::kDouble), exact.parameters()),
            std::abs(seen.lossSum / expected.lossSum - 1), std::abs(floats.lossSum / expected.lossSum - 1),
            std::abs(static_cast<double>(seen.hits - expected.hits))};
}

double median(std::vector<double> values)
{
    const auto middle = values.begin() + std::ssize(values) / 2;
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

class TestDenseEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { at::manual_seed(11); }
    void cleanup() { setThreads(1); }

    void gradientsEqualAutograds_data()
    {
        QTest::addColumn<std::vector<std::int64_t>>("widths");
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("density");
        const auto add = [](const char *name, const std::vector<std::int64_t> &widths, int count,
                            double density) { QTest::newRow(name) << widths << count << density; };
        add("weight-pca", {pixels, 500, 50, 10}, 100, 0.19);
        add("random-labels", {pixels, 256, 256, 256, 10}, 200, 0.19);
        add("capacity, widest", {pixels, 1000, 10}, 50, 0.19);
        add("sensitivity, batch of ten", {pixels, 500, 10}, 10, 0.19);
        add("one sample", {pixels, 100, 10}, 1, 0.19);
        add("nothing but zeros", {pixels, 30, 10}, 7, 0);
        add("dense images", {pixels, 100, 10}, 33, 1);
        add("odd widths", {37, 19, 3, 41, 5}, 23, 0.3);
        add("many classes", {50, 20, 70}, 19, 0.5);
        add("no hidden layer", {pixels, 10}, 64, 0.19);
        add("a batch beyond the cache", {60, 40, 10}, 20000, 0.2);
    }

    void gradientsEqualAutograds()
    {
        QFETCH(std::vector<std::int64_t>, widths);
        QFETCH(int, count);
        QFETCH(double, density);
        const Architecture architecture = mlp(widths);
        const Network network(architecture, 4);
        const at::Tensor &parameters = network.parameters();
        const Batch batch = images(count, widths.front(), density, widths.back());
        QVERIFY(suitsDense(architecture, Loss::CrossEntropy, {.density = density}));

        AutogradEngine reference(architecture, Loss::CrossEntropy);
        at::Tensor expected = at::empty_like(parameters);
        const Step known = reference.gradient(parameters, batch, expected, 0);
        onEveryTarget([&](const char *target) {
            DenseEngine engine(architecture, {.density = density});
            at::Tensor gradient = at::full_like(parameters, 1e9); // must be overwritten, not added to
            const Step step = engine.gradient(parameters, batch, gradient, 0);
            QVERIFY2(relativeDifference(gradient, expected) < 1e-5, target);
            QVERIFY2(relativeDifference(step.loss, known.loss) < 1e-5, target);
            QVERIFY2(relativeDifference(step.outputs, known.outputs) < 1e-5, target);
            QVERIFY2(relativeDifference(engine.outputs(parameters, batch.inputs), known.outputs) < 1e-5,
                     target);
        });
    }

    void everyActivationsGradientsAreAutograds_data() { everyActivation(); }

    /// Layer by layer, on widths that leave vectors half full; evaluation after training, and again.
    void everyActivationsGradientsAreAutograds()
    {
        QFETCH(Activation, activation);
        const Architecture architecture = mlp({61, 37, 21, 5}, activation);
        const at::Tensor parameters = Network(architecture, 4).parameters();
        const Batch batch = images(43, 61, 0.3, 5);
        QVERIFY(suitsDense(architecture, Loss::CrossEntropy, {}));
        AutogradEngine reference(architecture, Loss::CrossEntropy);
        at::Tensor expected = at::empty_like(parameters);
        const Step known = reference.gradient(parameters, batch, expected, 0);
        const Rounded rounded = roundedPass(architecture, parameters, batch);
        onEveryTarget([&](const char *target) {
            DenseEngine engine(architecture, {.density = 0.3});
            DenseEngine rough(architecture, {.density = 0.3, .precision = Precision::BFloat16});
            at::Tensor gradient = at::full_like(parameters, 1e9);
            for (int time = 0; time < 2; ++time) {
                const Step step = engine.gradient(parameters, batch, gradient, 0);
                QVERIFY2(furthestLayer(architecture, gradient, expected) < 1e-5, target);
                QVERIFY2(relativeDifference(step.loss, known.loss) < 1e-5, target);
                QVERIFY2(relativeDifference(engine.outputs(parameters, batch.inputs), known.outputs) < 1e-5,
                         target);
                const Step roughStep = rough.gradient(parameters, batch, gradient, 0);
                QVERIFY2(relativeDifference(roughStep.outputs, rounded.outputs) < 1e-3, target);
                QVERIFY2(relativeDifference(gradient, rounded.gradient) < 3e-3, target);
            }
        });
    }

    void floatInputsAreTakenAsTheyAre_data() { eitherPrecision(); }

    void floatInputsAreTakenAsTheyAre()
    {
        QFETCH(Precision, precision);
        const Architecture architecture = mlp({20, 30, 4});
        const Network network(architecture, 4);
        const Batch batch{at::randn({9, 20}), at::randint(4, {9}, at::kLong)};
        AutogradEngine reference(architecture, Loss::CrossEntropy);
        DenseEngine engine(architecture, {.density = 0.1, .precision = precision});
        at::Tensor expected = at::empty_like(network.parameters()), gradient = at::empty_like(expected);
        reference.gradient(network.parameters(), batch, expected, 0);
        engine.gradient(network.parameters(), batch, gradient, 0);
        QVERIFY(relativeDifference(gradient, expected) < (precision == Precision::Full ? 1e-5 : 1e-2));
    }

    void trainingFollowsAutogradAndAdam_data()
    {
        QTest::addColumn<double>("density");
        QTest::addColumn<double>("weightDecay");
        QTest::newRow("sparse") << 0.2 << 0.0;
        QTest::newRow("sparse, weight decay") << 0.2 << 1e-2;
        QTest::newRow("dense, weight decay") << 1.0 << 1e-2;
    }

    /// Twenty epochs of three batches, on every kind of processor. Rounding grows from step to step, so
    /// autograd in float parts from autograd in double, too: ours may part as far. The median of five
    /// trainings counts: where a unit's sum lies within rounding of ReLU's kink, it is on in one training and
    /// off in another, and these part by a thousand times the rounding, autograd's as well as ours.
    void trainingFollowsAutogradAndAdam()
    {
        QFETCH(double, density);
        QFETCH(double, weightDecay);
        onEveryTarget([&](const char *target) {
            std::vector<double> ours, autograds, ourLoss, autogradsLoss, ourHits;
            for (std::uint64_t seed = 1; seed <= 5; ++seed) {
                const Parted parted = partedAfterTraining(seed, density, weightDecay);
                ours.push_back(parted.ours);
                autograds.push_back(parted.autograds);
                ourLoss.push_back(parted.ourLoss);
                autogradsLoss.push_back(parted.autogradsLoss);
                ourHits.push_back(parted.ourHits);
            }
            const double difference = median(ours), noise = median(autograds);
            QVERIFY2(difference < 1e-6 + 3 * noise,
                     qPrintable(QStringLiteral("%1: %2, noise %3").arg(target).arg(difference).arg(noise)));
            QVERIFY2(median(ourLoss) < 1e-5 + 3 * median(autogradsLoss), target);
            QVERIFY2(median(ourHits) <= 1, target);
        });
    }

    /// Against the same products by LibTorch, with the operands rounded by it. Where a sum in another order
    /// lies on the other side of a rounding's edge, an operand differs by 2^-8, hence the tolerance.
    void bfloat16RoundsTheProductsOperands_data() { gradientsEqualAutograds_data(); }

    void bfloat16RoundsTheProductsOperands()
    {
        QFETCH(std::vector<std::int64_t>, widths);
        QFETCH(int, count);
        QFETCH(double, density);
        const Architecture architecture = mlp(widths);
        const Network network(architecture, 4);
        const at::Tensor &parameters = network.parameters();
        const Batch batch = images(count, widths.front(), density, widths.back());
        const Rounded expected = roundedPass(architecture, parameters, batch);
        onEveryTarget([&](const char *target) {
            DenseEngine engine(architecture, {.density = density, .precision = Precision::BFloat16});
            at::Tensor gradient = at::full_like(parameters, 1e9);
            const Step step = engine.gradient(parameters, batch, gradient, 0);
            QVERIFY2(relativeDifference(step.outputs, expected.outputs) < 1e-4, target);
            QVERIFY2(relativeDifference(gradient, expected.gradient) < 1e-3, target);
            AutogradEngine reference(architecture, Loss::CrossEntropy);
            QVERIFY2(relativeDifference(engine.outputs(parameters, batch.inputs),
                                        reference.outputs(parameters, batch.inputs))
                         < 1e-5,
                     target); // evaluation is not rounded
        });
    }

    /// The learner, which rounds weights as Adam leaves them, against the same gradients and then Adam.
    void bfloat16TrainsAsItsGradientsSay()
    {
        const Architecture architecture = mlp({61, 37, 21, 5});
        const Batch batch = images(23, 61, 0.3, 5);
        const LearnerOptions options{.optimizer = {.learningRate = 1e-3, .weightDecay = 1e-2}};
        onEveryTarget([&](const char *target) {
            setThreads(3);
            const Network ours(architecture, 8), theirs(architecture, 8);
            DenseEngine engine(architecture, {.density = 0.3, .precision = Precision::BFloat16});
            DenseEngine another(architecture, {.density = 0.3, .precision = Precision::BFloat16});
            LearnerOptions byGradient = options;
            byGradient.onGradient = [](const at::Tensor &) {};
            const auto learner = engine.ownLearner(options);
            const auto known = makeLearner(another, Loss::CrossEntropy, byGradient);
            learner->begin(ours.parameters());
            known->begin(theirs.parameters());
            for (int step = 0; step < 20; ++step) {
                learner->step(batch, 0);
                known->step(batch, 0);
            }
            QVERIFY2(std::abs(learner->finish().lossSum / known->finish().lossSum - 1) < 1e-5, target);
            QVERIFY2(relativeDifference(ours.parameters(), theirs.parameters()) < 1e-5, target);
        });
    }

    void bfloat16IsForDenseClassifiersAlone()
    {
        const Workload workload{.precision = Precision::BFloat16};
        for (const Activation activation : allActivations)
            QCOMPARE(makeEngine(mlp({9, 8, 3}, activation), Loss::CrossEntropy, workload)->name(),
                     std::string_view("dense"));
        const Architecture dropping{{9}, {Linear{9, 8}, Activate{}, Dropout{}, Linear{8, 3}}};
        QVERIFY_EXCEPTION_THROWN(makeEngine(dropping, Loss::CrossEntropy, workload), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(makeEngine(mlp({1, 8, 1}), Loss::MeanSquaredError, workload),
                                 std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(makeEngine(test::cnn1(), Loss::CrossEntropy, workload),
                                 std::invalid_argument);
    }

    void anyNumberOfThreadsGivesTheSameBits_data()
    {
        QTest::addColumn<Precision>("precision");
        QTest::addColumn<Activation>("activation");
        for (const Activation activation : {Activation::Relu, Activation::Tanh, Activation::Gelu}) {
            const std::string name(activationName(activation));
            QTest::addRow("float32, %s", name.c_str()) << Precision::Full << activation;
            QTest::addRow("bfloat16, %s", name.c_str()) << Precision::BFloat16 << activation;
        }
    }

    void anyNumberOfThreadsGivesTheSameBits()
    {
        QFETCH(Precision, precision);
        QFETCH(Activation, activation);
        const Architecture architecture = mlp({pixels, 101, 63, 10}, activation);
        const Batch batch = images(77, pixels, 0.19, 10);
        const auto trained = [&](int threads) {
            setThreads(threads);
            const Network network(architecture, 8);
            DenseEngine engine(architecture, {.density = 0.19, .precision = precision});
            const auto learner = engine.ownLearner({.optimizer = {.weightDecay = 1e-4}});
            learner->begin(network.parameters());
            for (int step = 0; step < 20; ++step)
                learner->step(batch, 0);
            const EpochTotals seen = learner->finish();
            return std::pair(network.parameters(), seen.lossSum);
        };
        const auto [one, lossOfOne] = trained(1);
        for (const int threads : {1, 2, 3, 5}) {
            const auto [parameters, loss] = trained(threads);
            QVERIFY(at::equal(parameters, one));
            QCOMPARE(loss, lossOfOne);
        }
    }

    void blocksOfABatchGiveTheSameBits_data()
    {
        QTest::addColumn<Precision>("precision");
        QTest::addColumn<bool>("bytes");
        for (const bool bytes : {true, false}) {
            QTest::addRow("float32, %s", bytes ? "images" : "floats") << Precision::Full << bytes;
            QTest::addRow("bfloat16, %s", bytes ? "images" : "floats") << Precision::BFloat16 << bytes;
        }
    }

    /// Gradients, losses, hits and outputs of a batch that goes in pieces of 64 rows, whose last one is odd.
    void blocksOfABatchGiveTheSameBits()
    {
        QFETCH(Precision, precision);
        QFETCH(bool, bytes);
        const DenseArrangement arrangement(mlp({60, 41, 24, 10}));
        std::vector<float> parameters(arrangement.size());
        arrangement.arrange(Network(mlp({60, 41, 24, 10}), 4).parameters().const_data_ptr<float>(),
                            parameters.data());
        Batch batch = images(333, 60, 0.3, 10);
        if (!bytes)
            batch.inputs = scaledInputs(batch.inputs, at::kFloat);
        onEveryTarget([&](const char *target) {
            DensePass whole(arrangement, true, precision);
            DensePass blocks(arrangement, true, precision, {}, 1);
            std::vector<float> expected(arrangement.size()), gradient(arrangement.size());
            at::Tensor known = at::empty({333, 10}), outputs = at::empty({333, 10});
            for (const auto &[pass, to, logits] :
                 {std::tuple(&whole, &expected, &known), {&blocks, &gradient, &outputs}}) {
                pass->prepare(parameters.data());
                pass->run(parameters.data(), batch, {.gradient = to->data()},
                          logits->mutable_data_ptr<float>());
            }
            QVERIFY2(gradient == expected, target);
            QVERIFY2(at::equal(outputs, known), target);
            QVERIFY2(at::equal(blocks.outputs(parameters.data(), batch.inputs),
                               whole.outputs(parameters.data(), batch.inputs)),
                     target);
            QCOMPARE(blocks.lossSum(), whole.lossSum());
            QCOMPARE(blocks.hits(), whole.hits());
        });
    }

    /// By the count of multiplications between two looks at whether to stop, whatever the batch.
    void aLongStepFeelsThePulseAndCanBeLeft()
    {
        const Architecture architecture = mlp({pixels, 3000, 10});
        const Batch batch = images(1500, pixels, 0.05, 10);
        const Network network(architecture, 4), spared(architecture, 4);
        std::int64_t pulses = 0;
        bool leaves = false;
        const Workload workload{.density = 0.05, .pulse = [&] {
                                    ++pulses;
                                    if (leaves && pulses == 2)
                                        throw std::runtime_error("left");
                                }};
        const auto engine = makeEngine(architecture, Loss::CrossEntropy, workload);
        const auto learner = makeLearner(*engine, Loss::CrossEntropy, {});
        learner->begin(network.parameters());
        const std::int64_t pieces = architecture.multiplications() * 1500 / pieceOfWork;
        QVERIFY(pieces >= 3);
        leaves = true;
        QVERIFY_EXCEPTION_THROWN(learner->step(batch, 0), std::runtime_error);
        pulses = 0;
        leaves = false;
        learner->step(batch, 0);
        QVERIFY(pulses >= pieces);
        learner->finish();
        // The step that was left has left no trace.
        const auto other = makeLearner(*engine, Loss::CrossEntropy, {});
        other->begin(spared.parameters());
        other->step(batch, 0);
        other->finish();
        QVERIFY(at::equal(spared.parameters(), network.parameters()));
        pulses = 0;
        engine->outputs(network.parameters(), batch.inputs);
        QVERIFY(pulses >= pieces);
    }

    void aLossThatIsNoNumberStaysNone_data()
    {
        QTest::addColumn<Precision>("precision");
        QTest::addColumn<int>("place"); // of the parameter that is no number
        QTest::addColumn<float>("value");
        QTest::addColumn<Activation>("activation");
        const float none = std::numeric_limits<float>::quiet_NaN();
        const int lastBias = pixels * 30 + 30 + 30 * 10 + 10 - 1; // of a class that no label names
        for (const Precision precision : {Precision::Full, Precision::BFloat16})
            for (const int at : {5, lastBias})
                for (const float value : {none, -none})
                    QTest::addRow("%s%s, %s", at == 5 ? "a hidden weight" : "one output",
                                  std::signbit(value) ? ", the sign bit set" : "",
                                  precision == Precision::Full ? "float32" : "bfloat16")
                        << precision << at << value << Activation::Relu;
        for (const Activation activation : allActivations)
            QTest::addRow("a hidden weight, %s", std::string(activationName(activation)).c_str())
                << Precision::Full << 5 << none << activation;
    }

    void aLossThatIsNoNumberStaysNone()
    {
        QFETCH(Precision, precision);
        QFETCH(int, place);
        QFETCH(float, value);
        QFETCH(Activation, activation);
        const Architecture architecture = mlp({pixels, 30, 10}, activation);
        const Network network(architecture, 8);
        network.parameters()[place].fill_(value);
        const Batch batch = images(8, pixels, 1, 9);
        onEveryTarget([&](const char *target) {
            DenseEngine engine(architecture, {.density = 0.5, .precision = precision});
            const auto learner = engine.ownLearner({});
            learner->begin(network.parameters().clone());
            learner->step(batch, 0);
            QVERIFY2(std::isnan(learner->finish().lossSum), target);
        });
    }

    void aThreadsFailureReachesTheCaller()
    {
        ThreadTeam team;
        team.resize(3);
        std::atomic<int> done{0};
        for (const std::size_t failing : {std::size_t{0}, std::size_t{2}}) {
            QVERIFY_EXCEPTION_THROWN(team.run([&](std::size_t thread) {
                if (thread == failing)
                    throw std::bad_alloc();
                ++done;
            }),
                                     std::bad_alloc);
        }
        team.run([&](std::size_t) { ++done; });
        QCOMPARE(done.load(), 2 + 2 + 3);
    }
};

QTEST_GUILESS_MAIN(TestDenseEngine)
#include "test_denseengine.moc"
