#include "ui/charts/chartaxis.h"
#include "ui/charts/chartpainter.h"
#include "ui/charts/charttheme.h"
#include "ui/charts/clip.h"
#include "ui/charts/decimate.h"
#include "ui/charts/plotlines.h"
#include "ui/charts/plotseries.h"
#include "ui/charts/textblock.h"
#include "ui/redrawpace.h"
#include "ui/theme.h"

#include <QApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QSet>
#include <QToolTip>
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <random>

using namespace losslab;
using namespace losslab::ui;

Q_DECLARE_METATYPE(losslab::ui::ChartTheme)

namespace {

const double notANumber = std::numeric_limits<double>::quiet_NaN();

/// A noisy curve with some spikes and gaps.
std::pair<std::vector<double>, std::vector<double>> noisyCurve(std::size_t count)
{
    std::mt19937 random(7);
    std::normal_distribution<double> noise;
    std::vector<double> x;
    std::vector<double> y;
    for (std::size_t i = 0; i < count; ++i) {
        x.push_back(static_cast<double>(i));
        y.push_back(i % 997 == 500 ? notANumber
                                   : std::exp(-static_cast<double>(i) / 3000) + 0.02 * noise(random));
    }
    y[count / 3] = 40;
    y[count / 2] = -25;
    return {x, y};
}

/// Whether it is 1, 2 or 5 times a power of ten.
bool isRoundStep(double step)
{
    const double mantissa = step / std::pow(10.0, std::floor(std::log10(step) + 1e-9));
    return std::abs(mantissa - 1) < 1e-6 || std::abs(mantissa - 2) < 1e-6 || std::abs(mantissa - 5) < 1e-6;
}

/// Takes the points as they are so far.
void take(Decimator &decimator, std::span<const double> x, std::span<const double> y, bool positive = false)
{
    Digest digest;
    digest.clear(positive);
    digest.append(x, y);
    decimator.append(x, y, digest);
}

/// Three that share x, of which one has ended earlier, and one is far above the others.
SeriesData threeSeeds()
{
    return {"s",
            {{{1, 2, 3}, {3, 2, 2}, {}, 1, 0}, {{1, 2, 3}, {1, 1, 0.5}, {}, 1, 0}, {{1}, {9}, {}, 1, 0}}};
}

PlotSpace spaceFor(double xMax, double yMin, double yMax, int columns, int height)
{
    PlotSpace space;
    space.rect = QRectF(0, 0, columns, height);
    space.x = {0, xMax, false};
    space.left = {yMin, yMax, false};
    return space;
}

} // namespace

class TestChartParts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linearTicksAreRoundAndInside_data();
    void linearTicksAreRoundAndInside();
    void logTicksAreDecadesOrBetween_data();
    void logTicksAreDecadesOrBetween();
    void logTicksReachOverTheAxis();
    void labels_data();
    void labels();
    void logLabelsAreShortOrPowers();
    void symLogPlacesEveryNumber_data();
    void symLogPlacesEveryNumber();
    void symLogTicksAreDecadesToEitherSide();
    void symLogIsLinearBeneathTheLeastMagnitude();
    void namedTicksReplaceNumbers();
    void ticksAreFewWhateverTheRange_data();
    void ticksAreFewWhateverTheRange();
    void roundedRangesCanBeDrawn_data();
    void roundedRangesCanBeDrawn();
    void closeNumbersHaveLabelsOfTheirOwn();
    void followedRangeHoldsTheData_data();
    void followedRangeHoldsTheData();
    void valuesReadWell();

    void columnsKeepEveryExtreme();
    void appendingEqualsStartingAnew_data();
    void appendingEqualsStartingAnew();
    void columnsOfALogAxis();
    void gapsAreKept_data();
    void gapsAreKept();
    void whatIsNotPositiveIsAGap();
    void coverIsWhatTheLineCrosses();
    void aSteepLineIsNotRough();
    void seedsBecomeMedianAndBands();
    void theSeedInTrainingStandsBesideTheOthers();
    void aTargetIsDrawnOnce();
    void seedsOfOtherXStaySeparate();
    void noBandReachesTheFloorOfALogAxis_data();
    void noBandReachesTheFloorOfALogAxis();
    void theRunningEpochIsDrawnThin();
    void replacedPointsAreLookedAtAnew();
    void eightSeriesLookDifferent();
    void colorsCanBeToldFromTheBackground_data();
    void colorsCanBeToldFromTheBackground();
    void rampsRunFromDarkToLight();
    void aRedrawWaitsUntilItIsAFortiethOfACore_data();
    void aRedrawWaitsUntilItIsAFortiethOfACore();
    void redrawsLeaveTheCoresToTraining();
    void theFirstSecondMoves();
    void labelsOfLinesKeepOffLegendAndData_data();
    void labelsOfLinesKeepOffLegendAndData();
    void labelsOfLinesKeepOffEachOther();
    void linesAreCutOffAtTheBorder_data();
    void linesAreCutOffAtTheBorder();
    void areasAreCutOffAtTheBorder();
    void longWordsAreBroken();
};

void TestChartParts::linearTicksAreRoundAndInside_data()
{
    QTest::addColumn<double>("min");
    QTest::addColumn<double>("max");
    QTest::addColumn<int>("atMost");
    QTest::newRow("epochs") << 0.0 << 20000.0 << 8;
    QTest::newRow("fit") << -1.0 << 1.0 << 5;
    QTest::newRow("small") << 0.00012 << 0.00037 << 6;
    QTest::newRow("far from zero") << 79510.0 << 795010.0 << 6;
    QTest::newRow("zoomed") << 1234.5671 << 1234.5689 << 7;
    QTest::newRow("negative") << -93.0 << -11.0 << 4;
}

