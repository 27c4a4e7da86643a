#include "shownchart.h"
#include "ui/charts/chartexport.h"
#include "ui/charts/crosshair.h"
#include "ui/charts/picturelayout.h"
#include "ui/text.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QImageReader>
#include <QLabel>
#include <QMenu>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>
#include <cmath>
#include <set>

using namespace losslab;
using namespace losslab::ui;

Q_DECLARE_METATYPE(losslab::Mark)

class TestChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheDataUntilZoomed();
    void doesNotJitter();
    void rubberBandZooms();
    void keysZoomPanAndReset();
    void zoomEndsBeforeTheNumbers_data();
    void zoomEndsBeforeTheNumbers();
    void sharedRangeIsToldAndTaken();
    void logAxisIsRefusedWhereNothingIsPositive();
    void aLogAxisThatWouldLoseHalfIsNotOffered();
    void zeroIsLeftOutOfALogAxis_data();
    void zeroIsLeftOutOfALogAxis();
    void zeroIsLeftOutOfALogXAxis();
    void barsBelowZeroAreLeftOutOfALogAxis();
    void manySeriesLeaveThePlotItsHalf_data();
    void manySeriesLeaveThePlotItsHalf();
    void longNamesStayInThePicture();
    void nothingIsPaintedBeyondThePlot_data();
    void nothingIsPaintedBeyondThePlot();
    void legendHidesAndShows();
    void crosshairReadsValues();
    void crosshairReadsWhatIsDrawnWhilePointsArrive_data();
    void crosshairReadsWhatIsDrawnWhilePointsArrive();
    void crosshairReadsOnePathOnThePlane();
    void crosshairsBoxIsWhole_data();
    void crosshairsBoxIsWhole();
    void theLegendNamesTheSummaryOnce();
    void theCrosshairSaysWhatItReadsOfSeeds();
    void theCrosshairReadsNoRangeOfOneSeed();
    void thePersonChoosesHowSeedsAreShown();
    void fitsOfAFunctionAreNeverAveraged();
    void aLogAxisHoldsTheWholeRangeOfSeeds();
    void spikesAreSeen();
    void gapsAreSeen();
    void aSeriesKeepsItsColorWhicheverComesFirst();
    void hiddenChartDrawsNothing();
    void emptyChartSaysWhatWillCome();
    void describesItself();
    void remarkIsReadWhole_data();
    void remarkIsReadWhole();
    void aLongRemarkLeavesRoomForThePlot();
    void aTitleWithoutRoomEndsInDots();
    void copiesAPicture();

    void exportShowsEveryMark_data();
    void exportShowsEveryMark();
    void exportHasSizeAndDensity_data();
    void exportHasSizeAndDensity();
    void exportLeavesHiddenSeriesOut();
    void exportIsDarkWhereAsked();
    void svgHoldsTextAsText();
    void svgNamesAFamilyThatEveryViewerHas();
    void exportShowsWhatTheWindowDoes();
    void pictureWithoutRoomIsRefused_data();
    void pictureWithoutRoomIsRefused();
    void failedExportLeavesNothing();
};

void TestChart::followsTheDataUntilZoomed()
{
    ChartData data = lossData(100);
    Shown chart(lossInfo(), data);
    QVERIFY(chart.widget.followsData());
    QCOMPARE(chart.space().x.max, 100.0);

    append(data, "deep", 250, 0.2);
    chart.draw();
    QVERIFY(chart.space().x.max >= 250);
    QCOMPARE(chart.space().x.min, 0.0);

    QSignalSpy moved(&chart.widget, &ChartWidget::xRangeChanged);
    chart.wheel(2);
    QVERIFY(!chart.widget.followsData());
    QCOMPARE(moved.size(), 1);
    chart.draw();
    const AxisRange zoomed = chart.space().x;
    QVERIFY(zoomed.length() < 200);
    append(data, "deep", 900, 0.2);
    chart.draw();
    QCOMPARE(chart.space().x, zoomed);

    QTest::mouseDClick(chart.canvas, Qt::LeftButton, {}, chart.space().rect.center().toPoint());
    chart.draw();
    QVERIFY(chart.widget.followsData());
    QVERIFY(chart.space().x.max >= 900);
}

void TestChart::doesNotJitter()
{
    ChartData data;
    data.series.push_back({"deep", {{{0, 1, 2}, {0, 1, 0}, {}, 1, 1}}});
    Shown chart(lossInfo(), data);
    const AxisRange first = chart.space().left;
    for (int i = 0; i < 20; ++i) { // a curve that moves a little within its range
        data.series[0].repeats[0].y = {0, i % 2 == 0 ? 0.93 : 1.0, 0};
        ++data.series[0].repeats[0].revision;
        ++data.series[0].repeats[0].replaced;
        chart.draw();
        QCOMPARE(chart.space().left, first);
    }
}

