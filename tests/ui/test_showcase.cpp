#include "base/platform.h"
#include "runs/csv.h"
#include "showcase.h"
#include "ui/chartgrid.h"
#include "ui/charts/chartcanvas.h"
#include "ui/charts/chartexport.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentpanel.h"
#include "ui/exportdialog.h"
#include "ui/figuresview.h"
#include "ui/tablemodel.h"
#include "ui/tableview.h"
#include "ui/text.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>
#include <cmath>
#include <memory>
#include <set>

using namespace losslab;
using namespace losslab::ui;

namespace {

/// A panel that shows the showcase's run.
struct Shown
{
    explicit Shown(int repeats = 1)
    {
        auto experiment = std::make_unique<Showcase>();
        RunRecord record = experiment->record(repeats);
        data = record.data;
        panel = std::make_unique<ExperimentPanel>(std::move(experiment));
        panel->resize(1100, 800);
        panel->open(std::move(record));
        panel->show();
        settle();
    }
    /// Charts that stand above one another tell each other of their axes when they have been painted.
    void settle() const
    {
        panel->grab();
        QCoreApplication::processEvents();
        panel->grab();
    }
    ChartWidget &chart(const char *id) const { return *panel->charts().findChild<ChartWidget *>(id); }
    const ChartDrawing &drawing(const char *id) const
    {
        return chart(id).findChild<ChartCanvas *>()->drawing();
    }
    QImage picture(const char *id) const { return chart(id).findChild<ChartCanvas *>()->grab().toImage(); }
    TableView &table() const { return *panel->findChild<TableView *>("points"); }

    RunData data;
    std::unique_ptr<ExperimentPanel> panel;
};

int distance(const QColor &a, const QColor &b)
{
    return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue());
}

/// Whether anything of that colour is within two pixels of the place.
bool hasColor(const QImage &image, QPointF at, const QColor &color)
{
    for (int dy = -2; dy <= 2; ++dy)
        for (int dx = -2; dx <= 2; ++dx) {
            const QPoint here = at.toPoint() + QPoint(dx, dy);
            if (image.rect().contains(here) && distance(image.pixelColor(here), color) < 60)
                return true;
        }
    return false;
}

QColor colorOf(const ChartDrawing &drawing, std::size_t series)
{
    return drawing.series()[series].style(drawing.theme()).color;
}

/// How much of the table's column is shown, from the top.
QStringList column(const QAbstractItemView &view, int at)
{
    QStringList texts;
    for (int row = 0; row < view.model()->rowCount(); ++row)
        texts << view.model()->index(row, at).data().toString();
    return texts;
}

} // namespace

class TestShowcase : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twoAxesEachDrawTheirSeries();
    void verticalReferencesStandAtTheirValue();
    void everyLabelledPointIsDrawn();
    void labelsStandBesideTheirPoints();
    void barsReachFromZeroToTheirHeight();
    void tenSeriesLookDifferentAndAreAllInTheLegend();
    void plotsThatShareXAreAligned();
    void everySeriesIsInThePicture();
    void figuresShowPublishedRanges();

    void theTableShowsEveryRow();
    void theTableSortsByValue();
    void aSortedTableGrows();
    void rowsAreCopiedInFull();
    void repeatsHaveAColumnOfSeeds();
    void aChartsButtonExportsThatChart();
    void theTableIsExported();
    void everythingIsExportedWithItsTables();
    void chartsThatShareTheirAxisAreOneFigure();
    void aFigureShowsTheViewOfItsCharts();
    void aFigureIsEnlargedWhole();
    void anExportShowsTheViewOrAllData();
    void anExportWithoutRoomIsNotOffered();
};

void TestShowcase::twoAxesEachDrawTheirSeries()
{
    const Shown shown;
    const ChartDrawing &drawing = shown.drawing("interpolation");
    const PlotSpace &space = drawing.space();
    QVERIFY(space.left.scale.log);
    QVERIFY(!space.right.scale.log);
    QVERIFY(space.right.max <= 1.001); // an accuracy's axis does not go beyond 100 %
    QVERIFY(space.rect.right() < shown.chart("interpolation").width() - 30); // the right axis has its numbers
    const QImage image = shown.picture("interpolation");
    const ChartData &data = *shown.data.findChart("interpolation");
    for (std::size_t series = 0; series < 4; ++series) {
        const bool right = drawing.series()[series].info().rightAxis;
        QCOMPARE(right, series >= 2);
        int drawn = 0;
        const SeriesPoints &points = data.series[series].repeats[0];
        for (std::size_t i = 0; i < points.x.size(); ++i)
            drawn +=
                hasColor(image, space.toPoint(points.x[i], points.y[i], right), colorOf(drawing, series));
        QVERIFY2(drawn > 25, qPrintable(QStringLiteral("series %1: %2 of 31").arg(series).arg(drawn)));
    }
}