void TestChartParts::linearTicksAreRoundAndInside()
{
    QFETCH(double, min);
    QFETCH(double, max);
    QFETCH(int, atMost);
    const Ticks ticks = ticksFor(Axis{"x"}, {min, max, false}, atMost);
    QVERIFY(ticks.at.size() >= 2);
    QVERIFY(static_cast<int>(ticks.at.size()) <= atMost + 1);
    const double step = QString::number(ticks.at[1] - ticks.at[0], 'g', 3).toDouble();
    QVERIFY2(isRoundStep(step), qPrintable(QString::number(step, 'g', 17)));
    for (const double at : ticks.at) {
        QVERIFY(at >= min - step * 1e-6 && at <= max + step * 1e-6);
        QVERIFY(std::abs(at / step - std::round(at / step)) < 1e-6);
    }
    const QSet<QString> unique(ticks.labels.begin(), ticks.labels.end());
    QCOMPARE(unique.size(), static_cast<qsizetype>(ticks.at.size()));
}

void TestChartParts::logTicksAreDecadesOrBetween_data()
{
    QTest::addColumn<double>("min");
    QTest::addColumn<double>("max");
    QTest::addColumn<bool>("decadesOnly");
    QTest::newRow("four decades") << -4.0 << 0.0 << true;
    QTest::newRow("one and a half") << -1.2 << 0.3 << false;
    QTest::newRow("twelve decades") << -12.0 << 0.0 << true;
}

void TestChartParts::logTicksAreDecadesOrBetween()
{
    QFETCH(double, min);
    QFETCH(double, max);
    QFETCH(bool, decadesOnly);
    const Ticks ticks = ticksFor(Axis{"y"}, {min, max, true}, 7);
    QVERIFY(ticks.at.size() >= 3 && ticks.at.size() <= 8);
    bool between = false;
    for (const double at : ticks.at) {
        QVERIFY(at >= min - 1e-6 && at <= max + 1e-6);
        QVERIFY(isRoundStep(std::pow(10.0, at)));
        between = between || std::abs(at - std::round(at)) > 1e-6;
    }
    QCOMPARE(between, !decadesOnly);
}

/// From 0.8 to 1.6 the numbers 0.8, 0.9 and 1 alone would leave most of the axis bare.
void TestChartParts::logTicksReachOverTheAxis()
{
    for (double min = -2; min < 0; min += 0.07) {
        for (const double length : {0.05, 0.2, 0.34, 0.6, 0.9, 1.1}) {
            const Ticks ticks = ticksFor(Axis{"y"}, {min, min + length, true}, 7);
            QVERIFY(ticks.at.size() >= 2);
            QVERIFY(ticks.at.back() - ticks.at.front() > 0.4 * length);
        }
    }
}

void TestChartParts::labels_data()
{
    QTest::addColumn<double>("max");
    QTest::addColumn<int>("format");
    QTest::addColumn<QString>("last");
    const int number = static_cast<int>(Format::Number);
    const int percent = static_cast<int>(Format::Percent);
    QTest::newRow("thousands") << 20000.0 << number << "20,000";
    QTest::newRow("millions") << 1000000.0 << number << "1,000,000";
    QTest::newRow("places") << 0.5 << number << "0.5";
    QTest::newRow("tiny") << 5e-7 << number << QString::fromUtf8("5×10⁻⁷");
    QTest::newRow("huge") << 5e9 << number << QString::fromUtf8("5×10⁹");
    QTest::newRow("per cent") << 1.0 << percent << QString::fromUtf8("100\u00A0%");
}

void TestChartParts::labels()
{
    QFETCH(double, max);
    QFETCH(int, format);
    QFETCH(QString, last);
    const Axis axis{"x", Scale::Linear, static_cast<Format>(format)};
    const Ticks ticks = ticksFor(axis, {-max, max, false}, 2);
    QCOMPARE(ticks.labels.back(), last);
    QCOMPARE(ticks.labels.front(), QString(QChar(0x2212)) + last); // a true minus
    const QString zero = ticksFor(axis, {0, max, false}, 1).labels.front();
    QVERIFY2(zero.size() < 4 && zero.startsWith('0'), qPrintable(zero)); // and not with the others' places
}

void TestChartParts::logLabelsAreShortOrPowers()
{
    QCOMPARE(ticksFor(Axis{"y"}, {-3, 0, true}, 5).labels,
             (std::vector<QString>{"0.001", "0.01", "0.1", "1"}));
    QCOMPARE(ticksFor(Axis{"y"}, {-6, -4, true}, 3).labels,
             (std::vector<QString>{QString::fromUtf8("10⁻⁶"), QString::fromUtf8("10⁻⁵"),
                                   QString::fromUtf8("10⁻⁴")}));
}

void TestChartParts::symLogPlacesEveryNumber_data()
{
    QTest::addColumn<double>("linear");
    QTest::newRow("powers of ten") << 1e-6;
    QTest::newRow("declared between them") << 0.03;
    QTest::newRow("far down") << 1e-280;
}

/// Every number has a place, places rise with it, and lead back to it.
void TestChartParts::symLogPlacesEveryNumber()
{
    QFETCH(double, linear);
    const AxisScale scale{false, linear};
    double before = -std::numeric_limits<double>::infinity();
    for (const double value : {-1e300, -100.0, -linear * 1.01, -linear, -linear / 3, 0.0, linear / 7, linear,
                               linear * 10, 1e2, 1e300})
    {
        const double place = toPlotted(value, scale);
        QVERIFY(place > before);
        before = place;
        QVERIFY(std::abs(fromPlotted(place, scale) - value) <= 1e-9 * std::abs(value));
        QCOMPARE(toPlotted(-value, scale), -place);
    }
    QCOMPARE(toPlotted(linear, scale), 1.0);
    QVERIFY(std::abs(toPlotted(1000 * linear, scale) - 4) < 1e-9); // a decade is one unit
}

