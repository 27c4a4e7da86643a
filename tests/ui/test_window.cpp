#include "experiments/registry.h"
#include "lab/experiment.h"
#include "store/platform.h"
#include "store/runfolder.h"
#include "ui/banner.h"
#include "ui/chartgrid.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentlist.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/runlibrary.h"
#include "ui/settings.h"
#include "ui/statusfooter.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolBar>
#include <QToolButton>

using namespace losslab;
using namespace losslab::ui;

namespace {

constexpr int patience = 30000; // ms

std::size_t pointCount(const RunData &data)
{
    std::size_t count = 0;
    for (const ChartData &chart : data.charts())
        for (const SeriesData &series : chart.series)
            for (const SeriesPoints &points : series.repeats)
                count += points.x.size();
    return count;
}

/// How many colours there are: a blank picture has one.
int colorCount(const QImage &image)
{
    QSet<QRgb> colors;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            colors.insert(image.pixel(x, y));
    return static_cast<int>(colors.size());
}

void setField(ExperimentPanel &panel, const char *key, const char *text)
{
    auto *line = panel.form().findChild<QLineEdit *>(QLatin1String(key));
    QVERIFY2(line, key);
    line->setText(QLatin1String(text));
}

QWidget *runButton(MainWindow &window)
{
    return window.actions().toolBar()->widgetForAction(window.actions().run);
}

} // namespace

class TestWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void everyExperimentOpens_data();
    void everyExperimentOpens();
    void aWrongSettingTurnsRunOff();
    void pointsComeBeforeTheRunHasEnded();
    void pauseHoldsTheRunAndResumeGoesOn();
    void aStoppedRunIsKeptWhole();
    void oneRunAtATime();
    void theChartIsExportedWhileTraining();
    void theChartIsCopied();
    void closingAsksOnceAndLosesNothing();
    void keepRunningKeepsTheWindow();
    void settingsSurviveARestart();
    void theNewestRunIsShownAgain();
    void aRunFolderOpensWithItsSettings();
    void aDamagedRunFolderIsRefusedInWords();
    void aFailedRunShowsWhyAndKeepsItsPoints();
    void aKilledRunIsCalledInterrupted();
    void aChartIsEnlargedByKeyboard();
    void chartsHaveHalfOfASmallScreen_data() { everyExperimentOpens_data(); }
    void chartsHaveHalfOfASmallScreen();
    void chartsFillTheSpaceAndStackWhereTheyShareX_data();
    void chartsFillTheSpaceAndStackWhereTheyShareX();

private:
    /// A gradient-norm run of a network too small to converge: long enough for anything a test does.
    void startLongRun();
    RunController &controller() { return m_window->currentPanel().controller(); }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<MainWindow> m_window;
};

void TestWindow::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("LOSSLAB_HOME", m_home->path().toUtf8());
    m_window = std::make_unique<MainWindow>();
    m_window->setCloseQuestion([] { return true; });
    m_window->show();
    m_window->select("gradient-norm");
}

void TestWindow::cleanup()
{
    m_window.reset();
    m_home.reset();
}