void TestChart::rubberBandZooms()
{
    const ChartData data = lossData(100);
    Shown chart(lossInfo(), data);
    const QRectF plot = chart.space().rect;
    const AxisRange before = chart.space().left;
    const QPoint from = (plot.topLeft() + QPointF(plot.width() * 0.25, plot.height() * 0.2)).toPoint();
    const QPoint to = (plot.topLeft() + QPointF(plot.width() * 0.75, plot.height() * 0.7)).toPoint();
    QTest::mousePress(chart.canvas, Qt::LeftButton, {}, from);
    QMouseEvent move(QEvent::MouseMove, to, chart.canvas->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(chart.canvas, &move);
    QTest::mouseRelease(chart.canvas, Qt::LeftButton, {}, to);
    chart.draw();
    QVERIFY(std::abs(chart.space().x.min - 25) < 0.5);
    QVERIFY(std::abs(chart.space().x.max - 75) < 0.5);
    QVERIFY(std::abs(chart.space().left.max - (before.max - 0.2 * before.length())) < 0.02 * before.length());
}

void TestChart::keysZoomPanAndReset()
{
    const ChartData data = lossData(100);
    Shown chart(lossInfo(), data);
    const double length = chart.space().x.length();
    QTest::keyClick(chart.canvas, Qt::Key_Plus);
    chart.draw();
    QVERIFY(chart.space().x.length() < length);
    const AxisRange zoomed = chart.space().x;
    QTest::keyClick(chart.canvas, Qt::Key_Right);
    chart.draw();
    QVERIFY(chart.space().x.min > zoomed.min);
    QVERIFY(std::abs(chart.space().x.length() - zoomed.length()) < 1e-9);
    QTest::keyClick(chart.canvas, Qt::Key_Home);
    chart.draw();
    QCOMPARE(chart.space().x.length(), length);
    QTest::keyClick(chart.canvas, Qt::Key_2);
    QCOMPARE(chart.widget.hiddenSeries(), std::vector<std::string>{"shallow"});
}

void TestChart::zoomEndsBeforeTheNumbers_data()
{
    QTest::addColumn<QString>("by");
    QTest::addColumn<double>("offset");
    QTest::addColumn<bool>("log");
    for (const QString by : {"rectangle", "wheel", "keys"}) {
        QTest::newRow(qPrintable(by)) << by << 0.0 << false;
        QTest::newRow(qPrintable(by + ", far from zero")) << by << 1e12 << false;
        QTest::newRow(qPrintable(by + ", log")) << by << 0.0 << true;
    }
}

void TestChart::zoomEndsBeforeTheNumbers()
{
    QFETCH(QString, by);
    QFETCH(double, offset);
    QFETCH(bool, log);
    ChartInfo info = lossInfo();
    info.right = Axis{"accuracy"};
    if (log)
        info.x.scale = info.y.scale = Scale::Log;
    ChartData data;
    for (int i = 1; i <= 100; ++i)
        append(data, "deep", offset + i, offset + 0.2 + 2.0 / i);
    Shown chart(info, data);
    for (int turn = 0; turn < 60; ++turn) {
        const QPoint at = (chart.space().rect.topLeft() + QPointF(101, 57)).toPoint();
        if (by == "rectangle") {
            QTest::mousePress(chart.canvas, Qt::LeftButton, {}, at);
            QMouseEvent move(QEvent::MouseMove, at + QPoint(16, 16),
                             chart.canvas->mapToGlobal(at + QPoint(16, 16)), Qt::NoButton, Qt::LeftButton,
                             {});
            QApplication::sendEvent(chart.canvas, &move);
            QTest::mouseRelease(chart.canvas, Qt::LeftButton, {}, at + QPoint(16, 16));
        } else if (by == "wheel") {
            chart.wheel(8);
        } else {
            for (int i = 0; i < 8; ++i)
                QTest::keyClick(chart.canvas, Qt::Key_Plus);
        }
        chart.draw();
        for (const AxisRange &range : {chart.space().x, chart.space().left, chart.space().right}) {
            QCOMPARE(drawable(range), range);
            QVERIFY(ticksFor(Axis{"x"}, range, 10).at.size() <= 12);
        }
    }
    const AxisRange deepest = chart.space().x;
    QVERIFY(deepest.length() <= std::max(1e-2, 3 * leastLength(deepest)));
    for (int turn = 0; turn < 400; ++turn) // and out again, to the end of the numbers
        chart.wheel(-40);
    chart.draw();
    QCOMPARE(drawable(chart.space().x), chart.space().x);
    QTest::keyClick(chart.canvas, Qt::Key_Home);
    chart.draw();
    QVERIFY(chart.space().x.contains({toPlotted(offset + 1, log), toPlotted(offset + 100, log), log}));
}

void TestChart::sharedRangeIsToldAndTaken()
{
    const ChartData data = lossData(100);
    Shown upper(lossInfo(), data);
    Shown lower(lossInfo(), data);
    connect(&upper.widget, &ChartWidget::xRangeChanged, &lower.widget, &ChartWidget::setXRange);
    QSignalSpy echo(&lower.widget, &ChartWidget::xRangeChanged);
    upper.wheel(3);
    upper.draw();
    lower.draw();
    QCOMPARE(lower.space().x, upper.space().x);
    QCOMPARE(echo.size(), 0); // two charts that follow each other must come to rest

    connect(&upper.widget, &ChartWidget::viewReset, &lower.widget, &ChartWidget::resetView);
    connect(&lower.widget, &ChartWidget::viewReset, &upper.widget, &ChartWidget::resetView);
    QTest::keyClick(lower.canvas, Qt::Key_Home);
    QVERIFY(upper.widget.followsData());
    QVERIFY(lower.widget.followsData());
}

void TestChart::logAxisIsRefusedWhereNothingIsPositive()
{
    ChartInfo info = lossInfo();
    info.y.scale = Scale::Log;
    ChartData data;
    for (int i = 1; i <= 20; ++i) {
        append(data, "deep", i, -0.5 * i);
        append(data, "shallow", i, 0);
    }
    Shown chart(info, data);
    QVERIFY(!chart.widget.logY());
    QVERIFY(!chart.space().left.scale.log);
    QVERIFY(chart.space().left.min <= -10);
    bool said = false;
    for (const QToolButton *button : chart.widget.findChildren<QToolButton *>())
        said = said || (!button->isEnabled() && button->toolTip().contains("above zero"));
    QVERIFY(said);
    QVERIFY(!isBlank(chart.draw(), chart.space().rect.toRect()));
    append(data, "deep", 21, 3);
    chart.draw();
    QVERIFY(chart.widget.logY());
}

/// Of a curve that goes through zero; where it is on already, the way back is offered.
void TestChart::aLogAxisThatWouldLoseHalfIsNotOffered()
{
    ChartData data;
    for (int i = 1; i <= 20; ++i)
        append(data, "deep", i, i <= 12 ? -1.0 / i : 1.0);
    Shown chart(lossInfo(), data);
    const auto buttonOf = [&chart]() -> const QToolButton * {
        for (const QToolButton *button : chart.widget.findChildren<QToolButton *>())
            if (button->text() == QLatin1String("log y"))
                return button;
        return nullptr;
    };
    QVERIFY(buttonOf() && !buttonOf()->isEnabled());
    QVERIFY2(buttonOf()->toolTip().contains("not above zero"), qPrintable(buttonOf()->toolTip()));
    chart.widget.setLogY(true);
    QVERIFY(!chart.widget.logY() && !chart.widget.whyNotLogY().isEmpty());

    for (int i = 21; i <= 40; ++i)
        append(data, "deep", i, 1.0);
    chart.draw();
    QVERIFY(buttonOf()->isEnabled());
    chart.widget.setLogY(true);
    for (int i = 41; i <= 100; ++i)
        append(data, "deep", i, -1.0);
    chart.draw();
    QVERIFY(chart.widget.logY() && buttonOf()->isEnabled());
}

void TestChart::zeroIsLeftOutOfALogAxis_data()
{
    QTest::addColumn<int>("points");
    QTest::addColumn<bool>("right");
    QTest::newRow("few points") << 20 << false;
    QTest::newRow("many points") << 20000 << false;
    QTest::newRow("on the right") << 20 << true;
}

void TestChart::zeroIsLeftOutOfALogAxis()
{
    QFETCH(int, points);
    QFETCH(bool, right);
    ChartInfo info = lossInfo();
    (right ? info.right.emplace(Axis{"loss"}) : info.y).scale = Scale::Log;
    info.series[0].rightAxis = right;
    ChartData data;
    for (int i = 1; i <= points; ++i)
        append(data, "deep", i, i == points / 2 ? 0.0 : 0.1 + 10.0 / i);
    Shown chart(info, data);
    const QImage image = chart.draw();
    const AxisRange &axis = right ? chart.space().right : chart.space().left;
    QVERIFY(axis.scale.log);
    QVERIFY(axis.min >= -1.5 && axis.max <= 1.5); // the axis of those that have a place
    QCOMPARE(chart.canvas->drawing().remark(), std::string("1 point at 0 is not shown"));
    const double x = chart.space().toX(points / 2.0);
    const int bottom = static_cast<int>(chart.space().rect.bottom());
    const auto markedAt = [&](double at) {
        return pixelsLike(image, blue, QRect(static_cast<int>(at) - 4, bottom - 8, 8, 8)) > 4;
    };
    QVERIFY(markedAt(x));
    QVERIFY(!markedAt(x - 40));
    QVERIFY(!markedAt(x + 40));
    const std::vector<SeriesPoints> &repeats = data.series[0].repeats;
    QCOMPARE(repeats[0].y[static_cast<std::size_t>(points / 2 - 1)], 0.0);

    append(data, "deep", points + 1, -2);
    append(data, "deep", points + 2, 0);
    chart.draw();
    QVERIFY((right ? chart.space().right : chart.space().left).scale.log);
    QCOMPARE(chart.canvas->drawing().remark(), std::string("3 points at or below 0 are not shown"));
    if (!right) {
        chart.widget.setLogY(false);
        chart.draw();
        QCOMPARE(chart.canvas->drawing().remark(), std::string());
    }
}

void TestChart::zeroIsLeftOutOfALogXAxis()
{
    ChartInfo info = lossInfo();
    info.x.scale = Scale::Log;
    ChartData data;
    for (int i = 0; i <= 100; ++i)
        append(data, "deep", i, 1 + 0.01 * i);
    Shown chart(info, data);
    const QImage image = chart.draw();
    QVERIFY(chart.space().x.scale.log);
    QCOMPARE(chart.space().x.min, 0.0);
    QCOMPARE(chart.canvas->drawing().remark(), std::string("1 point at 0 is not shown"));
    const QPoint mark(static_cast<int>(chart.space().rect.left()),
                      static_cast<int>(chart.space().toY(1, false)));
    QVERIFY(pixelsLike(image, blue, QRect(mark - QPoint(0, 4), QSize(6, 8))) > 4);
}

void TestChart::barsBelowZeroAreLeftOutOfALogAxis()
{
    ChartInfo info = lossInfo();
    info.y.scale = Scale::Log;
    info.series = {{"deep", "deep", Mark::Bars}};
    ChartData data;
    for (int i = 0; i < 10; ++i)
        append(data, "deep", i, i == 3 ? 0 : i == 6 ? -2 : 10 + i);
    Shown chart(info, data);
    chart.draw();
    QVERIFY(chart.space().left.scale.log);
    QVERIFY(chart.space().left.min > 0); // above 1
    QCOMPARE(chart.canvas->drawing().remark(), std::string("1 point at or below 0 is not shown"));
}

void TestChart::legendHidesAndShows()
{
    const ChartData data = lossData(100);
    Shown chart(lossInfo(), data);
    const QRect plot = chart.space().rect.toRect();
    const QPoint entry = chart.legendEntry(0);
    QVERIFY(!entry.isNull());
    const int before = pixelsLike(chart.draw(), blue, plot);
    QVERIFY(before > 200);
    QTest::mouseClick(chart.canvas, Qt::LeftButton, {}, entry);
    QCOMPARE(chart.widget.hiddenSeries(), std::vector<std::string>{"deep"});
    QCOMPARE(pixelsLike(chart.draw(), blue, plot), 0);
    QVERIFY(pixelsLike(chart.draw(), vermilion, plot) > 200);
    QTest::mouseClick(chart.canvas, Qt::LeftButton, {}, chart.legendEntry(0));
    QVERIFY(pixelsLike(chart.draw(), blue, plot) > 200);
}

void TestChart::crosshairReadsValues()
{
    const ChartData data = lossData(100);
    Shown chart(lossInfo(), data);
    const CrosshairReading reading =
        readChart(chart.canvas->drawing(), QPointF(chart.space().toX(40.2), 100));
    QCOMPARE(reading.heading, QString("epoch 40"));
    QCOMPARE(reading.rows.size(), 2U);
    QCOMPARE(reading.rows[0].label, QString("deep"));
    QCOMPARE(reading.rows[0].value, QString("0.2500"));
    QCOMPARE(reading.rows[1].value, QString("0.8375"));
    const QImage before = chart.draw();
    QTest::keyClick(chart.canvas, Qt::Key_Right, Qt::ControlModifier);
    QVERIFY(chart.draw() != before);
}

void TestChart::crosshairReadsWhatIsDrawnWhilePointsArrive_data()
{
    QTest::addColumn<bool>("replaced");
    QTest::newRow("appended") << false;
    QTest::newRow("replaced") << true;
}

/// Between taking what a run has told and the next redraw, the points of the picture are those that were
/// there when it was drawn.
void TestChart::crosshairReadsWhatIsDrawnWhilePointsArrive()
{
    QFETCH(bool, replaced);
    RunData data;
    const auto tell = [&data](double y, int from, int to) {
        for (int i = from; i < to; ++i) {
            data.apply(PointEvent{"loss", "deep", 0, double(i), y + 1.0 / i, {}});
            data.apply(PointEvent{"loss", "shallow", 0, double(i), 2 * y + 1.0 / i, {}});
        }
    };
    tell(1, 1, 1000);
    Shown chart(lossInfo(), *data.findChart("loss"));
    const auto read = [&chart] {
        QStringList values;
        for (double x = chart.space().rect.left(); x < chart.space().rect.right(); x += 7) {
            const CrosshairReading reading = readChart(chart.canvas->drawing(), QPointF(x, 100));
            values << reading.heading;
            for (const CrosshairReading::Row &row : reading.rows)
                values << row.value;
        }
        return values;
    };
    const QStringList before = read();
    if (replaced) {
        for (const char *series : {"deep", "shallow"}) {
            data.apply(
                CurveEvent{"loss", series, 0, std::vector<double>(5000, 1), std::vector<double>(5000, 7)});
        }
    } else {
        tell(50, 1000, 60000);
    }
    const std::vector<std::vector<double>> elsewhere(64,
                                                     std::vector<double>(1024, -3)); // over what was freed
    QTest::keyClick(chart.canvas, Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(read(), before);
    chart.draw();
    QVERIFY(read() != before);
    QCOMPARE(elsewhere.back().back(), -3.0);
}

void TestChart::crosshairReadsOnePathOnThePlane()
{
    ChartData data;
    data.series.push_back({"deep", {{{0, 5, 2}, {0, 1, 4}, {"91 %", "95 %", "99 %"}, 1, 0}}});
    data.series.push_back({"shallow", {{{0, 1, 2}, {9, 9, 9}, {}, 1, 0}}});
    Shown chart(lossInfo(), data);
    const QPointF near = chart.space().toPoint(2, 4, false) + QPointF(6, -6);
    const CrosshairReading reading = readChart(chart.canvas->drawing(), near);
    QCOMPARE(reading.rows.size(), 1U);
    QCOMPARE(reading.rows[0].label, QString("deep"));
    QVERIFY(reading.rows[0].value.endsWith("99 %"));
}

void TestChart::crosshairsBoxIsWhole_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("count");
    QTest::newRow("as wide as half the plot") << QSize(420, 300) << 3;
    QTest::newRow("narrow") << QSize(220, 200) << 3;
    QTest::newRow("more rows than there is room for") << QSize(420, 200) << 30;
}

/// Wherever the pointer is: a box that fits on neither side of the line lies across it.
void TestChart::crosshairsBoxIsWhole()
{
    QFETCH(QSize, size);
    QFETCH(int, count);
    ChartInfo info = lossInfo();
    ChartData data;
    data.id = "loss";
    for (int series = 0; series < count; ++series) {
        const std::string key = "series" + std::to_string(series);
        info.series.push_back({key, "a network of so many layers, " + std::to_string(series)});
        for (int i = 1; i <= 50; ++i)
            append(data, key, i, series + 1.0 / i);
    }
    Shown chart(info, data);
    chart.widget.resize(size);
    chart.draw();
    const QRectF canvas(chart.canvas->rect());
    const QRectF plot = chart.space().rect;
    for (double x = plot.left(); x <= plot.right(); x += 3) {
        const CrosshairReading reading = readChart(chart.canvas->drawing(), QPointF(x, plot.center().y()));
        const QRectF box = crosshairBox(reading, chart.canvas->drawing());
        QVERIFY(!reading.rows.empty() && box.height() > 20 && box.width() > 60);
        QVERIFY2(canvas.contains(box), qPrintable(QStringLiteral("at %1: %2 to %3 by %4 to %5")
                                                      .arg(x)
                                                      .arg(box.left())
                                                      .arg(box.right())
                                                      .arg(box.top())
                                                      .arg(box.bottom())));
    }
}

namespace {

/// Five seeds of two curves; the fifth seed of "deep" has died.
ChartData fiveSeeds()
{
    ChartData data;
    for (const char *key : {"deep", "shallow"}) {
        SeriesData series{key, {}};
        for (std::size_t seed = 0; seed < 5; ++seed) {
            for (int epoch = 1; epoch <= 50; ++epoch) {
                const bool died = seed == 4 && series.key == "deep";
                series.points(seed).x.push_back(epoch);
                series.points(seed).y.push_back(died ? 3.0 : (1.0 + 0.2 * double(seed)) / epoch);
            }
            ++series.points(seed).revision;
        }
        data.series.push_back(series);
    }
    return data;
}

} // namespace

void TestChart::theLegendNamesTheSummaryOnce()
{
    const ChartData data = fiveSeeds();
    ChartInfo info = lossInfo();
    info.spread = Spread::Median;
    Shown chart(info, data);
    const auto &entries = chart.canvas->drawing().legend().entries();
    QCOMPARE(entries.size(), 3U);
    QCOMPARE(entries[0].text, QString("deep"));
    QCOMPARE(entries[1].text, QString("shallow"));
    QCOMPARE(entries[2].text, QString("median, quartiles, range of 5 seeds"));
    QTest::keyClick(chart.canvas, Qt::Key_3); // it is no series to hide
    QVERIFY(chart.widget.hiddenSeries().empty());
    ChartPicture picture;
    const QImage median = drawCharts({{info, data}}, picture);
    picture.spread = Spread::Mean;
    QVERIFY(drawCharts({{info, data}}, picture) != median);
}

void TestChart::thePersonChoosesHowSeedsAreShown()
{
    ChartData data = fiveSeeds();
    Shown chart(lossInfo(), data);
    auto *button = chart.widget.findChild<QToolButton *>(QStringLiteral("spread"));
    QVERIFY(button->isVisibleTo(&chart.widget));
    QCOMPARE(chart.widget.spread(), Spread::Mean);
    const QSignalSpy chosen(&chart.widget, &ChartWidget::spreadChosen);
    const QImage mean = chart.draw();
    chart.widget.findChild<QMenu *>()->actions().last()->trigger();
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chart.widget.spread(), Spread::Seeds);
    QVERIFY(chart.draw() != mean);
    QCOMPARE(chart.canvas->drawing().legend().entries().back().text, QString("each of 5 seeds"));
    QCOMPARE(chart.canvas->drawing().series()[0].traces().size(), 5U);
    for (SeriesData &series : data.series)
        series.repeats.resize(1);
    chart.widget.setData(&data);
    QVERIFY(!button->isVisibleTo(&chart.widget)); // one seed: nothing to choose
}