void TestChartParts::symLogTicksAreDecadesToEitherSide()
{
    const AxisScale scale{false, 1e-6};
    const auto at = [&scale](double value) { return toPlotted(value, scale); };
    const Ticks ticks = ticksFor(Axis{"λ"}, {at(-1), at(1), scale}, 5);
    QCOMPARE(ticks.labels, (std::vector<QString>{QString::fromUtf8("−10⁰"), QString::fromUtf8("−10⁻⁴"), "0",
                                                 QString::fromUtf8("10⁻⁴"), QString::fromUtf8("10⁰")}));
    for (std::size_t i = 0; i < ticks.at.size(); ++i)
        QVERIFY(std::abs(ticks.at[i] - std::vector{at(-1), at(-1e-4), 0.0, at(1e-4), at(1)}[i]) < 1e-9);

    // Zoomed in it has the numbers of a logarithmic axis on either side, and of a linear one about zero.
    QCOMPARE(ticksFor(Axis{"λ"}, {at(0.001), at(1), scale}, 5).labels,
             (std::vector<QString>{"0.001", "0.01", "0.1", "1"}));
    QCOMPARE(ticksFor(Axis{"λ"}, {at(-1), at(-0.001), scale}, 5).labels,
             (std::vector<QString>{QString::fromUtf8("−1"), QString::fromUtf8("−0.1"),
                                   QString::fromUtf8("−0.01"), QString::fromUtf8("−0.001")}));
    const Ticks linear = ticksFor(Axis{"λ"}, {-0.5, 0.5, scale}, 3);
    QVERIFY(linear.at.size() >= 3);
    for (std::size_t i = 2; i < linear.at.size(); ++i)
        QVERIFY(std::abs((linear.at[i] - linear.at[i - 1]) - (linear.at[1] - linear.at[0])) < 1e-9);
}

void TestChartParts::symLogIsLinearBeneathTheLeastMagnitude()
{
    const Axis axis{"λ", Scale::SymLog};
    QCOMPARE(symLogScale(axis, 3e-5, 40).linear, 1e-5);
    QVERIFY(std::abs(symLogScale(axis, 1e-17, 100).linear / 1e-6 - 1) < 1e-9);       // noise opens no decades
    QVERIFY(symLogScale(axis, std::numeric_limits<double>::infinity(), 0).symLog()); // nothing but zeros
    Axis declared = axis;
    declared.linearWithin = 0.02;
    QCOMPARE(symLogScale(declared, 3e-5, 40).linear, 0.02);
    const AxisScale scale = symLogScale(axis, 1e-3, 120);
    const AxisRange range = roundRange(axis, -1e-3, 120, scale, 0, 10);
    QCOMPARE(range.scale, scale);
    QVERIFY(range.min <= toPlotted(-1e-3, scale) && toPlotted(120, scale) <= range.max);
}

void TestChartParts::namedTicksReplaceNumbers()
{
    Axis axis{"digit"};
    axis.ticks = {{-1, "all"}, {0, "0"}, {12, "beyond"}};
    const Ticks ticks = ticksFor(axis, {-1.5, 9.5, false}, 5);
    QCOMPARE(ticks.labels, (std::vector<QString>{"all", "0"}));
    QCOMPARE(ticks.at, (std::vector<double>{-1, 0}));

    // Data beyond the names are shown as well, with numbers: letters where there were to be digits.
    const AxisRange wide = roundRange(axis, -1, 26, false, 0.05, 10);
    QVERIFY(wide.min <= -1 && wide.max >= 26);
    const Ticks all = ticksFor(axis, wide, 10);
    QVERIFY(std::is_sorted(all.at.begin(), all.at.end()));
    QCOMPARE(all.labels.front(), QStringLiteral("all"));
    QVERIFY(all.at.back() > 20);
    QCOMPARE(all.labels.back(), QString::number(all.at.back()));
}

void TestChartParts::ticksAreFewWhateverTheRange_data()
{
    QTest::addColumn<double>("min");
    QTest::addColumn<double>("max");
    const double largest = std::numeric_limits<double>::max();
    const double denormal = std::numeric_limits<double>::denorm_min();
    const double infinite = std::numeric_limits<double>::infinity();
    QTest::newRow("one double and the next") << 1.0 << std::nextafter(1.0, 2.0);
    QTest::newRow("one number") << 3.5 << 3.5;
    QTest::newRow("far from zero") << 1e9 << 1e9 + 1e-6;
    QTest::newRow("farther") << -1e300 << std::nextafter(-1e300, 0.0);
    QTest::newRow("the least number") << 0.0 << denormal;
    QTest::newRow("all numbers") << -largest << largest;
    QTest::newRow("the largest") << std::nextafter(largest, 0.0) << largest;
    QTest::newRow("1e308") << 1.0 << 1e308;
    QTest::newRow("backwards") << 2.0 << 1.0;
    QTest::newRow("no end") << 0.0 << infinite;
    QTest::newRow("no number") << notANumber << 1.0;
    QTest::newRow("decades beyond all numbers") << -1e6 << 1e6;
    QTest::newRow("a piece of a decade") << 3.0 << 3.0 + 1e-13;
    QTest::newRow("the last decades") << -323.2 << -323.1;
}

void TestChartParts::ticksAreFewWhateverTheRange()
{
    QFETCH(double, min);
    QFETCH(double, max);
    for (const AxisScale &scale : {AxisScale(false), AxisScale(true), AxisScale(false, 1e-6)}) {
        for (const bool whole : {false, true}) {
            for (const Format format : {Format::Number, Format::Percent}) {
                const AxisRange range = drawable({min, max, scale});
                QVERIFY(std::isfinite(range.length()));
                QVERIFY(range.length() >= leastLength(range));
                QCOMPARE(drawable(range), range);
                const Ticks ticks =
                    ticksFor({.title = "x", .format = format, .whole = whole}, {min, max, scale}, 8);
                QVERIFY2(ticks.at.size() <= 10, qPrintable(QString::number(ticks.at.size())));
                QCOMPARE(ticks.at.size(), ticks.labels.size());
                for (const double at : ticks.at) {
                    const double slack = 1e-4 * range.length();
                    QVERIFY(at >= range.min - slack && at <= range.max + slack);
                }
                const QSet<QString> labels(ticks.labels.begin(), ticks.labels.end());
                QCOMPARE(labels.size(), static_cast<qsizetype>(ticks.labels.size()));
            }
        }
    }
}

