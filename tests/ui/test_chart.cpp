#include "ui/charts/chartcanvas.h"
#include "ui/charts/chartexport.h"
#include "ui/charts/chartwidget.h"
#include "ui/charts/crosshair.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QImageReader>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>
#include <cmath>

using namespace losslab;
using namespace losslab::ui;

Q_DECLARE_METATYPE(losslab::Mark)

namespace {

const double notANumber = std::numeric_limits<double>::quiet_NaN();

ChartInfo lossInfo()
{
    ChartInfo info;
    info.id = "loss";
    info.title = "Training loss";
    info.x = Axis{"epoch"};
    info.y = Axis{"MSE"};
    info.series = {{"deep", "deep"}, {"shallow", "shallow"}};
    return info;
}

void append(ChartData &data, const std::string &key, double x, double y)
{
    for (SeriesData &series : data.series) {
        if (series.key == key) {
            SeriesPoints &points = series.repeats.front();
            points.x.push_back(x);
            points.y.push_back(y);
            ++points.revision;
            ++data.revision;
            return;
        }
    }
    data.series.push_back({key, {{{x}, {y}, {}, 1, 0}}});
    ++data.revision;
}

/// Two falling curves of `count` points.
ChartData lossData(int count)
{
    ChartData data;
    data.id = "loss";
    for (int i = 1; i <= count; ++i) {
        append(data, "deep", i, 0.2 + 2.0 / i);
        append(data, "shallow", i, 0.8 + 1.5 / i);
    }
    return data;
}

int pixelsLike(const QImage &image, const QColor &color, const QRect &area = {})
{
    int count = 0;
    const QRect room = area.isNull() ? image.rect() : area & image.rect();
    for (int y = room.top(); y <= room.bottom(); ++y) {
        for (int x = room.left(); x <= room.right(); ++x) {
            const QColor here = image.pixelColor(x, y);
            const int distance = std::abs(here.red() - color.red()) + std::abs(here.green() - color.green())
                                 + std::abs(here.blue() - color.blue());
            count += distance < 40 ? 1 : 0;
        }
    }
    return count;
}

bool isBlank(const QImage &image, const QRect &area)
{
    return pixelsLike(image, image.pixelColor(0, 0), area)
           == (area & image.rect()).width() * (area & image.rect()).height();
}

const QColor blue(0x00, 0x72, 0xB2);
const QColor vermilion(0xD5, 0x5E, 0x00);

/// A shown chart and the canvas within it.
struct Shown
{
    explicit Shown(const ChartInfo &info, const ChartData &data) : widget(info)
    {
        widget.resize(700, 400);
        widget.setData(&data);
        widget.show();
        canvas = widget.findChild<ChartCanvas *>();
        draw();
    }
    QImage draw()
    {
        widget.refresh();
        return canvas->grab().toImage();
    }
    const PlotSpace &space() const { return canvas->figure().space(); }
    QPoint legendEntry(int entry) const
    {
        for (int y = 0; y < canvas->height(); y += 2) {
            for (int x = 0; x < canvas->width(); x += 2) {
                if (canvas->figure().legend().entryAt(QPointF(x, y)) == entry) {
                    return {x + 4, y + 4};
                }
            }
        }
        return {};
    }
    void wheel(double turns)
    {
        const QPointF at = space().rect.center();
        QWheelEvent event(at, canvas->mapToGlobal(at), {}, QPoint(0, static_cast<int>(120 * turns)),
                          Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(canvas, &event);
    }

    ChartWidget widget;
    ChartCanvas *canvas = nullptr;
};

} // namespace

class TestChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheDataUntilZoomed();
    void doesNotJitter();
    void rubberBandZooms();
    void keysZoomPanAndReset();
    void sharedRangeIsToldAndTaken();
    void logAxisIsRefusedWithValuesBelowZero();
    void logAxisFallsBackWhileItRuns();
    void legendHidesAndShows();
    void crosshairReadsValues();
    void crosshairReadsWhatIsDrawnWhilePointsArrive_data();
    void crosshairReadsWhatIsDrawnWhilePointsArrive();
    void crosshairReadsOnePathOnThePlane();
    void spikesAreSeen();
    void gapsAreSeen();
    void aSeriesKeepsItsColorWhicheverComesFirst();
    void hiddenChartDrawsNothing();
    void emptyChartSaysWhatWillCome();
    void describesItself();
    void remarkIsReadWhole_data();
    void remarkIsReadWhole();
    void copiesAPicture();