/// Never one seed's value as if it were all of them's, and always what the numbers are.
void TestChart::theCrosshairSaysWhatItReadsOfSeeds()
{
    const ChartData data = fiveSeeds();
    Shown chart(lossInfo(), data);
    const auto read = [&](Spread spread) {
        chart.widget.setSpread(spread);
        chart.draw();
        const ChartDrawing &drawing = chart.canvas->drawing();
        return readChart(drawing, chart.space().toPoint(data.series[0].repeats[0].x[1], 1, false));
    };
    QVERIFY2(read(Spread::Median).heading.endsWith(QStringLiteral(" · median (quartiles)")),
             qPrintable(read(Spread::Median).heading));
    QVERIFY(read(Spread::Mean).heading.endsWith(QStringLiteral(" · mean ± sd")));
    const CrosshairReading each = read(Spread::Seeds);
    QVERIFY(each.heading.endsWith(QStringLiteral(" · range of the seeds")));
    double least = data.series[0].repeats[0].y[1];
    double greatest = least;
    for (const SeriesPoints &seed : data.series[0].repeats) {
        least = std::min(least, seed.y[1]);
        greatest = std::max(greatest, seed.y[1]);
    }
    QVERIFY(least < greatest);
    QCOMPARE(each.rows[0].value, QStringLiteral("%1 – %2").arg(valueText(least, Format::Number),
                                                               valueText(greatest, Format::Number)));
}

