#include "shownchart.h"
#include "ui/charts/crosshair.h"
#include "ui/charts/picturelayout.h"

#include <QtTest>

using namespace losslab;
using namespace losslab::ui;

namespace {

/// A spectrum: eigenvalues below, at and above zero in bars of their own.
ChartInfo spectrumInfo(bool logY)
{
    ChartInfo info;
    info.id = "spectrum";
    info.title = "Eigenvalues";
    info.x = Axis{"λ", Scale::SymLog};
    info.y = Axis{"Number", logY ? Scale::Log : Scale::Linear};
    info.series = {{"negative", "negative", Mark::Bars},
                   {"zero", "zero", Mark::Bars},
                   {"positive", "positive", Mark::Bars}};
    return info;
}

ChartData spectrum()
{
    ChartData data;
    data.id = "spectrum";
    data.series.push_back({"negative", {{{-1e-3, -1e-4, -1e-5, -1e-6}, {3, 8, 5, 0}, {}, 1, 0}}});
    data.series.push_back({"zero", {{{-1e-6, 1e-6}, {400, 0}, {}, 1, 0}}});
    data.series.push_back({"positive", {{{1e-6, 1e-4, 1e-2, 1, 10, 100}, {20, 60, 30, 9, 2, 0}, {}, 1, 0}}});
    return data;
}

const QColor green(0x00, 0x9E, 0x73);

ChartInfo pathInfo()
{
    ChartInfo info = lossInfo();
    info.equalScales = true;
    return info;
}

/// A path that goes far in x and little in y.
ChartData path()
{
    ChartData data;
    data.id = "loss";
    data.series.push_back({"deep", {{{0, 40, 20, -30}, {0, 1, 5, 2}, {}, 1, 0}}});
    return data;
}

/// Of a unit of x on the picture to one of y.
double ratioOf(const PlotSpace &space)
{
    return space.rect.width() / space.x.length() * space.left.length() / space.rect.height();
}

} // namespace

/// How values become places: symmetric logarithmic axes, axes of one scale, points side by side.
class TestChartScales : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void barsStandOnASymLogAxis_data();
    void barsStandOnASymLogAxis();
    void aBarIsReadWhereThePointerIsInIt();
    void symLogZoomsAndPans();
    void aChosenLogAxisTakesTheSymLogOnesPlace();
    void scalesFollowTheRunUnlessChosen();

    void aUnitIsAsLongOnBothAxes_data();
    void aUnitIsAsLongOnBothAxes();
    void equalScalesStayEqual_data();
    void equalScalesStayEqual();
    void panningEqualScalesFollowsThePointer();
    void aLogAxisHasNoEqualScale();
    void exportsHaveEqualScales();
};

void TestChartScales::barsStandOnASymLogAxis_data()
{
    QTest::addColumn<bool>("logY");
    QTest::newRow("linear y") << false;
    QTest::newRow("log y") << true;
}

/// Each bar from its edge to the next one and from the floor to its height, in its series' own colour.
void TestChartScales::barsStandOnASymLogAxis()
{
    QFETCH(bool, logY);
    const ChartData data = spectrum();
    Shown chart(spectrumInfo(logY), data);
    const QImage image = chart.draw();
    const PlotSpace &space = chart.space();
    QVERIFY(space.x.scale.symLog());
    QVERIFY(space.x.min <= toPlotted(-1e-3, space.x.scale));
    QVERIFY(space.x.max >= toPlotted(100, space.x.scale));
    QVERIFY(space.toX(0) > space.toX(-1e-6) && space.toX(0) < space.toX(1e-6));
    const double decade = space.toX(1e-4) - space.toX(1e-5);
    QVERIFY(std::abs(space.toX(-1e-4) - space.toX(-1e-3) - decade) < 0.01); // both sides alike
    const std::vector<QColor> colors{blue, vermilion, green};
    for (std::size_t s = 0; s < data.series.size(); ++s) {
        const SeriesPoints &bars = data.series[s].repeats[0];
        for (std::size_t i = 0; i + 1 < bars.x.size(); ++i) {
            const QRectF bar(QPointF(space.toX(bars.x[i]), space.toY(bars.y[i], false)),
                             QPointF(space.toX(bars.x[i + 1]), space.rect.bottom()));
            const QRect inside = bar.adjusted(2, 1, -3, -2).toRect();
            if (inside.height() > 0)
                QCOMPARE(pixelsLike(image, colors[s], inside), inside.width() * inside.height());
            const QRect above(inside.left(), inside.top() - 8, inside.width(), 5);
            QCOMPARE(pixelsLike(image, colors[s], above), 0);
        }
    }
}