void TestChartParts::roundedRangesCanBeDrawn_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<bool>("log");
    const double largest = std::numeric_limits<double>::max();
    const double denormal = std::numeric_limits<double>::denorm_min();
    for (const bool log : {false, true}) {
        const QByteArray axis = log ? ", log" : ", linear";
        QTest::newRow("one double and the next" + axis) << 1.0 << std::nextafter(1.0, 2.0) << log;
        QTest::newRow("denormal" + axis) << denormal << 2 * denormal << log;
        QTest::newRow("all positive numbers" + axis) << denormal << largest << log;
        QTest::newRow("the largest" + axis) << std::nextafter(largest, 0.0) << largest << log;
        QTest::newRow("far from zero" + axis) << 1e15 << 1e15 + 0.125 << log;
    }
    QTest::newRow("all numbers") << -largest << largest << false;
}

void TestChartParts::roundedRangesCanBeDrawn()
{
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(bool, log);
    for (const double padding : {0.0, 0.03}) {
        const AxisRange range = roundRange(Axis{"x"}, low, high, log, padding, 10);
        QCOMPARE(drawable(range), range);
        if (high < 1e308) // on a linear axis from one end of all numbers to the other, the ends are cut off
            QVERIFY(range.min <= toPlotted(low, log) && toPlotted(high, log) <= range.max);
        QVERIFY(ticksFor(Axis{"x"}, range, 8).at.size() <= 10);
    }
}

void TestChartParts::closeNumbersHaveLabelsOfTheirOwn()
{
    QCOMPARE(ticksFor(Axis{"x"}, {0.2, 0.20004, false}, 4).labels,
             (std::vector<QString>{"0.20000", "0.20001", "0.20002", "0.20003", "0.20004"}));
    QCOMPARE(ticksFor(Axis{"x"}, {5e17, 5.00002e17, false}, 2).labels,
             (std::vector<QString>{QString::fromUtf8("5.00000×10¹⁷"), QString::fromUtf8("5.00001×10¹⁷"),
                                   QString::fromUtf8("5.00002×10¹⁷")}));
    QCOMPARE(valueText(std::numeric_limits<double>::denorm_min(), Format::Number),
             QString::fromUtf8("4.941×10⁻³²⁴"));
}

void TestChartParts::followedRangeHoldsTheData_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<bool>("log");
    QTest::newRow("epochs") << 1.0 << 1646.0 << false;
    QTest::newRow("loss") << 0.00091 << 0.63 << true;
    QTest::newRow("one value") << 0.1 << 0.1 << false;
    QTest::newRow("one value, log") << 0.1 << 0.1 << true;
    QTest::newRow("nothing but zero") << 0.0 << 0.0 << false;
}

void TestChartParts::followedRangeHoldsTheData()
{
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(bool, log);
    const AxisRange range = roundRange(Axis{"x"}, low, high, log, 0.03, 10);
    QVERIFY(range.length() > 0);
    QVERIFY(range.min <= toPlotted(low, log) && toPlotted(high, log) <= range.max);
    if (low < high)
        QVERIFY(toPlotted(high, log) - toPlotted(low, log) > 0.7 * range.length());
    Axis fixed{"accuracy", Scale::Linear, Format::Percent};
    fixed.min = 0;
    fixed.max = 1;
    QCOMPARE(roundRange(fixed, 0.3, 0.4, false, 0.03, 10), (AxisRange{0, 1, false}));
    const Axis share{"accuracy", Scale::Linear, Format::Percent};
    for (const double chance : {0.0, 0.101, 0.995}) // noise is not drawn as a course
        QVERIFY(roundRange(share, chance, chance + 0.004, false, 0.03, 10).length() > 0.01);
    const AxisRange counted = roundRange(Axis{"loss"}, 0.01, 2.3, false, 0.03, 10);
    QCOMPARE(counted.min, 0.0); // what is never negative has no negative axis
}

void TestChartParts::valuesReadWell()
{
    QCOMPARE(valueText(1240, Format::Number), QString("1,240"));
    QCOMPARE(valueText(0.00123456, Format::Number), QString("0.001235"));
    QCOMPARE(valueText(2.3123e-7, Format::Number), QString::fromUtf8("2.312×10⁻⁷"));
    QCOMPARE(valueText(0.98724, Format::Percent), QString::fromUtf8("98.72\u00A0%"));
    QCOMPARE(valueText(-3.5, Format::Number), QString::fromUtf8("−3.500"));
    QCOMPARE(valueText(notANumber, Format::Number), QString("not a number"));
}

void TestChartParts::columnsKeepEveryExtreme()
{
    const auto [x, y] = noisyCurve(20000);
    constexpr int columns = 640;
    Decimator decimator;
    decimator.reset(0, 20000, columns, false);
    take(decimator, x, y);
    for (int column = 0; column < columns; ++column) {
        std::vector<double> inside;
        for (std::size_t i = 0; i < x.size(); ++i)
            if (std::isfinite(y[i]) && static_cast<int>(std::floor(x[i] * columns / 20000)) == column)
                inside.push_back(y[i]);
        const PixelColumn &kept = decimator.columns()[static_cast<std::size_t>(column)];
        QCOMPARE(kept.count, inside.size());
        QCOMPARE(kept.min, *std::min_element(inside.begin(), inside.end()));
        QCOMPARE(kept.max, *std::max_element(inside.begin(), inside.end()));
        QCOMPARE(kept.firstY, inside.front());
        QCOMPARE(kept.lastY, inside.back());
        QCOMPARE(kept.minBeforeMax, std::min_element(inside.begin(), inside.end())
                                        < std::max_element(inside.begin(), inside.end()));
    }
}

void TestChartParts::appendingEqualsStartingAnew_data()
{
    QTest::addColumn<double>("min");
    QTest::addColumn<double>("max");
    QTest::addColumn<bool>("log");
    QTest::newRow("most of it") << 100.0 << 18000.0 << false;
    QTest::newRow("from a gap on") << 499.0 << 12000.0 << false;
    QTest::newRow("more columns than points") << 400.0 << 600.0 << false;
    QTest::newRow("beyond it") << -5000.0 << 30000.0 << false;
    QTest::newRow("log") << 0.0 << 4.0 << true;
}