/// Beside one that has ended, a seed that is being trained makes no range; nor does an epoch on its way.
void TestChart::theCrosshairReadsNoRangeOfOneSeed()
{
    ChartData data;
    for (int epoch = 1; epoch <= 10; ++epoch)
        append(data, "deep", epoch, 1.0 / epoch);
    data.series[0].live = {{10.25, 10.5}, {0.2, 0.3}, {}, 1, 1};
    Shown chart(lossInfo(), data);
    const auto read = [&] {
        chart.draw();
        return readChart(chart.canvas->drawing(), chart.space().toPoint(5, 0.2, false));
    };
    QCOMPARE(read().rows[0].value, valueText(0.2, Format::Number));
    QVERIFY(!read().heading.contains(QChar(0x00B7)));
    SeriesPoints &second = data.series[0].points(1);
    for (int epoch = 1; epoch <= 6; ++epoch) {
        second.x.push_back(epoch);
        second.y.push_back(2.0 / epoch);
    }
    ++second.revision;
    data.unfinished = 1;
    chart.widget.setData(&data);
    QVERIFY2(!read().rows[0].value.contains(QChar(0x2013)), qPrintable(read().rows[0].value));
    QVERIFY(!read().heading.contains(QChar(0x00B7)));
}

void TestChart::fitsOfAFunctionAreNeverAveraged()
{
    ChartInfo info = lossInfo();
    info.series.push_back({.key = "target", .label = "target", .isTarget = true});
    const ChartData data = fiveSeeds();
    Shown chart(info, data);
    for (const Spread spread : {Spread::Median, Spread::Mean}) {
        chart.widget.setSpread(spread);
        chart.draw();
        for (const PlotSeries &series : chart.canvas->drawing().series()) {
            QCOMPARE(series.summarised(), 0U);
            QCOMPARE(series.traces().size(), 5U);
        }
    }
    QVERIFY(!chart.widget.findChild<QToolButton *>(QStringLiteral("spread"))->isVisibleTo(&chart.widget));
}