void TestShowcase::verticalReferencesStandAtTheirValue()
{
    const Shown shown;
    const ChartDrawing &drawing = shown.drawing("interpolation");
    const QImage image = shown.picture("interpolation");
    const QRectF plot = drawing.space().rect;
    const auto greyAt = [&](double alpha) {
        int grey = 0;
        for (double y = plot.top() + 30; y < plot.bottom() - 5; ++y)
            grey += hasColor(image, {drawing.space().toX(alpha), y}, drawing.theme().target().color);
        return grey / plot.height();
    };
    for (const double alpha : {0.0, 1.0}) // dashed
        QVERIFY2(greyAt(alpha) > 0.4, qPrintable(QString::number(greyAt(alpha))));
    QVERIFY(greyAt(-1.5) < 0.2);
}

void TestShowcase::everyLabelledPointIsDrawn()
{
    const Shown shown;
    const ChartDrawing &drawing = shown.drawing("paths");
    const QImage image = shown.picture("paths");
    QCOMPARE(drawing.series().size(), std::size_t(Showcase::paths));
    int missing = 0;
    for (std::size_t path = 0; path < drawing.series().size(); ++path) {
        const Trace &trace = drawing.series()[path].traces()[0];
        QCOMPARE(trace.size(), std::size_t(Showcase::pathLength));
        for (std::size_t i = 0; i < trace.size(); ++i)
            missing += !hasColor(image, drawing.space().toPoint(trace.x()[i], trace.y()[i], false),
                                 colorOf(drawing, path));
    }
    QCOMPARE(missing, 0);
}

void TestShowcase::labelsStandBesideTheirPoints()
{
    const Shown shown;
    const ChartDrawing &drawing = shown.drawing("paths");
    ChartData unlabelled = *shown.data.findChart("paths");
    for (SeriesData &series : unlabelled.series)
        series.repeats[0].labels = {};
    const ChartInfo info = drawing.info();
    const QImage with = drawCharts({{info, *shown.data.findChart("paths")}}, {});
    const QImage without = drawCharts({{info, unlabelled}}, {});
    int changed = 0;
    for (int y = 0; y < with.height(); ++y)
        for (int x = 0; x < with.width(); ++x)
            changed += with.pixel(x, y) != without.pixel(x, y) ? 1 : 0;
    // A two-digit label in that type has more than 60 dark pixels; at least half of the 120 find room.
    QVERIFY2(changed > 60 * 60, qPrintable(QString::number(changed)));
}

void TestShowcase::barsReachFromZeroToTheirHeight()
{
    const Shown shown;
    const ChartDrawing &drawing = shown.drawing("spectrum");
    const PlotSpace &space = drawing.space();
    const QImage image = shown.picture("spectrum");
    const Trace &bars = drawing.series()[0].traces()[0];
    const QColor color = colorOf(drawing, 0);
    const auto filled = [&](double x, double y) {
        return distance(image.pixelColor(QPointF(x, y).toPoint()), color) < 120; // bars let the grid through
    };
    for (std::size_t i = 0; i + 1 < bars.size(); ++i) {
        const double middle = space.toX(bars.x()[i] + 0.011);
        const double top = space.toY(bars.y()[i], false);
        QVERIFY2(filled(middle, space.rect.bottom() - 3), qPrintable(QString::number(i)));
        QVERIFY2(filled(middle, top + 3) && !filled(middle, top - 3), qPrintable(QString::number(i)));
    }
}