    void exportShowsEveryMark_data();
    void exportShowsEveryMark();
    void exportHasSizeAndDensity_data();
    void exportHasSizeAndDensity();
    void exportLeavesHiddenSeriesOut();
    void exportIsDarkWhereAsked();
    void svgHoldsTextAsText();
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

void TestChart::logAxisIsRefusedWithValuesBelowZero()
{
    ChartData data = lossData(50);
    {
        Shown chart(lossInfo(), data);
        chart.widget.setLogY(true);
        chart.draw();
        QVERIFY(chart.widget.logY());
        QVERIFY(chart.space().left.log);
    }
    append(data, "deep", 51, 0.0);
    Shown chart(lossInfo(), data);
    chart.widget.setLogY(true);
    chart.draw();
    QVERIFY(!chart.widget.logY());
    QVERIFY(!chart.space().left.log);
    bool said = false;
    for (const QToolButton *button : chart.widget.findChildren<QToolButton *>()) {
        said = said || (!button->isEnabled() && button->toolTip().contains("above zero"));
    }
    QVERIFY(said);
}

void TestChart::logAxisFallsBackWhileItRuns()
{
    ChartInfo info = lossInfo();
    info.y.scale = Scale::Log;
    ChartData data = lossData(50);
    Shown chart(info, data);
    QVERIFY(chart.widget.logY());
    append(data, "deep", 51, -1);
    chart.draw();
    QVERIFY(!chart.widget.logY());
    QVERIFY(chart.space().left.min <= -1);
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
    const CrosshairReading reading = readChart(chart.canvas->figure(), QPointF(chart.space().toX(40.2), 100));
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
            const CrosshairReading reading = readChart(chart.canvas->figure(), QPointF(x, 100));
            values << reading.heading;
            for (const CrosshairReading::Row &row : reading.rows) {
                values << row.value;
            }
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
    const CrosshairReading reading = readChart(chart.canvas->figure(), near);
    QCOMPARE(reading.rows.size(), 1U);
    QCOMPARE(reading.rows[0].label, QString("deep"));
    QVERIFY(reading.rows[0].value.endsWith("99 %"));
}

void TestChart::spikesAreSeen()
{
    ChartInfo info = lossInfo();
    ChartData data;
    for (int i = 0; i < 100000; ++i) {
        append(data, "deep", i, i == 61803 ? 10.0 : 1.0 + 0.01 * (i % 7));
    }
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
    const QImage image = drawChart(lossInfo(), data, {});
    QVERIFY(pixelsLike(image, vermilion) > 300);
    QCOMPARE(pixelsLike(image, blue), 0);
}

void TestChart::gapsAreSeen()
{
    ChartData data;
    for (int i = 0; i <= 100; ++i) {
        append(data, "deep", i, i > 40 && i < 60 ? notANumber : 1.0);
    }
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
    QCOMPARE(chart.canvas->figure().series()[0].traces()[0].size(), 100U);
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

void TestChart::describesItself()
{
    const ChartData data = lossData(100);
    Shown chart(lossInfo(), data);
    QVERIFY(chart.canvas->accessibleName().contains("Training loss"));
    QVERIFY(chart.canvas->accessibleDescription().contains("deep: 0.2200"));
    for (const QToolButton *button : chart.widget.findChildren<QToolButton *>()) {
        QVERIFY(!button->accessibleName().isEmpty());
    }
}

void TestChart::copiesAPicture()
{
    const ChartData data = lossData(100);
    Shown chart(lossInfo(), data);
    for (QAction *action : chart.widget.findChildren<QAction *>()) {
        if (action->text() == "Copy chart") {
            action->trigger();
        }
    }
    QCOMPARE(QApplication::clipboard()->image().size(), QSize(1600, 1000));
}

void TestChart::exportShowsEveryMark_data()
{
    QTest::addColumn<Mark>("mark");
    QTest::newRow("line") << Mark::Line;
    QTest::newRow("points") << Mark::Points;
    QTest::newRow("line and points") << Mark::LinePoints;
    QTest::newRow("target") << Mark::Target;
    QTest::newRow("bars") << Mark::Bars;
}

void TestChart::exportShowsEveryMark()
{
    QFETCH(Mark, mark);
    ChartInfo info = lossInfo();
    info.series = {{"deep", "deep", mark}, {"shallow", "shallow", Mark::Line}};
    info.references = {{0.5, "chance"}};
    const ChartData data = lossData(20);
    ChartPicture picture;
    picture.caption = "function-fit · report preset · seed 1";
    const QImage image = drawChart(info, data, picture);
    const int width = image.width();
    const int height = image.height();
    QVERIFY(!isBlank(image, QRect(0, 0, width / 3, height / 12)));                    // title
    QVERIFY(!isBlank(image, QRect(0, height / 4, width / 25, height / 2)));           // the y axis's title
    QVERIFY(!isBlank(image, QRect(0, height * 9 / 10, width / 2, height / 10 - 12))); // caption
    const QRect middle(width / 6, height / 6, width * 2 / 3, height * 2 / 3);
    const QColor shallow = mark == Mark::Target ? blue : vermilion; // a target takes no colour of the palette
    QVERIFY(pixelsLike(image, shallow, middle) > 300);
    QVERIFY(!isBlank(image, middle));

    ChartData without = data;
    without.series[0].repeats[0] = {};
    const QImage other = drawChart(info, without, picture);
    QVERIFY2(other != image, "the series of this mark leaves no trace");
    picture.caption.clear();
    QVERIFY(drawChart(info, data, picture) != image);
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
    QVERIFY(exportChart(lossInfo(), lossData(100), picture, file));
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
    picture.hidden = {"deep"};
    const QImage image = drawChart(lossInfo(), lossData(100), picture);
    QCOMPARE(pixelsLike(image, blue), 0);
    QVERIFY(pixelsLike(image, vermilion) > 300);
}

void TestChart::exportIsDarkWhereAsked()
{
    ChartPicture picture;
    picture.dark = true;
    QVERIFY(drawChart(lossInfo(), lossData(100), picture).pixelColor(2, 2).lightness() < 60);
}

void TestChart::svgHoldsTextAsText()
{
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("loss.svg").toStdString();
    ChartPicture picture;
    picture.caption = "function-fit, seed 1";
    QVERIFY(exportChart(lossInfo(), lossData(100), picture, file));
    QFile svg(QString::fromStdString(file.string()));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QByteArray text = svg.readAll();
    QVERIFY(text.contains("viewBox=\"0 0 1600 1000\""));
    for (const char *word : {">Training loss<", ">epoch<", ">MSE<", ">deep<", ">function-fit, seed 1<"}) {
        QVERIFY2(text.contains(word), word);
    }
    QVERIFY(text.contains("#0072b2"));
}

void TestChart::failedExportLeavesNothing()
{
    QTemporaryDir folder;
    const std::filesystem::path missing = folder.filePath("missing/loss.png").toStdString();
    const Result<void> nowhere = exportChart(lossInfo(), lossData(10), {}, missing);
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().kind, ErrorKind::Data);

    const Result<void> unknown =
        exportChart(lossInfo(), lossData(10), {}, folder.filePath("loss.bmp").toStdString());
    QVERIFY(!unknown);
    QVERIFY(unknown.error().message.find(".svg") != std::string::npos);
    QVERIFY(QDir(folder.path()).isEmpty());
}

QTEST_MAIN(TestChart)
#include "test_chart.moc"