void TestChartParts::appendingEqualsStartingAnew()
{
    QFETCH(double, min);
    QFETCH(double, max);
    QFETCH(bool, log);
    const auto [x, y] = noisyCurve(20000);
    Decimator whole;
    whole.reset(min, max, 333, log);
    for (const bool positive : {false, true}) {
        whole.reset(min, max, 333, log);
        take(whole, x, y, positive);
        Decimator piecewise;
        piecewise.reset(min, max, 333, log);
        for (std::size_t size = 0; size <= x.size(); size += 37)
            take(piecewise, std::span(x).first(size), std::span(y).first(size), positive);
        take(piecewise, x, y, positive);
        QCOMPARE(piecewise.columns(), whole.columns());
        QCOMPARE(piecewise.inRange(), whole.inRange());
    }
}

void TestChartParts::columnsOfALogAxis()
{
    const std::vector<double> x = {1, 9.9, 10.1, 99, 1000};
    const std::vector<double> y = {1, 2, 3, 4, 5};
    Decimator decimator;
    decimator.reset(0, 3, 3, true);
    take(decimator, x, y);
    QCOMPARE(decimator.columns()[0].max, 2.0);
    QCOMPARE(decimator.columns()[1].min, 3.0);
    QCOMPARE(decimator.columns()[2].max, 5.0); // the far end belongs to the last column
}

void TestChartParts::gapsAreKept_data()
{
    QTest::addColumn<double>("gap");
    QTest::newRow("not a number") << notANumber;
    QTest::newRow("a pole") << std::numeric_limits<double>::infinity();
    QTest::newRow("a pole downwards") << -std::numeric_limits<double>::infinity();
}

void TestChartParts::gapsAreKept()
{
    QFETCH(double, gap);
    Trace trace;
    const std::vector<double> x = {0, 1, 2, 3, 4};
    const std::vector<double> y = {1, 1, gap, 1, 1};
    trace.setPoints(x, y, false);
    const PlotSpace space = spaceFor(4, 0, 2, 100, 100);
    trace.decimate(space.x, 100);
    QCOMPARE(trace.extent().maxY, 1.0);
    const Pieces pieces = pointPieces(trace, 0, 5, space, false);
    QCOMPARE(pieces.size(), 2U);
    QCOMPARE(columnPieces(trace, space, false).size(), 2U);
    const std::vector<Cover> covers = coverColumns(trace, space, false, 1);
    QVERIFY(covers[20].any);
    QVERIFY(!covers[50].any);
    QVERIFY(covers[90].any);
}

void TestChartParts::whatIsNotPositiveIsAGap()
{
    std::vector<double> x;
    std::vector<double> y;
    for (int i = 0; i < 10000; ++i) {
        x.push_back(i);
        y.push_back(i % 100 == 50 ? 0 : i / 1000 == 4 ? -1 : 2 + i % 5);
    }
    Decimator decimator;
    decimator.reset(0, 10000, 10, false);
    take(decimator, x, y, true);
    for (std::size_t i = 0; i < 10; ++i) {
        const PixelColumn &column = decimator.columns()[i];
        QCOMPARE(column.leftOut, i == 4 ? std::size_t{1000} : std::size_t{10});
        QCOMPARE(column.count, 1000 - column.leftOut);
        QVERIFY(i == 4 || (column.min == 2 && column.max == 6));
        QCOMPARE(column.gapBefore, i == 5);
    }
}

void TestChartParts::coverIsWhatTheLineCrosses()
{
    const auto [x, y] = noisyCurve(3000);
    Trace trace;
    trace.setPoints(x, y, false);
    constexpr int columns = 400;
    const PlotSpace space = spaceFor(3000, -30, 50, columns, 800);
    trace.decimate(space.x, columns);
    const std::vector<Cover> covers = coverColumns(trace, space, false, space.pixel);

    std::vector<Cover> expected(columns); // the line itself, walked in tiny steps
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
        if (!std::isfinite(y[i]) || !std::isfinite(y[i + 1]))
            continue;
        for (int step = 0; step <= 200; ++step) {
            const double share = step / 200.0;
            const double column = (x[i] + share) * columns / 3000;
            expected[static_cast<std::size_t>(column)].add(
                space.toY(y[i] + share * (y[i + 1] - y[i]), false));
        }
    }
    for (std::size_t i = 0; i < columns; ++i) {
        QVERIFY(covers[i].any);
        QVERIFY(covers[i].top + 0.5 <= expected[i].top + 1e-9); // half the line's width beyond it …
        QVERIFY(covers[i].bottom - 0.5 >= expected[i].bottom - 1e-9);
        QVERIFY(covers[i].top + 0.5 >= expected[i].top - 4); // … and no more than a step of the walk
        QVERIFY(covers[i].bottom - 0.5 <= expected[i].bottom + 4);
    }
}

void TestChartParts::aSteepLineIsNotRough()
{
    constexpr int columns = 200;
    std::vector<double> x;
    std::vector<double> falling;
    std::vector<double> zigzag;
    for (int i = 0; i < 2000; ++i) {
        x.push_back(i);
        falling.push_back(1000 - 0.5 * i);
        zigzag.push_back(i % 2 == 0 ? 0 : 1000);
    }
    const PlotSpace space = spaceFor(2000, 0, 1000, columns, 1000);
    Trace trace;
    trace.setPoints(x, falling, false);
    trace.decimate(space.x, columns);
    QVERIFY(roughness(trace, space, false) < 0.01);
    trace.setPoints(x, zigzag, true);
    trace.decimate(space.x, columns);
    QVERIFY(roughness(trace, space, false) > 900);
}

void TestChartParts::seedsBecomeMedianAndBands()
{
    const SeriesData data = threeSeeds();
    PlotSeries series({"s", "deep"}, 0);
    QVERIFY(series.update(data, std::nullopt, Spread::Median));
    QVERIFY(!series.update(data, std::nullopt, Spread::Median));
    QCOMPARE(series.summarised(), 3U);
    QCOMPARE(series.traces().size(), 1U);
    const auto valuesOf = [](const Trace &trace) { return std::vector(trace.y().begin(), trace.y().end()); };
    QCOMPARE(valuesOf(series.traces()[0]), (std::vector<double>{3, 2, 2}));
    QCOMPARE(series.bands().size(), 2U); // the range, and in it the quartiles
    QCOMPARE(valuesOf(series.bands()[0].high), (std::vector<double>{9, 9, 9}));
    QCOMPARE(valuesOf(series.bands()[1].low), (std::vector<double>{2, 1.5, 1.25}));
    QVERIFY(series.update(data, std::nullopt, Spread::Mean));
    QCOMPARE(series.bands().size(), 1U);
    QVERIFY(series.update(data, std::nullopt, Spread::Seeds));
    QCOMPARE(series.summarised(), 0U);
    QCOMPARE(series.traces().size(), 3U);
    QVERIFY(series.traces()[0].thin && series.traces()[2].thin);
}