void TestShowcase::tenSeriesLookDifferentAndAreAllInTheLegend()
{
    const Shown shown;
    const ChartDrawing &drawing = shown.drawing("curves");
    QCOMPARE(drawing.series().size(), std::size_t(Showcase::curves));
    std::set<std::pair<QRgb, QList<qreal>>> looks;
    for (const PlotSeries &series : drawing.series()) {
        const SeriesStyle style = drawing.theme().series(series.styleIndex());
        looks.insert({style.color.rgb(), style.dash});
    }
    QCOMPARE(looks.size(), std::size_t(Showcase::curves));
    QCOMPARE(drawing.legend().entries().size(), std::size_t(Showcase::curves));
    QCOMPARE(drawing.series()[1].info().label, std::string("h200")); // h1000 comes last, not second
    const QRectF canvas(shown.picture("curves").rect());
    QVERIFY(canvas.contains(drawing.legend().area()));
    QVERIFY(drawing.space().rect.height() > canvas.height() / 3);
}

void TestShowcase::plotsThatShareXAreAligned()
{
    const Shown shown;
    const QRectF upper = shown.drawing("curves").space().rect;
    const QRectF lower = shown.drawing("accuracy").space().rect;
    QCOMPARE(upper.left(), lower.left());
    QCOMPARE(upper.right(), lower.right());
    QVERIFY(shown.drawing("curves").neededInsets() != shown.drawing("accuracy").neededInsets());

    // One alone takes no more room than its own axis needs.
    shown.panel->charts().enlarge(&shown.chart("accuracy"));
    shown.settle();
    QCOMPARE(shown.drawing("accuracy").space().rect.left(), shown.drawing("accuracy").neededInsets().left);
}

/// Each series alone, in its colour: far more of it than the legend's swatch has.
void TestShowcase::everySeriesIsInThePicture()
{
    const Shown shown(3);
    for (const ChartWidget *chart : shown.panel->charts().charts()) {
        const ChartInfo &info = chart->info();
        const ChartDrawing &drawing = chart->findChild<ChartCanvas *>()->drawing();
        QVERIFY2(!drawing.series().empty(), info.id.c_str());
        for (std::size_t one = 0; one < drawing.series().size(); ++one) {
            ChartPicture picture;
            picture.size = {1004, 638};
            picture.dpi = 300;
            picture.choices[info.id] =
                ChartChoices{.logX = info.x.scale == Scale::Log, .logY = info.y.scale == Scale::Log};
            for (const PlotSeries &series : drawing.series())
                if (&series != &drawing.series()[one])
                    picture.choices[info.id].hidden.push_back(series.info().key);
            std::sort(picture.choices[info.id].hidden.begin(), picture.choices[info.id].hidden.end());
            const QImage image = drawCharts({{info, *shown.data.findChart(info.id)}}, picture);
            QCOMPARE(image.size(), picture.size);
            int drawn = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    drawn += distance(image.pixelColor(x, y), colorOf(drawing, one)) < 120;
            const std::string &key = drawing.series()[one].info().key;
            QVERIFY2(drawn > 1500, (info.id + ' ' + key + ' ' + std::to_string(drawn)).c_str());
        }
    }
}

void TestShowcase::figuresShowPublishedRanges()
{
    const Shown shown;
    const auto *view = shown.panel->findChild<FiguresView *>("figures");
    const QAbstractItemModel &model = *view->model();
    const auto cell = [&](const QString &row, const QString &column, int role) {
        for (int r = 0; r < model.rowCount(); ++r)
            for (int c = 0; c < model.columnCount(); ++c)
                if (model.headerData(r, Qt::Vertical).toString() == row
                    && model.headerData(c, Qt::Horizontal).toString() == column)
                    return model.index(r, c).data(role).toString();
        return QString();
    };
    const int published = FiguresModel::PublishedRole;
    QCOMPARE(cell("model", "Share of variance", Qt::DisplayRole), QString("70.00\u00A0%"));
    QCOMPARE(cell("model", "Share of variance", published), QString("published 61\u00A0%–75\u00A0%"));
    QVERIFY(cell("model", "Share of variance", Qt::ToolTipRole).endsWith("within"));
    QCOMPARE(cell("run 0", "Test loss", published), QString("published 0.059–0.065"));
    QVERIFY(cell("run 1", "Test loss", Qt::ToolTipRole).endsWith("+0.01000"));
}

