#include "nn/architecture.h"
#include "nn/network.h"
#include "tests/networks.h"

#include <QtTest>

using namespace losslab;

class TestNn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parameterCountsOfTheReference_data()
    {
        QTest::addColumn<qint64>("count");
        QTest::addColumn<qint64>("expected");
        const auto row = [](const char *name, const Architecture &architecture, qint64 expected) {
            QTest::newRow(name) << qint64(architecture.parameterCount()) << expected;
        };
        row("function-fit deep", mlp({1, 5, 10, 10, 10, 10, 9, 5, 1}), 555);
        row("function-fit middle", mlp({1, 5, 12, 15, 10, 10, 1}), 558);
        row("function-fit shallow", mlp({1, 26, 18, 1}), 557);
        row("1-400-1", mlp({1, 400, 1}), 1201);
        row("cnn1", test::cnn1(), 24330);
        row("cnn2", test::cnn2(), 24350);
        row("cnn3", test::cnn3(), 24115);
        row("784-500-50-10", mlp({784, 500, 50, 10}), 418060);
        row("784-256-256-256-10", mlp({784, 256, 256, 256, 10}), 335114);
    }

    void parameterCountsOfTheReference()
    {
        QFETCH(qint64, count);
        QFETCH(qint64, expected);
        QCOMPARE(count, expected);
    }

    void namesAndShapesAreThoseOfSequential()
    {
        const std::vector<ParameterSlice> slices = mlp({3, 4, 2}).parameters();
        QCOMPARE(slices.size(), std::size_t(4));
        QCOMPARE(slices[0].name, std::string("0.weight"));
        QCOMPARE(slices[0].shape, (std::vector<std::int64_t>{4, 3}));
        QCOMPARE(slices[1].name, std::string("0.bias"));
        QCOMPARE(slices[2].name, std::string("2.weight"));
        QCOMPARE(slices[2].shape, (std::vector<std::int64_t>{2, 4}));
        QCOMPARE(slices[3].offset + slices[3].size, std::int64_t(4 * 3 + 4 + 2 * 4 + 2));
    }

    void weightsStartUniformInOneOverRootFanIn()
    {
        const Architecture architecture =
            test::convolutional(4, 20, {Linear{320, 50}, Activate{}, Linear{50, 10}});
        const Network network(architecture, 42);
        const std::vector<at::Tensor> tensors = views(architecture, network.parameters());
        const std::vector<ParameterSlice> slices = architecture.parameters();
        for (std::size_t i = 0; i < slices.size(); ++i) {
            const double bound = 1 / std::sqrt(double(slices[i].fanIn));
            const at::Tensor scaled = tensors[i].to(at::kDouble) / bound;
            QVERIFY(scaled.abs().max().item<double>() <= 1);
            if (slices[i].size < 1000)
                continue;
            // Uniform in ±1: mean 0, variance 1/3, fourth moment 1/5; six standard errors allowed.
            const double n = double(slices[i].size);
            QVERIFY(std::abs(scaled.mean().item<double>()) < 6 * std::sqrt(1.0 / 3 / n));
            QVERIFY(std::abs(scaled.square().mean().item<double>() - 1.0 / 3)
                    < 6 * std::sqrt((1.0 / 5 - 1.0 / 9) / n));
            QVERIFY(scaled.abs().max().item<double>() > 1 - 20 / n);
        }
    }

    void weightsFollowTheSeedAlone()
    {
        const Architecture architecture = mlp({784, 30, 10});
        const Network one(architecture, 1), again(architecture, 1), other(architecture, 2);
        QVERIFY(at::equal(one.parameters(), again.parameters()));
        QVERIFY(!at::equal(one.parameters(), other.parameters()));
        const Network wide(architecture, 1, at::kCPU, at::kDouble);
        QVERIFY(at::equal(one.parameters(), wide.parameters().to(at::kFloat)));
        // SplitMix, Mersenne Twister and our own uniform draw are defined to the bit: the first weight of
        // seed 1.
        QCOMPARE(wide.parameters()[0].item<double>(),
                 (2 * double(2469588189546311528ull >> 11) / 9007199254740992.0 - 1) / 28);
    }

    void tensorsAreCopiesInSequentialsLayout()
    {
        const Architecture architecture = mlp({2, 3, 1});
        const Network network(architecture, 9);
        const std::vector<TensorData> tensors = network.tensors();
        QCOMPARE(tensors.size(), std::size_t(4));
        QCOMPARE(tensors[0].bytes.size(), std::size_t(6 * 4));
        float third = 0;
        std::memcpy(&third, tensors[0].bytes.data() + 2 * sizeof(float), sizeof third);
        QCOMPARE(third, views(architecture, network.parameters())[0][1][0].item<float>());
        network.parameters().zero_();
        std::memcpy(&third, tensors[0].bytes.data() + 2 * sizeof(float), sizeof third);
        QVERIFY(third != 0);
    }
};

QTEST_GUILESS_MAIN(TestNn)
#include "test_nn.moc"