void TestChart::aLogAxisHoldsTheWholeRangeOfSeeds()
{
    ChartInfo info = lossInfo();
    info.y.scale = Scale::Log;
    info.spread = Spread::Median;
    const ChartData data = fiveSeeds();
    Shown chart(info, data);
    const AxisRange axis = chart.space().left;
    QVERIFY(axis.scale.log);
    QVERIFY(axis.min <= std::log10(1.0 / 50) && axis.max >= std::log10(3.0));
    chart.widget.setSpread(Spread::Mean); // the mean less a deviation is below zero in "deep"
    chart.draw();
    QVERIFY(chart.space().left.scale.log);
    QVERIFY(chart.space().left.min > -3);
    QVERIFY(chart.canvas->drawing().seedsText().contains("band where sd < mean"));
}

void TestChart::spikesAreSeen()
{
    ChartInfo info = lossInfo();
    ChartData data;
    for (int i = 0; i < 100000; ++i)
        append(data, "deep", i, i == 61803 ? 10.0 : 1.0 + 0.01 * (i % 7));
    Shown chart(info, data);
    const QImage image = chart.draw();
    const double x = chart.space().toX(61803);
    const double y = chart.space().toY(6, false);
    QVERIFY(pixelsLike(image, blue, QRect(static_cast<int>(x) - 2, static_cast<int>(y) - 5, 5, 10)) >= 10);
    QCOMPARE(pixelsLike(image, blue, QRect(static_cast<int>(x) + 10, static_cast<int>(y) - 5, 50, 10)), 0);
}

void TestChart::aSeriesKeepsItsColorWhicheverComesFirst()
{
    ChartData data; // "deep", declared first, is still on its way
    data.id = "loss";
    for (int i = 1; i <= 20; ++i)
        append(data, "shallow", i, 0.8 + 1.5 / i);
    const QImage image = drawCharts({{lossInfo(), data}}, {});
    QVERIFY(pixelsLike(image, vermilion) > 300);
    QCOMPARE(pixelsLike(image, blue), 0);
}

void TestChart::gapsAreSeen()
{
    ChartData data;
    for (int i = 0; i <= 100; ++i)
        append(data, "deep", i, i > 40 && i < 60 ? notANumber : 1.0);
    Shown chart(lossInfo(), data);
    const QImage image = chart.draw();
    const int y = static_cast<int>(chart.space().toY(1, false));
    const auto drawnAt = [&](double epoch) {
        return pixelsLike(image, blue, QRect(static_cast<int>(chart.space().toX(epoch)) - 5, y - 3, 10, 7));
    };
    QVERIFY(drawnAt(20) > 0);
    QCOMPARE(drawnAt(50), 0);
    QVERIFY(drawnAt(80) > 0);
}

void TestChart::hiddenChartDrawsNothing()
{
    ChartData data = lossData(100);
    Shown chart(lossInfo(), data);
    chart.widget.hide();
    const AxisRange before = chart.space().x;
    append(data, "deep", 5000, 0.1);
    chart.widget.refresh();
    QCoreApplication::processEvents();
    QCOMPARE(chart.space().x, before);
    QCOMPARE(chart.canvas->drawing().series()[0].traces()[0].size(), 100U);
    chart.widget.show();
    chart.draw();
    QVERIFY(chart.space().x.max >= 5000);
}

void TestChart::emptyChartSaysWhatWillCome()
{
    const ChartData data;
    Shown chart(lossInfo(), data);
    const QRect middle = QRectF(chart.space().rect).adjusted(20, 40, -20, -40).toRect();
    QVERIFY(isBlank(chart.draw(), middle));
    chart.widget.setEmptyText("Press Run: three networks of equal size learn sin(5πx)/(5πx).");
    QVERIFY(!isBlank(chart.draw(), middle));
}

void TestChart::remarkIsReadWhole_data()
{
    QTest::addColumn<int>("width");
    QTest::newRow("beside the title") << 700;
    QTest::newRow("beneath it") << 260;
}

void TestChart::remarkIsReadWhole()
{
    QFETCH(int, width);
    ChartData data = lossData(10);
    data.remark = "positive: λ > 1e-07 · max |λ|; 12 of 30 have ‖∇L‖₂ < 0.001";
    Shown chart(lossInfo(), data);
    chart.widget.resize(width, 400);
    chart.draw();
    const QString remark = QString::fromStdString(data.remark);
    QLabel *shown = nullptr;
    for (QLabel *label : chart.widget.findChildren<QLabel *>())
        if (label->isVisible() && label->text() == remark)
            shown = label;
    QVERIFY(shown);
    const QRect needed = shown->fontMetrics().boundingRect(QRect(0, 0, shown->contentsRect().width(), 1000),
                                                           Qt::TextWordWrap, remark);
    QVERIFY(shown->contentsRect().width() >= needed.width());
    QVERIFY(shown->contentsRect().height() >= needed.height());
}