void TestShowcase::theTableShowsEveryRow()
{
    const Shown shown;
    const QAbstractItemModel &model = *shown.table().model();
    QCOMPARE(model.rowCount(), Showcase::paths * Showcase::pathLength);
    QCOMPARE(model.columnCount(), 6);
    QCOMPARE(model.headerData(4, Qt::Horizontal).toString(), QString("Training accuracy"));
    QCOMPARE(model.index(0, 2).data().toString(), QString("3"));
    QCOMPARE(model.index(0, 3).data().toString(), QString("run0"));
    QVERIFY(model.index(0, 4).data().toString().endsWith('%'));
    QVERIFY(model.index(0, 3).data(Qt::TextAlignmentRole).toInt() & Qt::AlignLeft);
    QVERIFY(model.index(0, 2).data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
}

void TestShowcase::theTableSortsByValue()
{
    const Shown shown;
    TableView &table = shown.table();
    const QStringList asCame = column(table, 2);
    const auto click = [&](int section) { Q_EMIT table.horizontalHeader()->sectionClicked(section); };
    click(2); // as text, 12 would come before 3
    QCOMPARE(column(table, 2).first(), QString("3"));
    QCOMPARE(column(table, 2).last(), QString("45"));
    click(2);
    QCOMPARE(column(table, 2).first(), QString("45"));
    click(2);
    QCOMPARE(column(table, 2), asCame);
    click(3);
    QCOMPARE(column(table, 3).last(), QString("run7"));
}

void TestShowcase::aSortedTableGrows()
{
    TableData rows{"points", {{"points", 0, {{"x", 2.0}}}, {"points", 0, {{"x", std::nan("")}}}}};
    TableView table(TableInfo{"points", "Points", {{"x", "x"}}});
    table.setRows(&rows, 1, 1);
    Q_EMIT table.horizontalHeader()->sectionClicked(0);
    rows.rows.push_back({"points", 0, {{"x", -1.0}}});
    table.refresh();
    QCOMPARE(column(table, 0), (QStringList{QString::fromUtf8("−1"), "2", "not a number"}));
    Q_EMIT table.horizontalHeader()->sectionClicked(0);
    QCOMPARE(column(table, 0), (QStringList{"2", QString::fromUtf8("−1"), "not a number"}));
}

void TestShowcase::rowsAreCopiedInFull()
{
    const Shown shown;
    TableView &table = shown.table();
    table.copyAction()->trigger();
    QStringList lines = QApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 1 + Showcase::paths * Showcase::pathLength);
    QCOMPARE(lines[0].split('\t').first(), QString("First component"));
    const auto &first = shown.data.tables()[0].rows[0].cells;
    QCOMPARE(lines[1].split('\t').first().toDouble(), std::get<double>(first[0].second));

    table.selectRow(5);
    table.copyAction()->trigger();
    lines = QApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[1].split('\t')[2], QString("18"));
}

void TestShowcase::repeatsHaveAColumnOfSeeds()
{
    const Shown shown(3);
    const QAbstractItemModel &model = *shown.table().model();
    QCOMPARE(model.columnCount(), 7);
    QCOMPARE(model.headerData(0, Qt::Horizontal).toString(), QString("Seed"));
    const QStringList seeds = column(shown.table(), 0);
    QCOMPARE(seeds.first(), QString("1"));
    QCOMPARE(seeds.last(), QString("3"));
}

void TestShowcase::aChartsButtonExportsThatChart()
{
    const Shown shown;
    for (const char *id : {"paths", "curves"}) {
        ChartWidget &chart = shown.chart(id);
        QSignalSpy asked(&shown.panel->charts(), &ChartGrid::exportRequested);
        const QList<QToolButton *> buttons = chart.findChildren<QToolButton *>();
        const auto isExport = [](const QToolButton *button) {
            return button->accessibleName().contains(QStringLiteral("Export"));
        };
        const auto button = std::find_if(buttons.begin(), buttons.end(), isExport);
        QVERIFY(button != buttons.end());
        QTest::mouseClick(*button, Qt::LeftButton);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(shown.panel->charts().current(), &chart);
    }
}

