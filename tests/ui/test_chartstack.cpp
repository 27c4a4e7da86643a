#include "lab/chartstack.h"
#include "shownchart.h"
#include "ui/charts/chartexport.h"
#include "ui/charts/picturelayout.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace losslab;
using namespace losslab::ui;

namespace {

ChartInfo upperInfo()
{
    ChartInfo info = lossInfo();
    info.id = "norm";
    info.title = "Gradient norm";
    info.y = Axis{"a long name, and wide numbers"};
    return info;
}

ChartInfo lowerInfo()
{
    ChartInfo info = lossInfo();
    info.sharesX = "norm";
    return info;
}

/// One figure of two rows, whose data begin and end at different places and need axes of different width.
struct Figure
{
    ChartInfo upper = upperInfo();
    ChartInfo lower = lowerInfo();
    ChartData norm;
    ChartData loss = lossData(300);

    Figure()
    {
        norm.id = "norm";
        for (int i = 40; i <= 200; ++i) {
            append(norm, "deep", i, 3e5 + 1000.0 * i);
            append(norm, "shallow", i, 4e5 + 1000.0 * i);
        }
    }
    DrawnCharts charts() const { return {{upper, norm}, {lower, loss}}; }
};

ChartPicture pictureOf(QSize size, int dpi)
{
    ChartPicture picture;
    picture.size = size;
    picture.dpi = dpi;
    picture.caption = QStringLiteral("gradient-norm · report · seed 1");
    return picture;
}

} // namespace

Q_DECLARE_METATYPE(losslab::ui::ChartPicture)

/// Figures of several charts that share their x axis.
class TestChartStack : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chartsAreStackedByTheAxisThatTheyShare();
    void rowsShareTheXAxis_data();
    void rowsShareTheXAxis();
    void theXAxisIsNumberedOnce();
    void theLowestNumberIsWritten_data();
    void theLowestNumberIsWritten();
    void equalLegendsAreSaidOnce();
    void theSeedsAreSaidOnce();
    void aZoomIsThatOfAllRows();
    void whereARowHasNoLogAxisNoneIsLogarithmic();
    void picturesOfOneChartAreAsTheyWere();
    void filesHaveTheFiguresSizeAndTitle();
    void aFigureWithoutRoomSaysWhatItNeeds();
};

void TestChartStack::chartsAreStackedByTheAxisThatTheyShare()
{
    ChartInfo far = lossInfo();
    far.id = "far";
    far.sharesX = "norm"; // which is not the one above it
    const ChartInfo alone = lossInfo();
    const ChartInfo upper = upperInfo();
    const ChartInfo lower = lowerInfo();
    ChartInfo third = lossInfo();
    third.id = "third";
    third.sharesX = "loss";
    const std::vector<const ChartInfo *> charts{&upper, &lower, &third, &alone, &far};
    const auto stacks = stacksOf(charts, [](const ChartInfo *info) -> const ChartInfo & { return *info; });
    QCOMPARE(stacks.size(), 3U);
    QCOMPARE(stacks[0], (std::vector<const ChartInfo *>{&upper, &lower, &third}));
    QCOMPARE(stackId({"norm", "loss"}), std::string("norm+loss"));
    QCOMPARE(stackTitle({"Gradient norm", "Loss"}), std::string("Gradient norm and loss"));
    QCOMPARE(stackTitle({"A", "MSE", "Loss"}), std::string("A, MSE and loss"));
    QCOMPARE(stackTitle({"Loss"}), std::string("Loss"));
    QCOMPARE(stackTitle({"Loss: MNIST", "Accuracy: MNIST"}), std::string("Loss and accuracy: MNIST"));
    QCOMPARE(stackTitle({"Loss: MNIST", "Accuracy"}), std::string("Loss: MNIST and accuracy"));
}

void TestChartStack::rowsShareTheXAxis_data()
{
    QTest::addColumn<ChartPicture>("picture");
    QTest::newRow("column of a report") << pictureOf({1004, 638}, 300);
    QTest::newRow("standard") << pictureOf({1600, 1000}, 200);
    QTest::newRow("tall") << pictureOf({800, 2000}, 150);
}