void TestWindow::startLongRun()
{
    ExperimentPanel &panel = m_window->currentPanel();
    setField(panel, "hidden", "4");
    const Parameter &epochs = *panel.experiment().findParameter("epochs");
    setField(panel, "epochs", QByteArray::number(static_cast<qint64>(epochs.info().max)).constData());
    QTest::mouseClick(runButton(*m_window), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(pointCount(controller().data()) > 20, patience);
}

void TestWindow::everyExperimentOpens_data()
{
    QTest::addColumn<QString>("id");
    for (const ExperimentFactory make : registry()) {
        const std::string id = make()->info().id;
        QTest::newRow(id.c_str()) << fromText(id);
    }
}

void TestWindow::everyExperimentOpens()
{
    QFETCH(QString, id);
    m_window->select(id.toStdString());
    ExperimentPanel &panel = m_window->currentPanel();
    const Experiment &experiment = panel.experiment();
    QCOMPARE(fromText(experiment.info().id), id);
    QVERIFY(m_window->windowTitle().contains(fromText(experiment.info().title)));
    QVERIFY(panel.findChild<QLabel *>(QStringLiteral("promise"))
                ->text()
                .contains(fromText(experiment.info().promise)));
    QCOMPARE(panel.charts().charts().size(), experiment.charts().size());
    QVERIFY2(QFile::exists(QStringLiteral(":/help/%1.md").arg(id)),
             "There is no help page for this experiment.");
    QVERIFY(m_window->actions().run->isEnabled());
    QVERIFY(!m_window->actions().stop->isEnabled());
    QVERIFY(!m_window->actions().exportChart->isEnabled());
}

void TestWindow::aWrongSettingTurnsRunOff()
{
    setField(m_window->currentPanel(), "hidden", "many");
    QVERIFY(!m_window->actions().run->isEnabled());
    QVERIFY(m_window->actions().run->toolTip().contains(QLatin1String("Hidden units")));
    QTest::keyClick(m_window.get(), Qt::Key_R, Qt::ControlModifier);
    QVERIFY(!m_window->trainingPanel());
    setField(m_window->currentPanel(), "hidden", "4");
    QVERIFY(m_window->actions().run->isEnabled());
}

void TestWindow::pointsComeBeforeTheRunHasEnded()
{
    startLongRun();
    QVERIFY(controller().isActive());
    QCOMPARE(controller().state(), RunState::Running);
    const std::size_t before = pointCount(controller().data());
    QTRY_VERIFY_WITH_TIMEOUT(pointCount(controller().data()) > before, patience);
    QVERIFY(!m_window->actions().run->isEnabled());
}

void TestWindow::pauseHoldsTheRunAndResumeGoesOn()
{
    startLongRun();
    m_window->actions().pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(controller().state(), RunState::Paused, patience);
    QCOMPARE(m_window->actions().pause->text(), QStringLiteral("Resume"));
    std::size_t held = 0;
    QTRY_VERIFY_WITH_TIMEOUT(std::exchange(held, pointCount(controller().data()))
                                     == pointCount(controller().data())
                                 && (QTest::qWait(200), held == pointCount(controller().data())),
                             patience);
    QTest::qWait(300);
    QCOMPARE(pointCount(controller().data()), held);

    m_window->actions().pause->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(pointCount(controller().data()) > held, patience);
    QCOMPARE(controller().state(), RunState::Running);
}

void TestWindow::aStoppedRunIsKeptWhole()
{
    startLongRun();
    m_window->actions().stop->trigger();
    QCOMPARE(controller().state(), RunState::Stopping);
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    QCOMPARE(controller().state(), RunState::Stopped);
    QVERIFY(m_window->actions().run->isEnabled());

    const Result<RunRecord> record = readRun(controller().folder());
    QVERIFY2(record, record ? "" : record.error().message.c_str());
    QCOMPARE(record->state, RunState::Stopped);
    QCOMPARE(pointCount(record->data), pointCount(controller().data()));
}

void TestWindow::oneRunAtATime()
{
    startLongRun();
    m_window->select("function-fit");
    QVERIFY(!m_window->actions().run->isEnabled());
    QVERIFY(m_window->actions().run->toolTip().contains(QLatin1String("Gradient norm is training")));
    QVERIFY(!m_window->currentPanel().findChild<QPushButton *>(QStringLiteral("emptyRun"))->isEnabled());
    QVERIFY(m_window->actions().stop->isEnabled());
    m_window->actions().stop->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->actions().run->isEnabled(), patience);
}

void TestWindow::theChartIsExportedWhileTraining()
{
    startLongRun();
    m_window->actions().exportChart->trigger();
    auto *dialog = m_window->findChild<ExportDialog *>();
    QVERIFY(dialog);
    const QString folder = m_home->filePath(QStringLiteral("a folder"));
    dialog->findChild<QLineEdit *>(QStringLiteral("folder"))->setText(folder);
    QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("export")), Qt::LeftButton);
    QVERIFY(controller().isActive());

    const QImage image(folder + QStringLiteral("/gradient-norm-norm.png"));
    QCOMPARE(image.size(), QSize(1004, 638));
    QVERIFY(colorCount(image) > 20);
    QVERIFY(
        m_window->findChild<StatusFooter *>()->message().contains(QLatin1String("gradient-norm-norm.png")));
}

void TestWindow::theChartIsCopied()
{
    startLongRun();
    QApplication::clipboard()->clear();
    m_window->actions().copyChart->trigger();
    QVERIFY(colorCount(QApplication::clipboard()->image()) > 20);
}

void TestWindow::closingAsksOnceAndLosesNothing()
{
    startLongRun();
    int asked = 0;
    m_window->setCloseQuestion([&asked] {
        ++asked;
        return true;
    });
    const std::filesystem::path folder = controller().folder();
    m_window->close();
    m_window->close();
    QVERIFY(m_window->isVisible()); // until the run has ended
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isVisible(), patience);
    QCOMPARE(asked, 1);

    const Result<RunRecord> record = readRun(folder);
    QVERIFY2(record, record ? "" : record.error().message.c_str());
    QCOMPARE(record->state, RunState::Stopped);
    QCOMPARE(pointCount(record->data), pointCount(controller().data()));
}