void TestShowcase::theTableIsExported()
{
    const Shown shown;
    QSignalSpy asked(shown.panel.get(), &ExperimentPanel::tableExportRequested);
    const auto *tabs = shown.panel->findChild<QTabWidget *>("details");
    QWidget *corner = tabs->cornerWidget();
    QSignalSpy askedForResults(shown.panel.get(), &ExperimentPanel::resultsExportRequested);
    corner->findChildren<QToolButton *>().last()->click(); // the results are looked at
    QCOMPARE(askedForResults.size(), 1);
    QCOMPARE(asked.size(), 0);
    auto *log = shown.panel->findChild<QWidget *>("log");
    const_cast<QTabWidget *>(tabs)->setCurrentWidget(log);
    for (const QToolButton *button : corner->findChildren<QToolButton *>())
        QVERIFY(button->isHidden());
    const_cast<QTabWidget *>(tabs)->setCurrentWidget(&shown.table());
    QToolButton *write = corner->findChildren<QToolButton *>().last();
    QVERIFY(!write->isHidden());
    write->click();
    QCOMPARE(asked.size(), 1);

    QTemporaryDir folder;
    QSettings settings(folder.filePath("settings.ini"), QSettings::IniFormat);
    const std::filesystem::path target = toPath(folder.filePath("out"));
    ExportDialog dialog(shown.panel->experiment(), shown.panel->charts().charts(), "points", target, settings,
                        nullptr);
    const ExportRequest request = dialog.request();
    QVERIFY(request.charts.empty());
    const auto files = exportCharts(request, "showcase", shown.data, {});
    QVERIFY(files);
    QCOMPARE(files->size(), 1U);
    QCOMPARE(*platform::readFile(target / "showcase-points.csv"), tableCsv(shown.data.tables()[0]));
}

void TestShowcase::everythingIsExportedWithItsTables()
{
    const Shown shown;
    QTemporaryDir folder;
    QSettings settings(folder.filePath("settings.ini"), QSettings::IniFormat);
    settings.setValue("export/formats", "csv");
    ExportDialog dialog(shown.panel->experiment(), shown.panel->charts().charts(), {},
                        toPath(folder.filePath("out")), settings, nullptr);
    const auto files = exportCharts(dialog.request(), "showcase", shown.data, {});
    QVERIFY(files);
    QCOMPARE(files->size(), shown.panel->charts().charts().size() + 1);
    QCOMPARE(files->back().filename().string(), std::string("showcase-points.csv"));
}

/// Each chart, and the two that share their x axis as one figure, which can be chosen alone, too.
void TestShowcase::chartsThatShareTheirAxisAreOneFigure()
{
    const Shown shown;
    QTemporaryDir folder;
    QSettings settings(folder.filePath("settings.ini"), QSettings::IniFormat);
    const auto &charts = shown.panel->charts().charts();
    const auto namesWith = [&](const std::string &preselected) {
        ExportDialog dialog(shown.panel->experiment(), charts, preselected, toPath(folder.filePath("out")),
                            settings, nullptr);
        std::vector<std::string> names;
        const auto files = exportCharts(dialog.request(), "showcase", shown.data, {});
        for (const std::filesystem::path &file : files.value_or(std::vector<std::filesystem::path>()))
            names.push_back(file.filename().string());
        return names;
    };
    const std::string figure = "showcase-curves+accuracy.png";
    const std::vector<std::string> all = namesWith({});
    QCOMPARE(all.size(), charts.size() + 1);
    QCOMPARE(std::count(all.begin(), all.end(), figure), 1);
    QCOMPARE(namesWith("curves+accuracy"), std::vector<std::string>{figure});
    QCOMPARE(QImage(folder.filePath("out/showcase-curves+accuracy.png")).size(), QSize(1004, 2 * 638));
}

/// As they are zoomed in the window.
void TestShowcase::aFigureShowsTheViewOfItsCharts()
{
    const Shown shown;
    const std::vector<WidgetStack> figures = figuresOf(shown.panel->charts().charts());
    QCOMPARE(figures.size(), 1U);
    QCOMPARE(figureTitle(figures[0]), QString("Loss of ten models and accuracy of ten models"));
    const QImage all = chartImage(figures[0], {});
    figures[0].front()->setSeriesHidden("h100", true);
    QVERIFY(chartImage(figures[0], {}) != all);
}

