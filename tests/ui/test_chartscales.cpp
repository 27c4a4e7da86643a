#include "shownchart.h"
#include "ui/charts/crosshair.h"

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

QTEST_MAIN(TestChartScales)
#include "test_chartscales.moc"