/// A seed that is being trained is drawn by itself, and does not pull the others' median about.
void TestChartParts::theSeedInTrainingStandsBesideTheOthers()
{
    SeriesData data = threeSeeds();
    PlotSeries series({"s", "deep"}, 0);
    series.update(data, 2, Spread::Median);
    QCOMPARE(series.summarised(), 2U);
    QVERIFY(series.hasUnfinished());
    QCOMPARE(series.traces().size(), 2U);
    QVERIFY(!series.traces()[0].thin && series.traces()[1].thin);
    const double before = series.traces()[0].y()[0];
    data.repeats[2].x.push_back(4);
    data.repeats[2].y.push_back(100);
    ++data.repeats[2].revision;
    QVERIFY(series.update(data, 2, Spread::Median));
    QCOMPARE(series.traces()[0].y()[0], before);
    QCOMPARE(series.traces()[0].size(), 3U);
    QCOMPARE(series.traces()[1].y().back(), 100.0);

    series.update(data, 1, Spread::Median); // as when one seed has ended: nothing to sum up
    QCOMPARE(series.summarised(), 0U);
    QVERIFY(!series.traces()[0].thin && series.traces()[1].thin);
}

void TestChartParts::aTargetIsDrawnOnce()
{
    SeriesData data = threeSeeds();
    data.repeats[1] = data.repeats[2] = data.repeats[0];
    PlotSeries series({.key = "s", .label = "target", .isTarget = true}, 0);
    for (const Spread spread : allSpreads) {
        series.update(data, std::nullopt, spread);
        QCOMPARE(series.traces().size(), 1U);
        QVERIFY(series.bands().empty() && !series.traces()[0].thin);
    }
}

void TestChartParts::seedsOfOtherXStaySeparate()
{
    const SeriesData data{"s", {{{0, 1, 2}, {1, 2, 3}, {}, 1, 0}, {{0, 1.5}, {3, 6}, {}, 1, 0}}};
    PlotSeries series({"s", "runs"}, 0);
    series.update(data, std::nullopt, Spread::Median);
    QCOMPARE(series.summarised(), 0U);
    QCOMPARE(series.separate(), 2U);
    QCOMPARE(series.traces().size(), 2U);
}

/// A mean minus a deviation that is no positive number has no place on a logarithmic axis: no band is drawn
/// there, least of all down to the floor.
void TestChartParts::noBandReachesTheFloorOfALogAxis_data()
{
    QTest::addColumn<int>("points");
    QTest::newRow("point by point") << 100;
    QTest::newRow("columns") << 20000;
}

void TestChartParts::noBandReachesTheFloorOfALogAxis()
{
    QFETCH(int, points);
    std::vector<double> x, low, high;
    for (int i = 0; i < points; ++i) {
        x.push_back(i);
        high.push_back(0.5);
        low.push_back(i < points / 4 || i >= points / 2 ? 0.1 : -0.3);
    }
    Trace below, above;
    below.setPoints(x, low, true);
    above.setPoints(x, high, true);
    PlotSpace space = spaceFor(points - 1, -3, 0, 300, 200);
    space.left.scale.log = true;
    below.decimate(space.x, 300);
    above.decimate(space.x, 300);
    const Pieces pieces = areaBetween(below, above, space, false);
    QCOMPARE(pieces.size(), 2U);
    for (const QPolygonF &piece : pieces) {
        const QRectF area = piece.boundingRect();
        QVERIFY(std::abs(area.top() - space.toY(0.5, false)) < 1e-6);
        QVERIFY(std::abs(area.bottom() - space.toY(0.1, false)) < 1e-6);
        QVERIFY(area.right() < 300 * 0.26 || area.left() > 300 * 0.49);
    }
}

/// Thin, from the last whole epoch on; gone with the next.
void TestChartParts::theRunningEpochIsDrawnThin()
{
    SeriesData data{"s", {{{1, 2}, {9, 8}, {}, 1, 0}}};
    data.live = {{2.25, 2.5}, {7, 6}, {}, 1, 1};
    PlotSeries series({"s", "deep"}, 0);
    series.update(data, 0, Spread::Median);
    QCOMPARE(series.traces().size(), 2U);
    const Trace &live = series.traces()[1];
    QVERIFY(live.thin && !series.traces()[0].thin);
    QCOMPARE(std::vector(live.x().begin(), live.x().end()), (std::vector<double>{2, 2.25, 2.5}));
    QCOMPARE(live.y()[0], 8.0);
    QCOMPARE(series.extent().minY, 6.0);
    data.live = {{}, {}, {}, 2, 2};
    QVERIFY(series.update(data, 0, Spread::Median));
    QCOMPARE(series.traces().size(), 1U);
}

void TestChartParts::replacedPointsAreLookedAtAnew()
{
    SeriesData data{"s", {{{0, 1, 2}, {1, 9, 3}, {}, 1, 0}}};
    PlotSeries series({"s", "s"}, 0);
    series.update(data, std::nullopt, Spread::Median);
    QCOMPARE(series.extent().maxY, 9.0);
    data.repeats[0] = {{0, 1, 2}, {1, 2, 3}, {}, 2, 1};
    QVERIFY(series.update(data, std::nullopt, Spread::Median));
    QCOMPARE(series.extent().maxY, 3.0);
    data.repeats[0].x.push_back(3);
    data.repeats[0].y.push_back(-4);
    ++data.repeats[0].revision;
    QVERIFY(series.update(data, std::nullopt, Spread::Median));
    QCOMPARE(series.extent().minY, -4.0);
    QCOMPARE(series.extent().maxX, 3.0);
}

