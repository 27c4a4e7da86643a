// The kernels' engine against autograd: the same values from the same parameters, whatever the shape of the
// network, the size of the batch, the number of threads and the kind of processor.

#include "base/device.h"
#include "nn/conv/convengine.h"
#include "nn/makeengine.h"
#include "nn/network.h"
#include "nn/torch/autogradengine.h"
#include "tests/networks.h"
#include "tests/targets.h"
#include "tests/tensors.h"

#include <ATen/Parallel.h>
#include <QtTest>
#include <algorithm>

using namespace losslab;
using test::relativeDifference;

Q_DECLARE_METATYPE(losslab::Activation)

namespace {

constexpr std::int64_t classes = 10;

/// Images with two channels that are not square, kernels of two sizes, three convolutions, no ReLU in places.
Architecture odd()
{
    return {{2, 33, 38},
            {Conv2d{2, 7, 2}, Activate{}, MaxPool2d{2}, Conv2d{7, 18, 3}, Activate{}, MaxPool2d{2},
             Conv2d{18, 5, 3}, Activate{}, MaxPool2d{2}, Flatten{}, Linear{30, 13}, Dropout{0.4},
             Linear{13, 9}, Activate{}, Dropout{0.1}, Linear{9, classes}}};
}

/// One convolution with more positions than are taken at once.
Architecture wide()
{
    return {{1, 41, 44}, {Conv2d{1, 3, 5}, Activate{}, MaxPool2d{2}, Flatten{}, Linear{1080, classes}}};
}

/// Colour, borders of zeros on all sides or on two, all sizes of kernels, with pools and without.
Architecture padded(Activation activation)
{
    const Activate activate{activation};
    return {{3, 18, 21},
            {Conv2d{3, 12, 3, 1, 1, 1}, activate, MaxPool2d{2}, Conv2d{12, 17, 4, 1, 1, 2}, activate,
             MaxPool2d{2}, Conv2d{17, 6, 1}, activate, Conv2d{6, 9, 5, 1, 2, 2}, activate, Flatten{},
             Linear{180, 13}, activate, Dropout{0.2}, Linear{13, classes}}};
}

/// Strides; maps as narrow as one column; no pool, so that any activation is taken.
Architecture strided(Activation activation)
{
    const Activate activate{activation};
    return {{1, 23, 19},
            {Conv2d{1, 8, 5, 2, 1, 1}, activate, Conv2d{8, 33, 3, 3, 2, 2}, activate,
             Conv2d{33, 5, 2, 1, 1, 0}, activate, Conv2d{5, 4, 3, 2}, activate, Flatten{},
             Linear{8, classes}}};
}

/// As many channels as networks of images have, a pool behind a stride, no activation in places.
Architecture manyChannels()
{
    return {{3, 16, 16},
            {Conv2d{3, 32, 3, 1, 1, 1}, Activate{}, MaxPool2d{2}, Conv2d{32, 64, 3, 1, 1, 1}, Activate{},
             MaxPool2d{2}, Conv2d{64, 63, 3, 1, 1, 1}, MaxPool2d{2}, Flatten{}, Linear{252, classes}}};
}

struct Case
{
    const char *name;
    Architecture architecture;
};

std::vector<Case> cases()
{
    return {{"cnn1", test::cnn1()},
            {"cnn2", test::cnn2()},
            {"cnn3", test::cnn3()},
            {"odd", odd()},
            {"wide", wide()},
            {"padded", padded(Activation::Relu)},
            {"strided", strided(Activation::Relu)},
            {"many channels", manyChannels()}};
}

/// Bytes as an image set has them: much background, so that pools meet equal values.
Batch someBatch(const Architecture &architecture, std::int64_t count)
{
    at::Generator generator = at::globalContext().defaultGenerator(at::kCPU).clone();
    generator.set_current_seed(static_cast<std::uint64_t>(count));
    const std::int64_t size = architecture.input[0] * architecture.input[1] * architecture.input[2];
    const at::Tensor grey = at::rand({count, size}, generator);
    // Which of ten strips is brightest: that can be learnt.
    const at::Tensor strips = grey.slice(1, 0, size / classes * classes).view({count, classes, -1});
    return {((grey - 0.6).clamp_min(0) * 600).to(at::kByte), strips.sum(2).argmax(1)};
}

struct Computed
{
    Step step;
    at::Tensor gradient;
};

Computed gradientBy(Engine &engine, const at::Tensor &parameters, const Batch &batch)
{
    at::Tensor gradient = at::full_like(parameters, 1e9); // must be overwritten, not added to
    const Step step = engine.gradient(parameters, batch, gradient, 77);
    return {step, gradient};
}

/// The most that loss, outputs, in training and after, and a layer's gradient are apart from autograd's.
double furthestApart(const Architecture &architecture, const Batch &batch, std::uint64_t seed)
{
    const at::Tensor parameters = Network(architecture, seed).parameters();
    AutogradEngine reference(architecture, Loss::CrossEntropy);
    ConvEngine engine(architecture);
    const Computed expected = gradientBy(reference, parameters, batch),
                   got = gradientBy(engine, parameters, batch);
    double most = std::max({relativeDifference(got.step.loss, expected.step.loss),
                            relativeDifference(got.step.outputs, expected.step.outputs),
                            relativeDifference(engine.outputs(parameters, batch.inputs),
                                               reference.outputs(parameters, batch.inputs))});
    const std::vector<at::Tensor> ours = views(architecture, got.gradient),
                                  theirs = views(architecture, expected.gradient);
    for (std::size_t layer = 0; layer < ours.size(); ++layer)
        most = std::max(most, relativeDifference(ours[layer], theirs[layer]));
    return most;
}

/// Of three networks the middle one counts: where two of a pool's values, or a value and ReLU's kink, are
/// within rounding of one another, gradients part by more than rounding.
void compare(const Architecture &architecture, const Batch &batch)
{
    std::vector<double> apart;
    for (const std::uint64_t seed : {5, 6, 7})
        apart.push_back(furthestApart(architecture, batch, seed));
    std::sort(apart.begin(), apart.end());
    QVERIFY2(apart[1] < 1e-5, qPrintable(QString::number(apart[1])));
}

} // namespace

class TestConvEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { at::set_num_threads(1); }

    void gradientsEqualAutograds_data()
    {
        QTest::addColumn<int>("index");
        QTest::addColumn<int>("count");
        int index = 0;
        for (const Case &which : cases()) {
            for (const int count : {1, 15, 64, 500})
                QTest::addRow("%s, batch %d", which.name, count) << index << count;
            ++index;
        }
    }

    void gradientsEqualAutograds()
    {
        QFETCH(int, index);
        QFETCH(int, count);
        const Architecture architecture = cases()[static_cast<std::size_t>(index)].architecture;
        compare(architecture, someBatch(architecture, count));
    }

    void everyActivationsGradientsAreAutograds_data()
    {
        QTest::addColumn<Activation>("activation");
        for (const Activation activation : allActivations)
            if (activation != Activation::None) // no layer
                QTest::newRow(std::string(activationName(activation)).c_str()) << activation;
    }

    /// Behind a pool and without, on every kind of processor.
    void everyActivationsGradientsAreAutograds()
    {
        QFETCH(Activation, activation);
        QVERIFY(suitsConv(padded(activation), Loss::CrossEntropy, {}));
        test::onEveryTarget([&](const char *) {
            for (const int count : {3, 70}) {
                compare(padded(activation), someBatch(padded(activation), count));
                compare(strided(activation), someBatch(strided(activation), count));
            }
        });
    }

    void floatImagesAreTakenAsTheyAre()
    {
        const Batch bytes = someBatch(test::cnn1(), 20);
        const Batch floats{scaledInputs(bytes.inputs, at::kFloat).view({20, 1, 28, 28}), bytes.targets};
        compare(test::cnn1(), floats);
        ConvEngine engine(test::cnn1());
        const Network network(test::cnn1(), 5);
        QVERIFY(at::equal(engine.outputs(network.parameters(), bytes.inputs),
                          engine.outputs(network.parameters(), floats.inputs)));
    }

    void everyKindOfProcessorAgrees()
    {
        test::onEveryTarget([](const char *target) {
            qInfo("%s", target);
            compare(test::cnn1(), someBatch(test::cnn1(), 21));
            compare(test::cnn3(), someBatch(test::cnn3(), 21));
            compare(odd(), someBatch(odd(), 21));
            compare(manyChannels(), someBatch(manyChannels(), 21));
        });
    }

    void threadsAndRepetitionGiveTheSameBits_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : {500, 3001})
            QTest::addRow("batch %d", count) << count;
    }

    void threadsAndRepetitionGiveTheSameBits()
    {
        QFETCH(int, count);
        const Network network(test::cnn1(), 5);
        const Batch batch = someBatch(test::cnn1(), count);
        ConvEngine engine(test::cnn1());
        const Computed first = gradientBy(engine, network.parameters(), batch);
        for (const int threads : {1, 2, 3}) {
            at::set_num_threads(threads);
            const Computed again = gradientBy(engine, network.parameters(), batch);
            QVERIFY(at::equal(first.gradient, again.gradient));
            QVERIFY(at::equal(first.step.outputs, again.step.outputs));
            QVERIFY(at::equal(first.step.loss, again.step.loss));
        }
    }

    void fiftyStepsGoTheReferencesWay_data()
    {
        QTest::addColumn<int>("index");
        for (int index = 0; index < 3; ++index)
            QTest::newRow(cases()[static_cast<std::size_t>(index)].name) << index;
    }

    void fiftyStepsGoTheReferencesWay()
    {
        QFETCH(int, index);
        const Architecture architecture = cases()[static_cast<std::size_t>(index)].architecture;
        const auto losses = [&](Engine &engine) {
            const Network network(architecture, 5);
            const auto learner =
                makeLearner(engine, Loss::CrossEntropy, {.optimizer = {.weightDecay = 1e-4}});
            std::vector<double> seen;
            for (int step = 0; step < 50; ++step) {
                const std::int64_t count = 100 + step % 5;
                learner->begin(network.parameters());
                learner->step(someBatch(architecture, count), static_cast<std::uint64_t>(step));
                seen.push_back(learner->finish().lossSum / static_cast<double>(count));
            }
            return at::tensor(seen);
        };
        AutogradEngine reference(architecture, Loss::CrossEntropy);
        ConvEngine engine(architecture);
        const at::Tensor expected = losses(reference), got = losses(engine);
        QVERIFY(expected[49].item<double>() < expected[0].item<double>());
        QVERIFY(((got - expected) / expected).abs().max().item<double>() < 1e-3);
    }

    void whatDoesNotFitIsLeftToOthers()
    {
        const auto suits = [](const Architecture &architecture, Loss loss = Loss::CrossEntropy,
                              const Workload &workload = {}) {
            return suitsConv(architecture, loss, workload);
        };
        QVERIFY(suits(test::cnn1()));
        QVERIFY(suits(odd()));
        QVERIFY(!suits(test::cnn1(), Loss::MeanSquaredError));
        QVERIFY(!suits(test::cnn1(), Loss::CrossEntropy, {.type = at::kDouble}));
        QVERIFY(!suits(test::cnn1(), Loss::CrossEntropy, {.device = at::kCUDA}));
        QVERIFY(!suits(mlp({784, 10})));
        QVERIFY(!suits({{1, 8, 8}, {Conv2d{1, 2, 3}, Activate{}, MaxPool2d{3}, Flatten{}, Linear{8, 2}}}));
        QVERIFY(!suits({{1, 8, 8}, {Conv2d{1, 2, 6}, Activate{}, MaxPool2d{2}, Flatten{}, Linear{2, 2}}}));
        QVERIFY(suits({{1, 8, 8}, {Conv2d{1, 2, 3}, MaxPool2d{2}, Flatten{}, Linear{18, 2}}}));
        QVERIFY(suits({{1, 8, 8}, {Conv2d{1, 2, 3}, Activate{}, Flatten{}, Linear{72, 2}}}));
        QVERIFY(!suits(
            {{1, 9, 9},
             {Conv2d{1, 33, 3}, Activate{}, Conv2d{33, 33, 3}, Activate{}, Flatten{}, Linear{825, 2}}}));
        QVERIFY(!suits({{1, 8, 8}, {Conv2d{1, 2, 3}, AvgPool2d{2}, Flatten{}, Linear{18, 2}}}));
        QVERIFY(!suits(
            {{1, 8, 8}, {Conv2d{1, 2, 3}, Activate{}, MaxPool2d{2}, Flatten{}, Dropout{}, Linear{18, 2}}}));
        QVERIFY(!suits(
            {{1, 8, 8}, {Conv2d{1, 2, 3}, Activate{}, MaxPool2d{2}, Flatten{}, Linear{18, 2}, Activate{}}}));
    }

    void everyChunkFeelsThePulseAndALeftStepLeavesNoTrace()
    {
        const Architecture architecture = test::cnn1();
        const at::Tensor parameters = Network(architecture, 5).parameters();
        const Batch batch{at::randint(256, {640, 784}, at::kByte), at::randint(10, {640}, at::kLong)};
        for (const int threads : {1, 2}) {
            setThreads(threads);
            int pulses = 0, leavesAt = 0;
            const auto engine = makeEngine(architecture, Loss::CrossEntropy, {.pulse = [&] {
                                               if (++pulses == leavesAt)
                                                   throw std::runtime_error("left");
                                           }});
            const Computed expected = gradientBy(*engine, parameters, batch);
            if (threads == 1)
                QVERIFY(pulses >= 10); // 640 samples in chunks of 64
            leavesAt = (pulses = 0) + 1;
            QVERIFY_EXCEPTION_THROWN(gradientBy(*engine, parameters, batch), std::runtime_error);
            QVERIFY(pulses == 1);
            QVERIFY(at::equal(gradientBy(*engine, parameters, batch).gradient, expected.gradient));
        }
        setThreads(1);
    }
};

QTEST_GUILESS_MAIN(TestConvEngine)
#include "test_convengine.moc"
