#include "data/targets.h"

#include <QTest>
#include <cmath>
#include <numbers>

using namespace losslab;

class TestTargets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linspaceIsEquallySpacedAndMeetsBothEnds()
    {
        QCOMPARE(linspace(-1, 1, 5), (std::vector<double>{-1, -0.5, 0, 0.5, 1}));
        const std::vector<double> points = linspace(-2, 2, 31);
        QCOMPARE(points.front(), -2.0);
        QCOMPARE(points.back(), 2.0);
        QVERIFY(points[15] == 0);
        for (std::size_t i = 1; i < points.size(); ++i)
            QVERIFY(std::abs(points[i] - points[i - 1] - 4.0 / 30) < 1e-15);
        QCOMPARE(linspace(3, 4, 1), std::vector<double>{3});
        QVERIFY(linspace(3, 4, 0).empty());
    }

    void squareIsZeroWhereTheSineIs()
    {
        for (int k = -4; k <= 4; ++k)
            QVERIFY2(evaluate(Target::Square, k / 5.0) == 0, qPrintable(QString::number(k)));
        // One point in the middle of each of the ten half waves.
        for (int k = -5; k < 5; ++k)
            QCOMPARE(evaluate(Target::Square, (k + 0.5) / 5), k % 2 == 0 ? 1.0 : -1.0);
    }

    void squareIsTheSignOfTheSineAtTheReportsPoints()
    {
        const TargetSamples samples = sample(Target::Square, 400);
        QCOMPARE(samples.x.size(), std::size_t{400});
        QCOMPARE(samples.y.front(), -1.0); // the function goes on to the ends
        QCOMPARE(samples.y.back(), 1.0);
        for (std::size_t i = 1; i < 399; ++i)
            QCOMPARE(samples.y[i], std::copysign(1.0, std::sin(5 * std::numbers::pi * samples.x[i])));
    }

    void sincIsOneInTheMiddleAndDiesAway()
    {
        QCOMPARE(evaluate(Target::Sinc, 0), 1.0);
        QCOMPARE(evaluate(Target::Sinc, 0.1), 2 / std::numbers::pi);
        QCOMPARE(evaluate(Target::Sinc, 1e-9), 1.0);
        const TargetSamples samples = sample(Target::Sinc, 300);
        for (std::size_t i = 0; i < 300; ++i) {
            QVERIFY(std::abs(samples.y[i] - samples.y[299 - i]) < 1e-13);
            QVERIFY(std::abs(samples.y[i])
                    <= std::min(1.0, 1 / std::abs(5 * std::numbers::pi * samples.x[i])) + 1e-15);
        }
    }
};

QTEST_GUILESS_MAIN(TestTargets)
#include "test_targets.moc"