void TestChartParts::eightSeriesLookDifferent()
{
    for (const ChartTheme &theme : {ChartTheme::light(), ChartTheme::darkTheme()}) {
        QCOMPARE(theme.series(9).color, theme.series(1).color); // colours come again, with other dashes
        QVERIFY(theme.series(9).dash != theme.series(1).dash);
        QSet<QRgb> colors;
        QList<QList<qreal>> dashes;
        for (int i = 0; i < 8; ++i) {
            const SeriesStyle style = theme.series(i);
            colors.insert(style.color.rgb());
            QVERIFY(!dashes.contains(style.dash));
            dashes << style.dash;
            QVERIFY(style.color.rgb() != theme.background.rgb());
        }
        QCOMPARE(colors.size(), 8);
    }
}

void TestChartParts::colorsCanBeToldFromTheBackground_data()
{
    QTest::addColumn<ChartTheme>("theme");
    QTest::newRow("light picture") << ChartTheme::light();
    QTest::newRow("dark picture") << ChartTheme::darkTheme();
    for (const Theme chosen : {Theme::Light, Theme::Dark}) {
        applyTheme(*qApp, chosen);
        QCOMPARE(QToolTip::palette().color(QPalette::ToolTipBase),
                 qApp->palette().color(QPalette::ToolTipBase));
        QTest::newRow(qPrintable(themeName(chosen) + " window")) << ChartTheme::fromPalette(qApp->palette());
    }
}

/// WCAG 2: 4.5 for text, 3 for what is not.
void TestChartParts::colorsCanBeToldFromTheBackground()
{
    QFETCH(ChartTheme, theme);
    QVERIFY(std::abs(contrast(Qt::black, Qt::white) - 21) < 1e-9);
    QVERIFY(std::abs(contrast(QColor(0x76, 0x76, 0x76), Qt::white) - 4.54) < 0.01); // as the guidelines say
    QVERIFY(contrast(theme.text, theme.background) >= 4.5);
    QVERIFY(contrast(theme.muted, theme.background) >= 4.5);
    QVERIFY(contrast(theme.accent, theme.background) >= 3);
    QVERIFY(contrast(theme.target().color, theme.background) >= 3);
    for (int i = 0; i <= 20; ++i) {
        const double ofSeries = contrast(theme.series(i).color, theme.background);
        QVERIFY2(ofSeries >= 3, qPrintable(QString("series %1: %2").arg(i).arg(ofSeries)));
        const double ofRamp = contrast(theme.ramp(i / 20.0).color, theme.background);
        QVERIFY2(ofRamp >= 3, qPrintable(QString("%1 of the ramp: %2").arg(i / 20.0).arg(ofRamp)));
    }
}

void TestChartParts::rampsRunFromDarkToLight()
{
    for (const ChartTheme &theme : {ChartTheme::light(), ChartTheme::darkTheme()}) {
        double before = contrast(theme.ramp(0).color, Qt::black);
        for (int i = 1; i < 40; ++i) {
            const double light = contrast(theme.ramp(i / 39.0).color, Qt::black);
            QVERIFY(light > before);
            before = light;
        }
    }
}

namespace {

/// Redraws of that cost each, in so many seconds of a run that always has something new.
int redrawsIn(double seconds, double cost)
{
    RedrawPace pace;
    pace.start();
    double last = 0;
    double spent = 0;
    int redraws = 0;
    for (int tick = 1; tick <= 30 * seconds; ++tick) {
        const double now = tick / 30.0;
        if (pace.isDue(now - last, spent)) {
            pace.begin(spent);
            last = now;
            spent = cost;
            ++redraws;
        }
    }
    return redraws;
}

} // namespace

void TestChartParts::aRedrawWaitsUntilItIsAFortiethOfACore_data()
{
    QTest::addColumn<double>("spent");
    QTest::addColumn<double>("waits");
    QTest::newRow("nothing was drawn") << 0.0 << 0.0;
    QTest::newRow("cheap") << 0.0005 << 0.02;
    QTest::newRow("two charts") << 0.003 << 0.12;
    QTest::newRow("ten noisy series") << 0.016 << 0.64;
    QTest::newRow("a slow machine") << 0.080 << 1.0; // once a second, whatever it costs
}

void TestChartParts::aRedrawWaitsUntilItIsAFortiethOfACore()
{
    QFETCH(double, spent);
    QFETCH(double, waits);
    RedrawPace pace; // its burst at the beginning of a run is over
    QVERIFY(pace.isDue(waits + 1e-9, spent));
    QVERIFY(!pace.isDue(waits - 1e-9, spent));
}

void TestChartParts::redrawsLeaveTheCoresToTraining()
{
    for (const double cost : {0.0005, 0.003, 0.016, 0.024}) {
        const int redraws = redrawsIn(60, cost);
        const double most = (0.025 * 60 + 1.0 / 6) / cost + 2; // a fortieth, and the burst of the beginning
        QVERIFY2(redraws <= most, qPrintable(QString::number(cost)));
        QVERIFY2(redraws >= std::min(1800.0, 0.7 * 0.025 * 60 / cost), qPrintable(QString::number(cost)));
    }
}

void TestChartParts::theFirstSecondMoves()
{
    QVERIFY(redrawsIn(1, 0.005) >= 25);
    QVERIFY(redrawsIn(1, 0.015) >= 10);
}

void TestChartParts::labelsOfLinesKeepOffLegendAndData_data()
{
    QTest::addColumn<bool>("vertical");
    QTest::addColumn<QRectF>("taken");
    QTest::newRow("at the top, on both sides") << true << QRectF(300, 0, 300, 60);
    QTest::newRow("all of its left") << true << QRectF(0, 0, 400, 200);
    QTest::newRow("at the right of a line across") << false << QRectF(400, 40, 200, 120);
    QTest::newRow("above a line across") << false << QRectF(0, 0, 600, 100);
}