/// Ranges, and the plots' left and right edges, in the picture.
void TestChartStack::rowsShareTheXAxis()
{
    QFETCH(ChartPicture, picture);
    const Figure figure;
    const PictureLayout layout(figure.charts(), picture);
    QVERIFY(layout.hasRoom());
    QCOMPARE(layout.drawing(0).space().x, layout.drawing(1).space().x);
    QVERIFY(layout.drawing(0).space().x.min <= 1 && layout.drawing(0).space().x.max >= 300);
    QCOMPARE(layout.plot(0).left(), layout.plot(1).left());
    QCOMPARE(layout.plot(0).right(), layout.plot(1).right());
    QVERIFY(layout.plot(0).bottom() < layout.plot(1).top());
    QVERIFY(std::abs(layout.plot(0).height() - layout.plot(1).height()) < 2);
    QCOMPARE(layout.size(), QSize(picture.size.width(), 2 * picture.size.height()));
    const QImage image = drawCharts(figure.charts(), picture);
    QCOMPARE(image.size(), layout.size());
    for (int row = 0; row < 2; ++row) { // and both curves are in both of them
        const double scale = picture.dpi / 96.0;
        const QRectF plot = layout.plot(static_cast<std::size_t>(row));
        const QRect inside = QRectF(plot.topLeft() * scale, plot.size() * scale).toRect();
        QVERIFY(pixelsLike(image, blue, inside) > 50);
        QVERIFY(pixelsLike(image, vermilion, inside) > 50);
    }
}

void TestChartStack::theXAxisIsNumberedOnce()
{
    const Figure figure;
    ChartPicture picture = pictureOf({1600, 1000}, 200);
    const PictureLayout layout(figure.charts(), picture);
    const QImage image = drawCharts(figure.charts(), picture);
    const double scale = picture.dpi / 96.0;
    const auto wordsBeneath = [&](std::size_t row) { // within the plot's width, as far as a row of type
        const QRectF plot = layout.plot(row);
        const QRectF strip(plot.left(), plot.bottom() + 7, plot.width(), 30);
        const QRect pixels = QRectF(strip.topLeft() * scale, strip.size() * scale).toRect();
        int rows = 0; // of pixels with anything in them, down to the next title
        for (int y = pixels.top(); y < pixels.top() + static_cast<int>(8 * scale); ++y)
            rows += isBlank(image, QRect(pixels.left(), y, pixels.width(), 1)) ? 0 : 1;
        return rows;
    };
    QCOMPARE(wordsBeneath(0), 0);
    QVERIFY(wordsBeneath(1) > 5);
}

void TestChartStack::theLowestNumberIsWritten_data()
{
    rowsShareTheXAxis_data();
}

/// Although there is no row of numbers beneath it.
void TestChartStack::theLowestNumberIsWritten()
{
    QFETCH(ChartPicture, picture);
    Figure figure;
    figure.upper.y = Axis{.title = "y", .min = 0, .max = 8e5};
    const PictureLayout layout(figure.charts(), picture);
    const QImage image = drawCharts(figure.charts(), picture);
    const double scale = picture.dpi / 96.0;
    const QRectF number(layout.plot(0).left() - 16, layout.plot(0).bottom() - 4, 14, 8);
    QVERIFY(!isBlank(image, QRectF(number.topLeft() * scale, number.size() * scale).toRect()));
}

void TestChartStack::equalLegendsAreSaidOnce()
{
    Figure figure;
    const ChartPicture picture = pictureOf({1600, 1000}, 200);
    {
        const PictureLayout layout(figure.charts(), picture);
        QVERIFY(layout.drawing(0).legend().isShown());
        QVERIFY(!layout.drawing(1).legend().isShown());
    }
    figure.lower.series[0].label = "another";
    const PictureLayout layout(figure.charts(), picture);
    QVERIFY(layout.drawing(0).legend().isShown());
    QVERIFY(layout.drawing(1).legend().isShown());
}