void TestWindow::keepRunningKeepsTheWindow()
{
    startLongRun();
    m_window->setCloseQuestion([] { return false; });
    m_window->close();
    QVERIFY(m_window->isVisible());
    const std::size_t before = pointCount(controller().data());
    QTRY_VERIFY_WITH_TIMEOUT(pointCount(controller().data()) > before, patience);
    QCOMPARE(controller().state(), RunState::Running);
}

void TestWindow::settingsSurviveARestart()
{
    setField(m_window->currentPanel(), "lr", "0,002");
    m_window->select("function-fit");
    m_window->currentPanel().form().setPreset(Preset::Quick);
    m_window->actions().setDevice(Device::Cpu);
    Q_EMIT m_window->actions().deviceChosen();
    Q_EMIT m_window->actions().themeChosen(Theme::Dark);
    m_window->close();

    m_window = std::make_unique<MainWindow>();
    QCOMPARE(m_window->currentPanel().experiment().info().id, std::string("function-fit"));
    QCOMPARE(m_window->currentPanel().form().preset(), Preset::Quick);
    QCOMPARE(m_window->actions().device(), Device::Cpu);
    QVERIFY(isDark(QApplication::palette()));
    m_window->select("gradient-norm");
    QCOMPARE(std::get<double>(*m_window->currentPanel().form().spec().find("lr")), 0.002);
    m_window->setTheme(Theme::Light);
}

void TestWindow::theNewestRunIsShownAgain()
{
    startLongRun();
    m_window->actions().stop->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    const std::size_t points = pointCount(controller().data());
    m_window->close();

    m_window = std::make_unique<MainWindow>();
    m_window->show();
    QTRY_VERIFY_WITH_TIMEOUT(controller().hasRun(), patience);
    QCOMPARE(pointCount(controller().data()), points);
    QVERIFY(m_window->actions().exportChart->isEnabled());
    QVERIFY(m_window->actions().run->isEnabled());
}

void TestWindow::aRunFolderOpensWithItsSettings()
{
    startLongRun();
    m_window->actions().stop->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    const std::filesystem::path folder = controller().folder();
    const std::size_t points = pointCount(controller().data());
    m_window->close();

    qputenv("LOSSLAB_HOME", m_home->filePath(QStringLiteral("another")).toUtf8());
    m_window = std::make_unique<MainWindow>();
    m_window->openRun(folder);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->currentPanel().experiment().info().id, std::string("gradient-norm"),
                              patience);
    QTRY_VERIFY_WITH_TIMEOUT(controller().hasRun(), patience);
    QCOMPARE(pointCount(controller().data()), points);
    QCOMPARE(std::get<std::int64_t>(*m_window->currentPanel().form().spec().find("hidden")), std::int64_t(4));
}

void TestWindow::aDamagedRunFolderIsRefusedInWords()
{
    const std::filesystem::path folder = toPath(m_home->filePath(QStringLiteral("damaged")));
    QVERIFY(platform::makeFolder(folder));
    QVERIFY(platform::writeFileAtomically(folder / "run.json", "{"));
    m_window->openRun(folder);
    Banner &banner = m_window->currentPanel().banner();
    QTRY_VERIFY_WITH_TIMEOUT(banner.isVisible(), patience);
    QVERIFY(banner.text().contains(QLatin1String("run.json")));
}