void TestChartParts::labelsOfLinesKeepOffLegendAndData()
{
    QFETCH(bool, vertical);
    QFETCH(QRectF, taken);
    const PlotSpace space = spaceFor(600, 0, 200, 600, 200);
    QImage image(600, 200, QImage::Format_RGB32);
    QPainter painter(&image);
    const ChartTheme theme = ChartTheme::light();
    const ChartMetrics metrics = ChartMetrics::forPrint();
    ChartPainter chart(painter, space, theme, metrics);
    const ReferenceLine line{vertical ? 400.0 : 100.0, "samples × classes", vertical};
    const auto nothing = [](const QRectF &) { return 0.0; };
    const auto share = [taken](const QRectF &place) { return place.intersects(taken) ? 1.0 : 0.0; };
    QVERIFY(chart.referenceLabelPlace(line, nothing)->intersects(taken));
    const std::optional<QRectF> place = chart.referenceLabelPlace(line, share);
    QVERIFY(place && !place->intersects(taken));
    QVERIFY(space.rect.contains(*place));
    chart.keepLabelsOff(taken);
    QVERIFY(!chart.referenceLabelPlace(line, nothing)->intersects(taken));
    chart.keepLabelsOff(space.rect);
    QVERIFY(!chart.referenceLabelPlace(line, nothing));
}

void TestChartParts::labelsOfLinesKeepOffEachOther()
{
    const PlotSpace space = spaceFor(600, 0, 200, 600, 200);
    QImage image(600, 200, QImage::Format_RGB32);
    const ChartTheme theme = ChartTheme::light();
    const ChartMetrics metrics = ChartMetrics::forPrint();
    const auto nothing = [](const QRectF &) { return 0.0; };
    for (const double between : {0.0, 1.0, 8.0, 20.0, 45.0}) {
        QPainter painter(&image);
        ChartPainter chart(painter, space, theme, metrics);
        std::vector<ReferenceLine> lines;
        for (int i = 0; i < 5; ++i) {
            lines.push_back({250 + between * i, "learning rate " + std::to_string(i), true});
            lines.push_back({90 + between / 5 * i, "chance " + std::to_string(i), false});
        }
        for (const ReferenceLine &line : lines)
            chart.drawReference(line);
        std::vector<QRectF> places;
        for (const ReferenceLine &line : lines) {
            if (const std::optional<QRectF> place = chart.referenceLabelPlace(line, nothing))
                places.push_back(*place);
            chart.drawReferenceLabel(line, nothing);
        }
        QVERIFY(places.size() >= 8); // there is room
        for (std::size_t i = 0; i < places.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(!places[i].intersects(places[j]));
    }
}

void TestChartParts::linesAreCutOffAtTheBorder_data()
{
    QTest::addColumn<QPolygonF>("line");
    QTest::addColumn<std::vector<QPolygonF>>("expected");
    using Pieces = std::vector<QPolygonF>;
    const QPolygonF inside{{1, 1}, {9, 5}, {2, 8}};
    QTest::newRow("inside") << inside << Pieces{inside};
    QTest::newRow("through") << QPolygonF{{-10, 5}, {1e9, 5}} << Pieces{QPolygonF{{0, 5}, {10, 5}}};
    QTest::newRow("outside") << QPolygonF{{-10, 5}, {-1, 1e9}, {-5, 5}} << Pieces{};
    QTest::newRow("past a corner") << QPolygonF{{-4, 4}, {4, -6}} << Pieces{};
    QTest::newRow("out and in again") << QPolygonF{{5, 5}, {5, 15}, {7, 15}, {7, 5}}
                                      << Pieces{QPolygonF{{5, 5}, {5, 10}}, QPolygonF{{7, 10}, {7, 5}}};
    QTest::newRow("a point") << QPolygonF{{5, 5}} << Pieces{QPolygonF{{5, 5}}};
    QTest::newRow("a point outside") << QPolygonF{{5, 15}} << Pieces{};
    QTest::newRow("along the border") << QPolygonF{{0, 10}, {10, 10}} << Pieces{QPolygonF{{0, 10}, {10, 10}}};
}

void TestChartParts::linesAreCutOffAtTheBorder()
{
    QFETCH(QPolygonF, line);
    QFETCH(std::vector<QPolygonF>, expected);
    QCOMPARE(clippedLines({line}, QRectF(0, 0, 10, 10)), expected);
}

void TestChartParts::areasAreCutOffAtTheBorder()
{
    const QRectF plot(0, 0, 100, 50);
    std::mt19937 random(3);
    std::uniform_real_distribution<double> anywhere(-150, 250);
    for (int i = 0; i < 50; ++i) {
        QPolygonF area;
        for (int corner = 0; corner < 12; ++corner)
            area << QPointF(anywhere(random), anywhere(random));
        const QPolygonF inside = clippedArea(area, plot);
        QVERIFY(plot.adjusted(-1e-9, -1e-9, 1e-9, 1e-9).contains(inside.boundingRect()) || inside.isEmpty());
        for (int point = 0; point < 50; ++point) { // within the plot nothing has changed
            const QPointF at(std::fmod(std::abs(anywhere(random)), 100),
                             std::fmod(std::abs(anywhere(random)), 50));
            QCOMPARE(inside.containsPoint(at, Qt::OddEvenFill), area.containsPoint(at, Qt::OddEvenFill));
        }
    }
}

void TestChartParts::longWordsAreBroken()
{
    const QFont font = ChartMetrics::forPrint().caption;
    const QFontMetricsF type(font);
    const QString word(300, 'w');
    for (const QString &text :
         {word, "function " + word + " and more", QString("a few words of one line each")}) {
        const TextBlock block = wrapped(text, font, 90);
        QVERIFY(block.lines.size() > 1);
        QString together;
        for (const QString &line : block.lines) {
            QVERIFY(type.horizontalAdvance(line) <= 90);
            together += line;
        }
        QCOMPARE(together.remove(' '), QString(text).remove(' '));
        const TextBlock cut = wrapped(text, font, 90, 2);
        QCOMPARE(cut.lines.size(), std::size_t{2});
        QVERIFY(cut.lines.back().endsWith(QChar(0x2026)) || block.lines.size() == 2);
        QVERIFY(cut.width() <= 90);
    }
    QCOMPARE(breakable("short words only"), QString("short words only"));
    QVERIFY(breakable(word).contains(QChar(0x200B)));
}

QTEST_MAIN(TestChartParts)
#include "test_chartparts.moc"