/// Norm and loss of several seeds: the titles name the curves, and how seeds are shown is said once.
void TestChartStack::theSeedsAreSaidOnce()
{
    Figure figure;
    figure.upper.series = {{"deep", "gradient norm"}};
    figure.lower.series = {{"deep", "training loss"}};
    for (ChartData *data : {&figure.norm, &figure.loss}) {
        data->series.resize(1);
        std::vector<SeriesPoints> &seeds = data->series[0].repeats;
        seeds.push_back(seeds.front());
    }
    const PictureLayout layout(figure.charts(), pictureOf({1600, 1000}, 200));
    QVERIFY(layout.drawing(0).legend().isShown());
    QVERIFY(!layout.drawing(1).legend().isShown());
}

void TestChartStack::aZoomIsThatOfAllRows()
{
    const Figure figure;
    ChartPicture picture = pictureOf({1600, 1000}, 200);
    for (const char *chart : {"norm", "loss"})
        picture.choices[chart].view.x = AxisRange{50, 90};
    const PictureLayout layout(figure.charts(), picture);
    QCOMPARE(layout.drawing(0).space().x, (AxisRange{50, 90}));
    QCOMPARE(layout.drawing(1).space().x, (AxisRange{50, 90}));
}

void TestChartStack::whereARowHasNoLogAxisNoneIsLogarithmic()
{
    Figure figure;
    figure.upper.x.scale = figure.lower.x.scale = Scale::Log;
    const ChartPicture picture = pictureOf({1600, 1000}, 200);
    QVERIFY(PictureLayout(figure.charts(), picture).drawing(1).space().x.scale.log);
    figure.norm = {};
    append(figure.norm, "deep", -1, 2);
    append(figure.norm, "deep", 0, 3);
    const PictureLayout layout(figure.charts(), picture);
    QVERIFY(!layout.drawing(0).space().x.scale.log);
    QCOMPARE(layout.drawing(0).space().x, layout.drawing(1).space().x);
}

/// What one chart needs of room, and where it stands, does not depend on there being figures of several.
void TestChartStack::picturesOfOneChartAreAsTheyWere()
{
    const Figure figure;
    const ChartPicture picture = pictureOf({1004, 638}, 300);
    const PictureLayout layout({{figure.lower, figure.loss}}, picture);
    QCOMPARE(layout.size(), picture.size);
    QVERIFY(layout.drawing().legend().isShown());
    QVERIFY(layout.drawing().space().x.min < 2 && layout.drawing().space().x.max < 400);
    ChartInfo unstacked = figure.lower;
    unstacked.sharesX.clear();
    QCOMPARE(drawCharts({{unstacked, figure.loss}}, picture),
             drawCharts({{figure.lower, figure.loss}}, picture));
}

void TestChartStack::filesHaveTheFiguresSizeAndTitle()
{
    const Figure figure;
    QTemporaryDir folder;
    const ChartPicture picture = pictureOf({1004, 638}, 300);
    const auto fileWith = [&](const char *name) {
        return std::filesystem::path(folder.filePath(name).toStdString());
    };
    QVERIFY(exportPicture(figure.charts(), picture, fileWith("f.png")));
    const QImage png(folder.filePath("f.png"));
    QCOMPARE(png.size(), QSize(1004, 1276));
    QCOMPARE(png.text("Title"), QString("Gradient norm and training loss"));
    QVERIFY(exportPicture(figure.charts(), picture, fileWith("f.svg")));
    QFile svg(folder.filePath("f.svg"));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(svg.readAll());
    for (const char *words : {"viewBox=\"0 0 1004 1276\"", "Gradient norm", "Training loss"})
        QVERIFY2(text.contains(words), words);
    QCOMPARE(text.count(">epoch<"), 1); // the x axis's title
    QCOMPARE(text.count(">deep<"), 1);
}

void TestChartStack::aFigureWithoutRoomSaysWhatItNeeds()
{
    const Figure figure;
    const ChartPicture picture = pictureOf({300, 200}, 300);
    const std::optional<std::string> problem = roomProblem({{figure.charts(), picture}});
    QVERIFY(problem);
    QVERIFY(problem->find("the figure “Gradient norm and training loss”") != std::string::npos);
    ChartPicture enough = picture;
    enough.size = neededSize(figure.charts(), picture).value();
    QVERIFY(PictureLayout(figure.charts(), enough).hasRoom());
}

QTEST_MAIN(TestChartStack)
#include "test_chartstack.moc"