void TestChart::aLongRemarkLeavesRoomForThePlot()
{
    ChartData data = lossData(10);
    for (int i = 0; i < 30; ++i)
        data.remark += "network " + std::to_string(i) + " has converged at epoch 1,000 · ";
    Shown chart(lossInfo(), data);
    chart.widget.resize(220, 330);
    chart.draw();
    QCoreApplication::processEvents(); // the layout follows the shorter text
    QVERIFY2(chart.canvas->height() > 330 / 2, qPrintable(QString::number(chart.canvas->height())));
    const auto labels = chart.widget.findChildren<QLabel *>();
    const auto beneath = std::find_if(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->isVisible() && label->text().startsWith(QStringLiteral("network 0"));
    });
    QVERIFY(beneath != labels.end());
    QVERIFY((*beneath)->text().endsWith(QStringLiteral("…")));
    QVERIFY((*beneath)->toolTip().contains(QStringLiteral("network 29"))); // all of it is to be had
    // The title is whole, too.
    const auto title = std::find_if(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text() == QStringLiteral("Training loss");
    });
    QVERIFY(title != labels.end() && (*title)->width() >= (*title)->sizeHint().width());
}

void TestChart::describesItself()
{
    const ChartData data = lossData(100);
    Shown chart(lossInfo(), data);
    QVERIFY(chart.canvas->accessibleName().contains("Training loss"));
    QVERIFY(chart.canvas->accessibleDescription().contains("deep: 0.2200"));
    QVERIFY(!chart.widget.findChildren<QToolButton *>().empty());
    for (const QToolButton *button : chart.widget.findChildren<QToolButton *>())
        QVERIFY(!button->accessibleName().isEmpty());
}

/// And is whole in its tip, and again where there is room.
void TestChart::aTitleWithoutRoomEndsInDots()
{
    ChartInfo info = lossInfo();
    info.title = "Gradient norm of the loss over all samples";
    ChartData data = lossData(10);
    Shown chart(info, data);
    const QString whole = QString::fromStdString(info.title);
    const auto title = [&] {
        for (QLabel *label : chart.widget.findChildren<QLabel *>())
            if (label->font().weight() == QFont::DemiBold)
                return label;
        return static_cast<QLabel *>(nullptr);
    };
    QVERIFY(title());
    chart.widget.resize(200, 240);
    QVERIFY2(title()->text().endsWith(QChar(0x2026)), qPrintable(title()->text()));
    QCOMPARE(title()->toolTip(), plainTip(whole));
    QCoreApplication::processEvents();
    QVERIFY(title()->width() >= title()->sizeHint().width());
    chart.widget.resize(600, 240);
    QCOMPARE(title()->text(), whole);
    QVERIFY(title()->toolTip().isEmpty());
}

void TestChart::copiesAPicture()
{
    const ChartData data = lossData(100);
    Shown chart(lossInfo(), data);
    QApplication::clipboard()->clear();
    for (QAction *action : chart.widget.findChildren<QAction *>())
        if (action->text() == "Copy chart")
            action->trigger();
    const QImage copied = QApplication::clipboard()->image();
    QCOMPARE(copied.size(), QSize(1600, 1000));
    QVERIFY(pixelsLike(copied, blue) > 1000);
    QVERIFY(pixelsLike(copied, vermilion) > 1000);
}

void TestChart::exportShowsEveryMark_data()
{
    QTest::addColumn<Mark>("mark");
    QTest::addColumn<bool>("isTarget");
    QTest::newRow("line") << Mark::Line << false;
    QTest::newRow("points") << Mark::Points << false;
    QTest::newRow("line and points") << Mark::LinePoints << false;
    QTest::newRow("target") << Mark::Line << true;
    QTest::newRow("points to compare with") << Mark::Points << true;
    QTest::newRow("bars") << Mark::Bars << false;
}

void TestChart::exportShowsEveryMark()
{
    QFETCH(Mark, mark);
    QFETCH(bool, isTarget);
    ChartInfo info = lossInfo();
    info.series = {{"deep", "deep", mark, false, isTarget}, {"shallow", "shallow", Mark::Line}};
    info.references = {{0.5, "chance"}};
    const ChartData data = lossData(20);
    ChartPicture picture;
    picture.caption = "function-fit · report preset · seed 1";
    const QImage image = drawCharts({{info, data}}, picture);
    const int width = image.width();
    const int height = image.height();
    QVERIFY(!isBlank(image, QRect(0, 0, width / 3, height / 12)));                    // title
    QVERIFY(!isBlank(image, QRect(0, height / 4, width / 25, height / 2)));           // the y axis's title
    QVERIFY(!isBlank(image, QRect(0, height * 9 / 10, width / 2, height / 10 - 12))); // caption
    const QRect middle(width / 6, height / 6, width * 2 / 3, height * 2 / 3);
    const QColor shallow = isTarget ? blue : vermilion; // a target takes no colour of the palette
    QVERIFY(pixelsLike(image, shallow, middle) > 300);

    // The same curve without a mark of its own: where the mark's colour is, is the mark.
    const QColor own = isTarget ? ChartTheme::light().target().color : blue;
    picture.choices["loss"] = ChartChoices{
        .logX = info.x.scale == Scale::Log, .logY = info.y.scale == Scale::Log, .hidden = {"deep"}};
    const int without = huesLike(drawCharts({{info, data}}, picture), own, middle);
    QVERIFY2(huesLike(image, own, middle) > without + 1000, "the series of this mark leaves no trace");
}

void TestChart::exportHasSizeAndDensity_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("dpi");
    QTest::newRow("slide") << QSize(1600, 1000) << 200;
    QTest::newRow("column") << QSize(1004, 640) << 300;
}

void TestChart::exportHasSizeAndDensity()
{
    QFETCH(QSize, size);
    QFETCH(int, dpi);
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("loss.png").toStdString();
    ChartPicture picture;
    picture.size = size;
    picture.dpi = dpi;
    QVERIFY(exportPicture({{lossInfo(), lossData(100)}}, picture, file));
    QImage image(QString::fromStdString(file.string()));
    QCOMPARE(image.size(), size);
    QVERIFY(std::abs(image.dotsPerMeterX() - dpi / 0.0254) <= 1);
    // All of the picture is used: the curve's end is near its right border.
    QVERIFY(pixelsLike(image, blue, QRect(size.width() * 3 / 4, 0, size.width() / 4, size.height())) > 50);
    QVERIFY(pixelsLike(image, vermilion) > 300);
    QCOMPARE(image.pixelColor(2, 2), QColor(Qt::white));
}

void TestChart::exportLeavesHiddenSeriesOut()
{
    ChartPicture picture;
    picture.choices["loss"] = ChartChoices{.hidden = {"deep"}};
    const QImage image = drawCharts({{lossInfo(), lossData(100)}}, picture);
    QCOMPARE(pixelsLike(image, blue), 0);
    QVERIFY(pixelsLike(image, vermilion) > 300);
}