void TestChartScales::aBarIsReadWhereThePointerIsInIt()
{
    const ChartData data = spectrum();
    Shown chart(spectrumInfo(true), data);
    const auto read = [&](double value) {
        return readChart(chart.canvas->drawing(), QPointF(chart.space().toX(value), 100));
    };
    for (const double value : {1.2e-6, 9e-5}) { // at either end of one bar
        QCOMPARE(read(value).rows.size(), 1U);
        QCOMPARE(read(value).rows[0].label, QString("positive"));
        QCOMPARE(read(value).rows[0].value, QString("20"));
    }
    QCOMPARE(read(0).rows[0].label, QString("zero"));
    QCOMPARE(read(-5e-4).rows[0].label, QString("negative"));
    QCOMPARE(read(5).heading, QString::fromUtf8("λ 1 – 10"));
}

void TestChartScales::symLogZoomsAndPans()
{
    const ChartData data = spectrum();
    Shown chart(spectrumInfo(false), data);
    const AxisRange whole = chart.space().x;
    chart.wheel(3);
    chart.draw();
    const AxisRange zoomed = chart.space().x;
    QCOMPARE(zoomed.scale, whole.scale);
    QVERIFY(zoomed.length() < whole.length());
    QTest::keyClick(chart.canvas, Qt::Key_Right);
    chart.draw();
    QVERIFY(chart.space().x.min > zoomed.min);
    QVERIFY(std::abs(chart.space().x.length() - zoomed.length()) < 1e-9);
    for (int turn = 0; turn < 60; ++turn) {
        chart.wheel(8);
        chart.draw();
        QCOMPARE(drawable(chart.space().x), chart.space().x);
        QVERIFY(ticksFor(Axis{"x"}, chart.space().x, 10).at.size() <= 12);
    }
    for (int turn = 0; turn < 200; ++turn)
        chart.wheel(-40);
    chart.draw();
    QCOMPARE(drawable(chart.space().x), chart.space().x);
    chart.widget.resetView();
    chart.draw();
    QCOMPARE(chart.space().x, whole);
    chart.widget.setXRange(-1e-4, 1); // as the chart above it tells
    chart.draw();
    QVERIFY(std::abs(fromPlotted(chart.space().x.min, chart.space().x.scale) + 1e-4) < 1e-10);
    QVERIFY(std::abs(fromPlotted(chart.space().x.max, chart.space().x.scale) - 1) < 1e-6);
}

void TestChartScales::aChosenLogAxisTakesTheSymLogOnesPlace()
{
    const ChartData data = spectrum();
    Shown chart(spectrumInfo(false), data);
    chart.canvas->drawing().setLogX(true);
    chart.draw();
    QVERIFY(chart.space().x.scale.log);
    chart.canvas->drawing().setLogX(false);
    chart.draw();
    QVERIFY(chart.space().x.scale.symLog());
}

/// Of a sweep over rates the x axis is logarithmic, over other values it is not: as the run that is shown.
void TestChartScales::scalesFollowTheRunUnlessChosen()
{
    ChartData swept = lossData(100);
    swept.info = lossInfo();
    swept.info.x.scale = Scale::Log;
    ChartData plain = lossData(100);
    plain.info = lossInfo();
    Shown chart(lossInfo(), plain);
    QVERIFY(!chart.space().x.scale.log);
    chart.widget.setData(&swept);
    chart.draw();
    QVERIFY(chart.space().x.scale.log);
    QVERIFY(!chart.widget.isChanged());
    chart.widget.setData(&plain);
    chart.draw();
    QVERIFY(!chart.space().x.scale.log);
    chart.widget.setLogY(true); // a person's choice, which stays
    chart.widget.setData(&swept);
    chart.draw();
    QVERIFY(chart.space().left.scale.log);
    QVERIFY(chart.widget.isChanged());
}

void TestChartScales::aUnitIsAsLongOnBothAxes_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("wide") << QSize(900, 300);
    QTest::newRow("square") << QSize(500, 500);
    QTest::newRow("tall") << QSize(350, 900);
    QTest::newRow("least") << QSize(240, 170);
}

void TestChartScales::aUnitIsAsLongOnBothAxes()
{
    QFETCH(QSize, size);
    const ChartData data = path();
    Shown chart(pathInfo(), data);
    chart.widget.resize(size);
    chart.draw();
    QVERIFY(std::abs(ratioOf(chart.space()) - 1) < 0.01);
    for (std::size_t i = 0; i < 4; ++i) { // and all data are seen
        const SeriesPoints &points = data.series[0].repeats[0];
        QVERIFY(chart.space().rect.contains(chart.space().toPoint(points.x[i], points.y[i], false)));
    }
    const AxisRange before = chart.space().x;
    for (int i = 0; i < 5; ++i) { // nothing moves from one redraw to the next
        chart.draw();
        QCOMPARE(chart.space().x, before);
    }
}