void TestWindow::aFailedRunShowsWhyAndKeepsItsPoints()
{
    RunRecord record;
    ExperimentPanel &panel = m_window->currentPanel();
    record.spec = makeSpec(panel.experiment(), Preset::Quick);
    record.data = RunData(panel.experiment());
    record.data.apply(PointEvent{"loss", "model", 0, 1, 0.5});
    record.state = RunState::Failed;
    record.message = "There is no more room.";
    panel.open(std::move(record));
    QVERIFY(panel.banner().isVisible());
    QVERIFY(panel.banner().text().startsWith(QLatin1String("There is no more room.")));
    QVERIFY(panel.banner().text().contains(QLatin1String("kept")));
    QCOMPARE(pointCount(controller().data()), std::size_t(1));
    QVERIFY(m_window->actions().run->isEnabled());

    // A folder for runs that cannot be made: the run does not start, and the window says why.
    QFile file(m_home->filePath(QStringLiteral("runs")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    m_window->actions().run->trigger();
    QVERIFY(panel.banner().isVisible());
    QVERIFY(panel.banner().text().contains(QLatin1String("could not start")));
    QVERIFY(!m_window->trainingPanel());
}

void TestWindow::aKilledRunIsCalledInterrupted()
{
    RunRecord record;
    ExperimentPanel &panel = m_window->currentPanel();
    record.folder = toPath(m_home->filePath(QStringLiteral("killed")));
    record.spec = makeSpec(panel.experiment(), Preset::Quick);
    record.data = RunData(panel.experiment());
    record.data.apply(PointEvent{"loss", "model", 0, 1, 0.5});
    record.state = RunState::Running;
    record.interrupted = true;
    QString words = fromText(standingText(record)); // the commands' words
    words[0] = words[0].toUpper();
    QVERIFY(words.startsWith(QLatin1String("Interrupted")));
    panel.open(std::move(record));
    QCOMPARE(controller().outcome(), words + QStringLiteral("  ·  killed"));
    QCOMPARE(m_window->findChild<QLabel *>(QStringLiteral("progressText"))->text(), controller().outcome());
    QVERIFY(panel.findChild<QPlainTextEdit *>(QStringLiteral("log"))->toPlainText().contains(words));
    QVERIFY(!controller().isActive());
    QVERIFY(m_window->actions().run->isEnabled());
}

void TestWindow::aChartIsEnlargedByKeyboard()
{
    startLongRun();
    ChartGrid &charts = m_window->currentPanel().charts();
    QVERIFY(charts.charts().size() > 1);
    ChartWidget *chart = charts.charts()[1];
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    chart->setFocus();
    QTest::keyClick(m_window.get(), Qt::Key_F11);
    QCOMPARE(charts.enlarged(), chart);
    QVERIFY(!charts.charts()[0]->isVisible());
    QCOMPARE(chart->size(), charts.size());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QVERIFY(!charts.enlarged());
    QVERIFY(charts.charts()[0]->isVisible());
}

void TestWindow::chartsHaveHalfOfASmallScreen()
{
    QFETCH(QString, id);
    m_window->select(id.toStdString());
    ExperimentPanel &panel = m_window->currentPanel();
    RunRecord record;
    record.spec = makeSpec(panel.experiment(), Preset::Quick);
    record.data = RunData(panel.experiment());
    record.state = RunState::Stopped;
    panel.open(std::move(record));
    m_window->resize(1366, 768);
    QTest::qWait(0);
    const ChartGrid &charts = panel.charts();
    QVERIFY2(2 * charts.width() * charts.height() >= 1366 * 768,
             qPrintable(QStringLiteral("%1 × %2").arg(charts.width()).arg(charts.height())));
}

void TestWindow::chartsFillTheSpaceAndStackWhereTheyShareX_data()
{
    QTest::addColumn<QList<int>>("stacks");
    QTest::newRow("one") << QList<int>{1};
    QTest::newRow("two") << QList<int>{1, 1};
    QTest::newRow("two that share x") << QList<int>{2};
    QTest::newRow("three") << QList<int>{1, 1, 1};
    QTest::newRow("two that share x, two alone") << QList<int>{2, 1, 1};
    QTest::newRow("five") << QList<int>{1, 1, 1, 1, 1};
}

void TestWindow::chartsFillTheSpaceAndStackWhereTheyShareX()
{
    QFETCH(QList<int>, stacks);
    for (const QSize &area : {QSize(890, 590), QSize(1450, 860), QSize(500, 700)}) {
        const std::vector<QRect> places = arrangeCharts(area, {stacks.begin(), stacks.end()}, 0);
        int covered = 0;
        for (std::size_t i = 0; i < places.size(); ++i) {
            QVERIFY(QRect(QPoint(), area).contains(places[i]));
            covered += places[i].width() * places[i].height();
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(!places[i].intersects(places[j]));
        }
        QCOMPARE(covered, area.width() * area.height());
        std::size_t first = 0;
        for (const int height : stacks) {
            for (int level = 1; level < height; ++level) {
                QCOMPARE(places[first + static_cast<std::size_t>(level)].left(), places[first].left());
                QCOMPARE(places[first + static_cast<std::size_t>(level)].width(), places[first].width());
            }
            first += static_cast<std::size_t>(height);
        }
    }
}

QTEST_MAIN(TestWindow)
#include "test_window.moc"