void TestChart::exportIsDarkWhereAsked()
{
    ChartPicture picture;
    picture.dark = true;
    QVERIFY(drawCharts({{lossInfo(), lossData(100)}}, picture).pixelColor(2, 2).lightness() < 60);
}

void TestChart::svgHoldsTextAsText()
{
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("loss.svg").toStdString();
    ChartPicture picture;
    picture.caption = "function-fit, seed 1";
    QVERIFY(exportPicture({{lossInfo(), lossData(100)}}, picture, file));
    QFile svg(QString::fromStdString(file.string()));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QByteArray text = svg.readAll();
    QVERIFY(text.contains("viewBox=\"0 0 1600 1000\""));
    for (const char *word : {">Training loss<", ">epoch<", ">MSE<", ">deep<", ">function-fit, seed 1<"})
        QVERIFY2(text.contains(word), word);
    QVERIFY(text.contains("#0072b2"));
}

void TestChart::svgNamesAFamilyThatEveryViewerHas()
{
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("loss.svg").toStdString();
    QVERIFY(exportPicture({{lossInfo(), lossData(100)}}, {}, file));
    QFile svg(QString::fromStdString(file.string()));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    QRegularExpressionMatchIterator families =
        QRegularExpression("font-family=\"([^\"]*)\"").globalMatch(QString::fromUtf8(svg.readAll()));
    QVERIFY(families.hasNext());
    while (families.hasNext()) {
        const QString list = families.next().captured(1);
        QVERIFY2(list.contains(',') && list.endsWith(", sans-serif"), qPrintable(list));
        QVERIFY2(!list.contains("Sans Serif"), qPrintable(list));
    }
}

void TestChart::exportShowsWhatTheWindowDoes()
{
    ChartInfo info = lossInfo();
    info.y.scale = Scale::Log;
    const ChartData data = lossData(100);
    Shown chart(info, data);
    QVERIFY(!chart.widget.isChanged());
    chart.widget.setLogY(false);
    chart.widget.setSeriesHidden("shallow", true);
    chart.wheel(3);
    chart.draw();
    QVERIFY(chart.widget.isChanged());

    ChartDrawing drawing(info);
    drawing.setData(&data);
    drawing.setMetrics(ChartMetrics::forPrint());
    drawing.update();
    drawing.setChoices(chart.widget.choices());
    drawing.layOut(QSizeF(400, 250), 1);
    QCOMPARE(drawing.space().x, chart.space().x);
    QCOMPARE(drawing.space().left, chart.space().left);

    ChartPicture asShown;
    asShown.choices["loss"] = chart.widget.choices();
    const QImage shown = drawCharts({{info, data}}, asShown);
    const QImage all = drawCharts({{info, data}}, {});
    QCOMPARE(pixelsLike(shown, vermilion), 0);
    QVERIFY(pixelsLike(all, vermilion) > 300);
    chart.widget.resetView();
    chart.widget.setLogY(true);
    chart.widget.setSeriesHidden("shallow", false);
    QVERIFY(!chart.widget.isChanged());
}

void TestChart::pictureWithoutRoomIsRefused_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("dpi");
    QTest::newRow("300 × 200 at 600") << QSize(300, 200) << 600;
    QTest::newRow("200 × 200 at 2400") << QSize(200, 200) << 2400;
    QTest::newRow("a strip") << QSize(4000, 150) << 300;
}

void TestChart::pictureWithoutRoomIsRefused()
{
    QFETCH(QSize, size);
    QFETCH(int, dpi);
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("loss.png").toStdString();
    ChartPicture picture;
    picture.size = size;
    picture.dpi = dpi;
    picture.caption = "Simulate a function · report preset, hidden 5, seed 1";
    const std::optional<QSize> needed = neededSize({{lossInfo(), lossData(100)}}, picture);
    QVERIFY(needed);
    QVERIFY(std::abs(static_cast<double>(needed->height()) / needed->width()
                     - static_cast<double>(size.height()) / size.width())
            < 0.01);
    const Result<void> refused = exportPicture({{lossInfo(), lossData(100)}}, picture, file);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Usage);
    const QString message = QString::fromStdString(refused.error().message);
    QVERIFY2(message.contains(QString("%1 × %2").arg(needed->width()).arg(needed->height())),
             qPrintable(message));
    QVERIFY(QDir(folder.path()).isEmpty());

    picture.size = *needed - QSize(size.width() > 1000 ? 8 : 2, size.width() > 1000 ? 1 : 2);
    QVERIFY(neededSize({{lossInfo(), lossData(100)}}, picture)); // it is the least one
    picture.size = *needed;
    QVERIFY(exportPicture({{lossInfo(), lossData(100)}}, picture, file));
    const int most = QRegularExpression("at most (\\d+) dpi").match(message).captured(1).toInt();
    QVERIFY(most > 0);
    picture.size = size;
    picture.dpi = most;
    QVERIFY(!neededSize({{lossInfo(), lossData(100)}}, picture));
}

void TestChart::manySeriesLeaveThePlotItsHalf_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("letters");
    QTest::newRow("8") << 8 << 1;
    QTest::newRow("12") << 12 << 4;
    QTest::newRow("12 with long names") << 12 << 40;
    QTest::newRow("13") << 13 << 4;
    QTest::newRow("40") << 40 << 4;
    QTest::newRow("40 with long names") << 40 << 90;
}

/// In a column of 85 mm.
void TestChart::manySeriesLeaveThePlotItsHalf()
{
    QFETCH(int, count);
    QFETCH(int, letters);
    ChartInfo info = lossInfo();
    info.series.clear();
    ChartData data;
    const auto key = [&](int series) {
        return std::string(static_cast<std::size_t>(letters), 'h') + std::to_string(100 + series);
    };
    for (int series = 0; series < count; ++series)
        for (int i = 1; i <= 30; ++i) // all over the plot, so that the legend finds no place in it
            append(data, key(series), i, std::sin(i * (series + 1)));
    ChartPicture picture;
    picture.size = {1000, 625};
    picture.dpi = 300;
    picture.caption = "Capacity · report preset, largest 10000, models 40 · seed 1";
    const PictureLayout layout({{info, data}}, picture);
    QVERIFY(layout.hasRoom());
    const double height = 625.0 / 300 * 96;
    const double share = layout.drawing().space().rect.height() / height;
    QVERIFY2(share >= (count > 12 ? 0.5 : 0.35), qPrintable(QString::number(share)));
    const auto &entries = layout.drawing().legend().entries();
    if (count > 12) {
        QVERIFY(entries.size() <= 6);
        QCOMPARE(entries.front().key, key(0)); // the first and the last are named
        QCOMPARE(entries[entries.size() - 2].key, key(count - 1));
        QVERIFY(entries.back().text.contains(QString::number(count)));
    } else if (count == 8) {
        QCOMPARE(entries.size(), std::size_t{8});
    }
    const auto isNote = [](const ChartLegend::Entry &entry) { return entry.key.empty(); };
    QCOMPARE(std::any_of(entries.begin(), entries.end(), isNote),
             entries.size() < static_cast<std::size_t>(count));
    std::set<QRgb> colors;
    for (const PlotSeries &series : layout.drawing().series())
        colors.insert(series.style(layout.drawing().theme()).color.rgb());
    QVERIFY(colors.size() > static_cast<std::size_t>(count) * 3 / 4); // a ramp
}