void TestChartScales::equalScalesStayEqual_data()
{
    QTest::addColumn<QString>("by");
    for (const char *by : {"wheel", "wheel beside the plot", "rectangle", "flat rectangle", "keys", "size"})
        QTest::newRow(by) << QString(by);
}

/// However one zooms, the scales stay equal, each zoom goes further in, and both ends are reached.
void TestChartScales::equalScalesStayEqual()
{
    QFETCH(QString, by);
    const ChartData data = path();
    Shown chart(pathInfo(), data);
    const AxisRange whole = chart.space().x;
    const auto drag = [&](QPoint from, QPoint way) {
        QTest::mousePress(chart.canvas, Qt::LeftButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, from + way, chart.canvas->mapToGlobal(from + way), Qt::NoButton,
                         Qt::LeftButton, {});
        QApplication::sendEvent(chart.canvas, &move);
        QTest::mouseRelease(chart.canvas, Qt::LeftButton, {}, from + way);
    };
    for (int turn = 0; turn < 40; ++turn) {
        const double before = chart.space().x.length();
        const QPoint at = chart.space().rect.center().toPoint() - QPoint(20, 10);
        if (by == "wheel") {
            chart.wheel(2);
        } else if (by == "wheel beside the plot") {
            const QPointF beside(chart.space().rect.left() - 5, chart.space().rect.center().y());
            QWheelEvent event(beside, chart.canvas->mapToGlobal(beside), {}, QPoint(0, 240), Qt::NoButton,
                              Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(chart.canvas, &event);
        } else if (by == "rectangle") {
            drag(at, QPoint(60, 40));
        } else if (by == "flat rectangle") {
            drag(at, QPoint(60, 3));
        } else if (by == "keys") {
            QTest::keyClick(chart.canvas, Qt::Key_Plus);
            QTest::keyClick(chart.canvas, Qt::Key_Left);
        } else {
            chart.widget.resize(400 + 37 * (turn % 7), 300 + 53 * (turn % 5));
        }
        chart.draw();
        QVERIFY2(std::abs(ratioOf(chart.space()) - 1) < 0.01, qPrintable(QString::number(turn)));
        QVERIFY(by == "size" || chart.space().x.length() < before
                || before < 10 * leastLength(chart.space().x));
        QCOMPARE(drawable(chart.space().x), chart.space().x);
    }
    for (int turn = 0; turn < 300; ++turn)
        chart.wheel(-40);
    chart.draw();
    QCOMPARE(drawable(chart.space().x), chart.space().x);
    chart.widget.resetView();
    chart.widget.resize(700, 400);
    chart.draw();
    QCOMPARE(chart.space().x, whole);
}

void TestChartScales::panningEqualScalesFollowsThePointer()
{
    const ChartData data = path();
    Shown chart(pathInfo(), data);
    chart.wheel(4);
    chart.draw();
    chart.widget.resize(500, 700); // the view before is of another shape
    chart.draw();
    const PlotSpace before = chart.space();
    const QPoint from = before.rect.center().toPoint();
    const QPoint way(30, -40);
    QTest::mousePress(chart.canvas, Qt::MiddleButton, {}, from);
    QMouseEvent move(QEvent::MouseMove, from + way, chart.canvas->mapToGlobal(from + way), Qt::NoButton,
                     Qt::MiddleButton, {});
    QApplication::sendEvent(chart.canvas, &move);
    QTest::mouseRelease(chart.canvas, Qt::MiddleButton, {}, from + way);
    chart.draw();
    const QPointF moved = chart.space().toPoint(5, 3, false) - before.toPoint(5, 3, false);
    QVERIFY((moved - QPointF(way)).manhattanLength() < 2);
    QVERIFY(std::abs(ratioOf(chart.space()) - 1) < 0.01);
}

void TestChartScales::aLogAxisHasNoEqualScale()
{
    ChartData data;
    for (int i = 1; i < 100; ++i)
        append(data, "deep", i, 1e-3 * i * i);
    Shown chart(pathInfo(), data);
    QVERIFY(std::abs(ratioOf(chart.space()) - 1) < 0.01);
    chart.widget.setLogY(true);
    chart.draw();
    QVERIFY(!chart.canvas->drawing().hasEqualScales());
    QVERIFY(chart.space().x.length() < 150); // follows the data again
}

void TestChartScales::exportsHaveEqualScales()
{
    const ChartData data = path();
    const ChartInfo info = pathInfo();
    for (const QSize size : {QSize(1004, 638), QSize(1600, 1000), QSize(700, 1800)}) {
        ChartPicture picture;
        picture.size = size;
        const PictureLayout layout({{info, data}}, picture);
        QVERIFY(std::abs(ratioOf(layout.drawing().space()) - 1) < 0.01);
    }
}

QTEST_MAIN(TestChartScales)
#include "test_chartscales.moc"