/// From a chart's menu: both rows, aligned, over the whole area, and back.
void TestShowcase::aFigureIsEnlargedWhole()
{
    const Shown shown;
    ChartGrid &grid = shown.panel->charts();
    ChartWidget &upper = shown.chart("curves");
    ChartWidget &lower = shown.chart("accuracy");
    const auto action = [](const ChartWidget &chart, const QString &text) {
        for (QAction *each : chart.findChildren<QAction *>())
            if (each->text() == text)
                return each;
        return static_cast<QAction *>(nullptr);
    };
    const QString enlarge = QStringLiteral("Enlarge whole figure");
    QVERIFY(!action(shown.chart("paths"), enlarge)->isVisible()); // it is no part of one
    action(lower, enlarge)->trigger();
    for (const ChartWidget *chart : grid.charts())
        QCOMPARE(chart->isVisibleTo(&grid), chart == &upper || chart == &lower);
    QCOMPARE(upper.width(), grid.width());
    QVERIFY(upper.geometry().bottom() < lower.geometry().top());
    QVERIFY(lower.geometry().bottom() >= grid.height() - 2);
    QCOMPARE(grid.enlarged(), &upper);
    grid.toggleEnlarged();
    for (const ChartWidget *chart : grid.charts())
        QVERIFY(chart->isVisibleTo(&grid));

    QSignalSpy asked(&grid, &ChartGrid::figureExportRequested);
    action(upper, QStringLiteral("Export whole figure…"))->trigger();
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.front().front().value<std::string>(), std::string("curves+accuracy"));
}

void TestShowcase::anExportShowsTheViewOrAllData()
{
    const Shown shown;
    ChartWidget *chart = shown.panel->charts().charts().front();
    QTemporaryDir folder;
    QSettings settings(folder.filePath("settings.ini"), QSettings::IniFormat);
    const std::filesystem::path target = toPath(folder.filePath("out"));
    const auto pictureWith = [&](int extent, bool offered) {
        ExportDialog dialog(shown.panel->experiment(), shown.panel->charts().charts(), chart->info().id,
                            target, settings, nullptr);
        auto *choice = dialog.findChild<QComboBox *>("extent");
        if (choice->isEnabled() != offered)
            return QImage();
        if (extent >= 0)
            choice->setCurrentIndex(extent);
        const auto files = exportCharts(dialog.request(), "showcase", shown.data, {});
        return files ? QImage(fromPath(files->front())) : QImage();
    };
    const QImage untouched = pictureWith(-1, false);
    QVERIFY(!untouched.isNull());
    chart->setXRange(0, 1);
    chart->setSeriesHidden("test-loss", true);
    const QImage standard = pictureWith(-1, true);
    QVERIFY(!standard.isNull() && standard != untouched);
    ChartPicture same;
    same.size = standard.size();
    same.dpi = 300;
    QCOMPARE(standard, chartImage({chart}, same));
    QCOMPARE(pictureWith(0, true), standard);
    QCOMPARE(pictureWith(1, true), untouched); // all data
}

void TestShowcase::anExportWithoutRoomIsNotOffered()
{
    const Shown shown;
    QTemporaryDir folder;
    QSettings settings(folder.filePath("settings.ini"), QSettings::IniFormat);
    settings.setValue("export/width", 300);
    settings.setValue("export/height", 200);
    settings.setValue("export/dpi", 600);
    ExportDialog dialog(shown.panel->experiment(), shown.panel->charts().charts(), {},
                        toPath(folder.filePath("out")), settings, nullptr);
    // What was chosen last is too small for these: it has grown, in its shape.
    const QPushButton *write = dialog.findChild<QPushButton *>("export");
    QVERIFY(write->isEnabled());
    const QSize grown = dialog.request().picture.size;
    QVERIFY(grown.width() > 300 && std::abs(3.0 * grown.height() / grown.width() - 2) < 0.02);
    for (QSpinBox *box : dialog.findChildren<QSpinBox *>())
        if (box->accessibleName() == "Width in pixels")
            box->setValue(300);
    QVERIFY(!write->isEnabled());
    const std::optional<std::string> problem = roomProblem(dialog.request());
    QVERIFY(problem);
    const auto says = [&](const QLabel *label) { return label->text() == fromText(*problem); };
    const QList<QLabel *> labels = dialog.findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), says));
}

QTEST_MAIN(TestShowcase)
#include "test_showcase.moc"