/// Title, remark, legend, axes and caption, each with one long word.
void TestChart::longNamesStayInThePicture()
{
    const std::string word(300, 'w');
    ChartInfo info = lossInfo();
    info.title = word;
    info.x.title = word;
    info.y.title = word;
    info.series = {{"deep", word}, {"shallow", "shallow " + word}};
    info.references = {{0.5, word}, {30, word, true}};
    ChartData data = lossData(100);
    data.remark = word;
    ChartPicture picture;
    picture.size = {1600, 1400};
    picture.caption = QString::fromStdString(word);
    const QImage image = drawCharts({{info, data}}, picture);
    for (const QRect &border :
         {QRect(0, 0, 1600, 4), QRect(0, 1396, 1600, 4), QRect(0, 0, 4, 1400), QRect(1596, 0, 4, 1400)})
        QVERIFY(isBlank(image, border));
    QVERIFY(PictureLayout({{info, data}}, picture).drawing().space().rect.height() > 200);
}

void TestChart::nothingIsPaintedBeyondThePlot_data()
{
    QTest::addColumn<Mark>("mark");
    QTest::addColumn<bool>("log");
    for (const bool log : {false, true}) {
        QTest::newRow(log ? "lines, log" : "lines") << Mark::Line << log;
        QTest::newRow(log ? "lines and points, log" : "lines and points") << Mark::LinePoints << log;
        QTest::newRow(log ? "bars, log" : "bars") << Mark::Bars << log;
    }
}

/// As numbers in the file: what a viewer's clipping would hide counts as well.
void TestChart::nothingIsPaintedBeyondThePlot()
{
    QFETCH(Mark, mark);
    QFETCH(bool, log);
    ChartInfo info = lossInfo();
    info.series = {{"deep", "deep", mark}, {"shallow", "shallow", mark}};
    info.y.scale = log ? Scale::Log : Scale::Linear;
    ChartData data;
    for (int series = 0; series < 2; ++series) {
        std::vector<SeriesPoints> repeats;
        for (int repeat = 0; repeat < 4; ++repeat)
        { // a deviation as large as the mean: a band beyond a log axis
            std::vector<double> x;
            std::vector<double> y;
            for (int i = 0; i < 200; ++i) {
                x.push_back(i);
                y.push_back(repeat == 0 ? 100 + 60 * std::sin(i + series) : 0.01 * (1 + i % 7));
            }
            repeats.push_back({x, y, {}, 1, 0});
        }
        data.series.emplace_back(series == 0 ? "deep" : "shallow", std::move(repeats));
    }
    ChartPicture picture;
    picture.choices["loss"] = ChartChoices{.logY = log}; // zoomed into the middle
    picture.choices["loss"].view.x = AxisRange{50.5, 120.5, false};
    picture.choices["loss"].view.left = log ? AxisRange{1.2, 1.5, true} : AxisRange{16, 32, false};
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("loss.svg").toStdString();
    QVERIFY(exportPicture({{info, data}}, picture, file));
    const PictureLayout layout({{info, data}}, picture);
    const QRectF plot = layout.plot().adjusted(-2, -2, 2, 2); // half a line's width
    const QRectF legend = layout.legend().adjusted(-1, -1, 1, 1);

    QFile svg(QString::fromStdString(file.string()));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(svg.readAll());
    int painted = 0;
    // Qt writes a group for each pen and brush, with its transformation; those of series have their colours.
    const QRegularExpression groups("<g ([^>]*)>(.*?)</g>", QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpression shapes("(?:points|d)=\"([^\"]*)\"");
    const QRegularExpression numbers("(-?[0-9.]+(?:e[-+]?[0-9]+)?),(-?[0-9.]+(?:e[-+]?[0-9]+)?)");
    const QRegularExpression rects(
        "<rect x=\"([^\"]*)\" y=\"([^\"]*)\" width=\"([^\"]*)\" height=\"([^\"]*)\"");
    const QRegularExpression matrix("matrix\\(([^)]*)\\)");
    for (auto group = groups.globalMatch(text); group.hasNext();) {
        const QRegularExpressionMatch found = group.next();
        const QString style = found.captured(1);
        if (!style.contains("#0072b2") && !style.contains("#d55e00"))
            continue;
        const QStringList parts = matrix.match(style).captured(1).split(',');
        QCOMPARE(parts.size(), 6);
        const QTransform transform(parts[0].toDouble(), parts[1].toDouble(), parts[2].toDouble(),
                                   parts[3].toDouble(), parts[4].toDouble(), parts[5].toDouble());
        std::vector<QPointF> points;
        for (auto shape = shapes.globalMatch(found.captured(2)); shape.hasNext();) {
            for (auto number = numbers.globalMatch(shape.next().captured(1)); number.hasNext();) {
                const QRegularExpressionMatch pair = number.next();
                points.emplace_back(pair.captured(1).toDouble(), pair.captured(2).toDouble());
            }
        }
        for (auto rect = rects.globalMatch(found.captured(2)); rect.hasNext();) {
            const QStringList sides = rect.next().capturedTexts();
            const QPointF corner(sides[1].toDouble(), sides[2].toDouble());
            points.push_back(corner);
            points.push_back(corner + QPointF(sides[3].toDouble(), sides[4].toDouble()));
        }
        for (const QPointF &point : points) {
            const QPointF at = transform.map(point) / (200 / 96.0);
            QVERIFY2(plot.contains(at) || legend.contains(at),
                     qPrintable(QString("%1, %2").arg(at.x()).arg(at.y())));
            ++painted;
        }
    }
    QVERIFY(painted > 20);
}

void TestChart::failedExportLeavesNothing()
{
    QTemporaryDir folder;
    const std::filesystem::path missing = folder.filePath("missing/loss.png").toStdString();
    const Result<void> nowhere = exportPicture({{lossInfo(), lossData(10)}}, {}, missing);
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().kind, ErrorKind::Data);

    const Result<void> unknown =
        exportPicture({{lossInfo(), lossData(10)}}, {}, folder.filePath("loss.bmp").toStdString());
    QVERIFY(!unknown);
    QVERIFY(unknown.error().message.find(".svg") != std::string::npos);
    QVERIFY(QDir(folder.path()).isEmpty());
}

QTEST_MAIN(TestChart)
#include "test_chart.moc"
