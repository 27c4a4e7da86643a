#include "base/filehook.h"
#include "base/platform.h"
#include "data/catalogue.h"
#include "data/datafiles.h"
#include "data/dataset.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/runspec.h"
#include "runs/runrecord.h"
#include "tests/everyexperiment.h"
#include "tests/idxfiles.h"
#include "tests/runcontent.h"
#include "ui/banner.h"
#include "ui/chartgrid.h"
#include "ui/charts/charttheme.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentlist.h"
#include "ui/experimentpanel.h"
#include "ui/exportdialog.h"
#include "ui/figuresview.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/runlibrary.h"
#include "ui/runline.h"
#include "ui/settings.h"
#include "ui/statusfooter.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QSplitter>
#include <QStandardItemModel>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>
#include <sys/stat.h>

using namespace losslab;
using namespace losslab::test;
using namespace losslab::ui;

namespace {

constexpr int patience = 30000;        // ms
constexpr double leastOfCurve = 0.002; ///< of a picture's pixels: a line across it has more, a legend less

/// How much of the picture has the colour of a chart's first series: axes and words have none of it.
double shareOfCurve(const QImage &image)
{
    const QRgb color = ChartTheme::light().series(0).color.rgb();
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += (image.pixel(x, y) & RGB_MASK) == (color & RGB_MASK) ? 1 : 0;
    return count / static_cast<double>(image.width()) / image.height();
}

void setField(ExperimentPanel &panel, const char *key, const char *text)
{
    auto *line = panel.form().findChild<QLineEdit *>(QLatin1String(key));
    QVERIFY2(line, key);
    line->setText(QLatin1String(text));
}

/// A run of the report preset's settings that has one point.
RunRecord finishedRun(const Experiment &experiment, const PointEvent &point)
{
    RunRecord record;
    record.folder = "finished";
    record.spec = makeSpec(experiment, Preset::Report);
    record.data = RunData(experiment);
    record.data.apply(point);
    record.data.apply(StateEvent{RunState::Finished});
    record.state = RunState::Finished;
    return record;
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

    void everyExperimentOpens_data() { test::everyExperiment(); }
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
    void enterKeepsTheRun_data();
    void enterKeepsTheRun();
    void theRunBeforeStaysUntilTheNewOneHasAPoint();
    void theRunLineTellsWhoseSettingsTheFormHas();
    void replacedSettingsAreBroughtBack();
    void exportOffersEachRunsOwnFolder();
    void resultsAreTakenAlong();
    void publishedForOtherSettingsIsLeftOutAndSaidWhy();
    void menusOpenByKeyboard();
    void keysOfTheWindowWorkInAField();
    void everyKeyIsListed();
    void everythingIsOnASmallScreen_data();
    void everythingIsOnASmallScreen();
    void settingsThatCannotBeSavedAreToldOnce();
    void settingsSurviveARestart();
    void quickIsOfferedWhereThereIsOne();
    void theNewestRunIsShownAgain();
    void aRunFolderOpensWithItsSettings();
    void aDamagedRunFolderIsRefusedInWords();
    void theWindowStartsWhateverTheLibraryHolds();
    void aRunWhoseClockWasSetBackHasNoNegativeLength();
    void aFailedRunShowsWhyAndKeepsItsPoints();
    void aRunThatWaitsForRoomSaysWhy();
    void aRunThatIsCutShortIsNotCalledFinished();
    void helpGivesBackWhatItTookOfTheCharts();
    void aRunWithoutFiguresSaysWhy();
    void aRemarkIsSaidInFullOnce();
    void aKilledRunIsCalledInterrupted();
    void aChartIsEnlargedByKeyboard();
    void chartsHaveHalfOfASmallScreen_data() { test::everyExperiment(); }
    void chartsHaveHalfOfASmallScreen();
    void aSmallTableOfResultsIsWhole_data() { test::everyExperiment(); }
    void aSmallTableOfResultsIsWhole();
    void namesOfExperimentsAreWhole();
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
    setField(panel, "epochs",
             QByteArray::number(static_cast<qint64>(epochs.info().kind->limits()->max)).constData());
    QTest::mouseClick(runButton(*m_window), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(pointsIn(controller().data()) > 20, patience);
}

void TestWindow::everyExperimentOpens()
{
    QFETCH(QString, id);
    m_window->select(id.toStdString());
    ExperimentPanel &panel = m_window->currentPanel();
    const Experiment &experiment = panel.experiment();
    QCOMPARE(fromText(experiment.info().id), id);
    QVERIFY(m_window->windowTitle().contains(fromText(experiment.info().title)));
    QCOMPARE(panel.findChild<QLabel *>(QStringLiteral("promise"))->text(),
             QStringLiteral("Press Run to ") + fromText(experiment.info().promise));
    QCOMPARE(panel.charts().charts().size(), experiment.chartsFor({}).size());
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
    QVERIFY(m_window->actions().run->toolTip().contains(QLatin1String("Hidden layers")));
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
    const std::size_t before = pointsIn(controller().data());
    QTRY_VERIFY_WITH_TIMEOUT(pointsIn(controller().data()) > before, patience);
    QVERIFY(!m_window->actions().run->isEnabled());
}

void TestWindow::pauseHoldsTheRunAndResumeGoesOn()
{
    startLongRun();
    m_window->actions().pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(controller().state(), RunState::Paused, patience);
    QCOMPARE(m_window->actions().pause->iconText(), QStringLiteral("Resume"));
    std::size_t held = 0;
    QTRY_VERIFY_WITH_TIMEOUT(std::exchange(held, pointsIn(controller().data()))
                                     == pointsIn(controller().data())
                                 && (QTest::qWait(200), held == pointsIn(controller().data())),
                             patience);
    QTest::qWait(300);
    QCOMPARE(pointsIn(controller().data()), held);

    m_window->actions().pause->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(pointsIn(controller().data()) > held, patience);
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
    QCOMPARE(pointsIn(record->data), pointsIn(controller().data()));
}

void TestWindow::oneRunAtATime()
{
    startLongRun();
    m_window->select("function-fit");
    QVERIFY(!m_window->actions().run->isEnabled());
    QVERIFY(m_window->actions().run->toolTip().contains(QStringLiteral("“Gradient norm” is still running")));
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
    QVERIFY(shareOfCurve(image) > leastOfCurve);
    QVERIFY(
        m_window->findChild<StatusFooter *>()->message().contains(QLatin1String("gradient-norm-norm.png")));
}

void TestWindow::theChartIsCopied()
{
    startLongRun();
    QApplication::clipboard()->clear();
    m_window->actions().copyChart->trigger();
    const QImage copied = QApplication::clipboard()->image();
    QCOMPARE(copied.size(), QSize(1600, 1000));
    QVERIFY(shareOfCurve(copied) > leastOfCurve);
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
    QCOMPARE(pointsIn(record->data), pointsIn(controller().data()));
}

void TestWindow::keepRunningKeepsTheWindow()
{
    startLongRun();
    m_window->setCloseQuestion([] { return false; });
    m_window->close();
    QVERIFY(m_window->isVisible());
    const std::size_t before = pointsIn(controller().data());
    QTRY_VERIFY_WITH_TIMEOUT(pointsIn(controller().data()) > before, patience);
    QCOMPARE(controller().state(), RunState::Running);
}

void TestWindow::enterKeepsTheRun_data()
{
    QTest::addColumn<Qt::Key>("key");
    QTest::newRow("Enter") << Qt::Key_Return;
    QTest::newRow("Esc") << Qt::Key_Escape;
}

void TestWindow::enterKeepsTheRun()
{
    QFETCH(Qt::Key, key);
    m_window = std::make_unique<MainWindow>(); // with its own question
    m_window->show();
    m_window->select("gradient-norm");
    startLongRun();
    QTimer::singleShot(0, this, [key] {
        QWidget *question = QApplication::activeModalWidget();
        QVERIFY(qobject_cast<QMessageBox *>(question));
        QTest::keyClick(question, key);
    });
    m_window->close();
    QVERIFY(m_window->isVisible());
    QCOMPARE(controller().state(), RunState::Running);
}

void TestWindow::theRunBeforeStaysUntilTheNewOneHasAPoint()
{
    m_window->select("cnn-mnist");
    ExperimentPanel &panel = m_window->currentPanel();
    panel.open(finishedRun(panel.experiment(), {"loss", "vgg", 0, 1, 0.5}));
    QCOMPARE(pointsIn(controller().data()), std::size_t(1));

    // One that fails before: its data are none.
    const QString rubbish = m_home->filePath(QStringLiteral("rubbish"));
    QVERIFY(platform::makeFolder(toPath(rubbish)));
    ImageSet images{1, 28, 28, std::vector<std::uint8_t>(784), {0}};
    for (const char *stem : {"train", "t10k"})
        test::writeImages(toPath(rubbish), stem, images, 1);
    std::string sums;
    for (const std::string_view name : dataFileNames)
        sums += std::string(64, 'a') + "  " + std::string(name) + "\n"; // of other files
    QVERIFY(platform::writeFileAtomically(toPath(rubbish) / "SHA256SUMS", sums));
    RunSpec spec = panel.form().spec();
    spec.data = rubbish.toStdString();
    panel.form().setSpec(spec);
    m_window->actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(panel.banner().isVisible(), patience);
    QCOMPARE(pointsIn(controller().data()), std::size_t(1));
    QVERIFY(controller().folder() == "finished");
    QVERIFY(panel.findChild<QLabel *>(QStringLiteral("settingsChanged"))->isVisible());

    // One that is stopped at once, and one that has points.
    m_window->select("gradient-norm");
    m_window->currentPanel().open(
        finishedRun(m_window->currentPanel().experiment(), {"loss", "model", 0, 1, 0.5}));
    m_window->actions().run->trigger();
    QVERIFY(controller().isActive() && controller().showsRunBefore());
    QVERIFY(
        m_window->currentPanel().findChild<RunLine *>()->text().startsWith(QLatin1String("Previous run")));
    m_window->actions().stop->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    startLongRun();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().showsRunBefore(), patience);
    QVERIFY(controller().folder() != "finished");
}

void TestWindow::theRunLineTellsWhoseSettingsTheFormHas()
{
    ExperimentPanel &panel = m_window->currentPanel();
    RunRecord record = finishedRun(panel.experiment(), {"loss", "model", 0, 1, 0.5});
    record.spec.seed = 7;
    const RunSpec spec = record.spec;
    panel.open(std::move(record));
    const auto *line = panel.findChild<RunLine *>();
    const auto *changed = panel.findChild<QLabel *>(QStringLiteral("settingsChanged"));
    auto *use = panel.findChild<QPushButton *>(QStringLiteral("useItsSettings"));
    QVERIFY2(line->text().contains(QLatin1String("report preset"))
                 && line->text().endsWith(QString::fromUtf8("seeds 7–11")),
             qPrintable(line->text()));
    QVERIFY(!changed->isVisible());

    setField(panel, "hidden", "9");
    QVERIFY(changed->isVisible() && use->isVisible());
    setField(panel, "hidden", qPrintable(fromText(toText(*spec.find("hidden")))));
    QVERIFY(!changed->isVisible());
    setField(panel, "seed", "8");
    QVERIFY(changed->isVisible());
    setField(panel, "threads", "1"); // nothing that figures depend on
    use->click();
    QVERIFY(!changed->isVisible());
    QCOMPARE(panel.form().spec().seed, std::uint64_t(7));
    setField(panel, "lr", "fast");
    QVERIFY(changed->isVisible());
}

void TestWindow::replacedSettingsAreBroughtBack()
{
    ExperimentPanel &panel = m_window->currentPanel();
    setField(panel, "hidden", "9");
    setField(panel, "lr", "0.0");
    m_window->actions().presetChosen(QStringLiteral("report"));
    QVERIFY(panel.banner().isVisible());
    QVERIFY2(panel.banner().text().contains(QLatin1String("2 settings")), qPrintable(panel.banner().text()));
    QCOMPARE(panel.form().changedCount(), 0);
    panel.banner().findChild<QPushButton *>(QStringLiteral("bannerAction"))->click();
    QVERIFY(!panel.banner().isVisible());
    QCOMPARE(panel.form().preset().base, Preset::Report);
    QCOMPARE(panel.form().findChild<QLineEdit *>(QStringLiteral("lr"))->text(), QStringLiteral("0.0"));
    QCOMPARE(toText(*panel.form().spec().find("hidden")), std::string("9"));

    // A run that is opened, and then the key, in a field where nothing was typed.
    panel.open(finishedRun(panel.experiment(), {"loss", "model", 0, 1, 0.5}));
    QCOMPARE(panel.form().changedCount(), 0);
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    auto *hidden = panel.form().findChild<QLineEdit *>(QStringLiteral("hidden"));
    hidden->setFocus();
    QTest::keyClick(hidden, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(hidden->text(), QStringLiteral("9"));
    QTest::keyClick(hidden, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(panel.form().changedCount(), 0);

    // The offer is gone, too, when a key has taken it up.
    setField(panel, "hidden", "9");
    panel.form().reset();
    QVERIFY(panel.banner().isVisible());
    m_window->actions().undo->trigger();
    QVERIFY(!panel.banner().isVisible());
    panel.form().history().redo();

    // What was typed is undone by the field first.
    hidden->selectAll();
    QTest::keyClicks(hidden, QStringLiteral("5"));
    QTest::keyClick(hidden, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(panel.form().changedCount(), 0);
}

void TestWindow::exportOffersEachRunsOwnFolder()
{
    const auto folderOffered = [this](const char *id, const QString &choose) {
        m_window->select(id);
        m_window->actions().exportAll->trigger();
        auto *dialog = m_window->findChild<ExportDialog *>();
        auto *line = dialog->findChild<QLineEdit *>(QStringLiteral("folder"));
        QString offered = line->text();
        if (!choose.isEmpty())
            line->setText(choose);
        dialog->accept();
        delete dialog;
        return offered;
    };
    QStringList own;
    for (const char *id : {"gradient-norm", "function-fit"}) {
        m_window->select(id);
        ExperimentPanel &panel = m_window->currentPanel();
        RunRecord record = finishedRun(panel.experiment(), {"loss", "model", 0, 1, 0.5});
        record.folder = toPath(m_home->filePath(QLatin1String(id)));
        own << fromPath(record.folder / "charts");
        panel.open(std::move(record));
    }
    QCOMPARE(folderOffered("gradient-norm", {}), own[0]);
    QCOMPARE(folderOffered("function-fit", {}), own[1]);
    const QString chosen = m_home->filePath(QStringLiteral("chosen"));
    QCOMPARE(folderOffered("gradient-norm", chosen), own[0]);
    QCOMPARE(folderOffered("function-fit", own[1]), chosen); // the person goes back to the run's
    QCOMPARE(folderOffered("gradient-norm", {}), own[0]);
}

void TestWindow::resultsAreTakenAlong()
{
    m_window->select("function-fit");
    ExperimentPanel &panel = m_window->currentPanel();
    RunRecord record = finishedRun(panel.experiment(), {"loss", "deep", 0, 1, 0.5});
    const std::string figure = panel.experiment().figures().front()->info().key;
    record.data.apply(FigureEvent{"shallow", figure, 0, 0.25});
    record.data.apply(FigureEvent{"deep", figure, 0, 1.0 / 3});
    panel.open(std::move(record));
    CopyTable &results = panel.results();
    QApplication::clipboard()->clear();
    results.copyAction()->trigger();
    const QStringList lines = QApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines[0].startsWith(QLatin1String("Model\t")), qPrintable(lines[0]));
    QVERIFY2(lines[1].contains(QLatin1String("0.333333333333"))
                 || lines[2].contains(QLatin1String("0.333333333333")),
             qPrintable(lines.join(u'\n')));
    QVERIFY(m_window->findChild<StatusFooter *>()->message().contains(QLatin1String("Copied")));
    results.copyMenu()->actions()[1]->trigger();
    QVERIFY(QApplication::clipboard()->text().startsWith(QLatin1String("| Model")));
    results.copyMenu()->actions()[2]->trigger();
    QVERIFY(QApplication::clipboard()->text().startsWith(QLatin1String("\\begin{tabular}")));

    results.exportAction()->trigger();
    auto *dialog = m_window->findChild<QFileDialog *>();
    QVERIFY(dialog);
    const QString file = m_home->filePath(QStringLiteral("results.md"));
    Q_EMIT dialog->fileSelected(file);
    dialog->close();
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QVERIFY(written.readAll().startsWith("| Model"));
}

void TestWindow::publishedForOtherSettingsIsLeftOutAndSaidWhy()
{
    m_window->select("function-fit");
    ExperimentPanel &panel = m_window->currentPanel();
    const QAbstractItemModel &figures = *panel.results().model();
    const auto texts = [&figures](int role) {
        QStringList texts;
        for (int row = 0; row < figures.rowCount(); ++row)
            for (int column = 0; column < figures.columnCount(); ++column)
                texts << figures.index(row, column).data(role).toString();
        return texts.join(u'|');
    };
    QVERIFY(texts(FiguresModel::PublishedRole).contains(QLatin1String("published 1,050")));
    setField(panel, "epochs", "300");
    QVERIFY(!texts(FiguresModel::PublishedRole).contains(QLatin1String("published 1,050")));
    QVERIFY2(texts(Qt::ToolTipRole).contains(QLatin1String("at most 300 epochs instead of 20,000")),
             qPrintable(texts(Qt::ToolTipRole)));
}

namespace {

/// Takes every key for itself, as fields of some desktops take Ctrl+E to go to the end of the line.
class GreedyField final : public QLineEdit
{
public:
    using QLineEdit::QLineEdit;

protected:
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::ShortcutOverride) {
            event->accept();
            return true;
        }
        return QLineEdit::event(event);
    }
};

} // namespace

void TestWindow::keysOfTheWindowWorkInAField()
{
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    GreedyField field(m_window.get());
    field.show();
    const WindowActions &actions = m_window->actions();
    int keys = 0;
    for (QAction *action : std::as_const(*m_window).QWidget::actions()) {
        if (action->shortcut().isEmpty())
            continue;
        const bool editing = action == actions.undo || action == actions.redo; // the field's own come first
        for (const char *signal : {SIGNAL(triggered(bool)), SIGNAL(toggled(bool))})
            QObject::disconnect(action, signal, nullptr, nullptr);
        action->setEnabled(true);
        QSignalSpy asked(action, &QAction::triggered);
        field.setFocus();
        const QKeyCombination combination = action->shortcut()[0];
        QTest::keyClick(&field, combination.key(), combination.keyboardModifiers());
        QVERIFY2(asked.size() == (editing ? 0 : 1), qPrintable(action->shortcut().toString()));
        ++keys;
    }
    QVERIFY(keys > 12);
    field.setFocus();
    QTest::keyClick(&field, Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(m_window->currentPanel().experiment().info().id, registry()[1]()->info().id);
}

void TestWindow::menusOpenByKeyboard()
{
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    auto *main = m_window->findChild<QMenu *>(QStringLiteral("mainMenu"));
    QVERIFY(main);
    QTest::keyClick(m_window.get(), Qt::Key_F10);
    QVERIFY(main->isVisible() && main->activeAction());
    QVERIFY(!main->activeAction()->menu()->isVisible()); // one Esc closes it
    QTest::keyClick(main, Qt::Key_Escape);
    QVERIFY(!main->isVisible());
    for (QAction *entry : main->actions()) {
        const QKeySequence mnemonic = QKeySequence::mnemonic(entry->text());
        if (!entry->menu())
            continue;
        QVERIFY2(!mnemonic.isEmpty(), qPrintable(entry->text()));
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QTest::keyClick(m_window.get(), static_cast<Qt::Key>(mnemonic[0].key()), Qt::AltModifier);
        const QList<QAction *> entries = entry->menu()->actions();
        const bool any = std::any_of(entries.begin(), entries.end(), [](const QAction *action) {
            return action->isEnabled() && !action->isSeparator();
        });
        QVERIFY2(entry->menu()->isVisible(), qPrintable(entry->text()));
        QVERIFY2(entry->menu()->activeAction() || !any, qPrintable(entry->text()));
        QStringList letters;
        for (const QAction *action : entry->menu()->actions())
            if (!action->isSeparator())
                letters << QKeySequence::mnemonic(action->text()).toString();
        QVERIFY2(!letters.contains(QString()), qPrintable(entry->text()));
        QCOMPARE(letters.removeDuplicates(), 0);
        QTest::keyClick(entry->menu(), Qt::Key_Escape); // one a menu
        QVERIFY(!entry->menu()->isVisible() && main->isVisible());
        QTest::keyClick(main, Qt::Key_Escape);
        QVERIFY(!main->isVisible());
    }
}

void TestWindow::everyKeyIsListed()
{
    const QString list = m_window->actions().shortcutList();
    for (const QAction *action : std::as_const(*m_window).QWidget::actions())
        QVERIFY2(action->shortcut().isEmpty()
                     || list.contains(action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped()),
                 qPrintable(action->text()));
    for (const char *keys : {"F10", "Alt+F", "Ctrl+1", "Tab", "Return", "Esc", "Home", "Left", "Ctrl+Left",
                             "+, −", "1 … 9", "Up, Down", "Ctrl+C", "Ctrl+Z", "Shift+F10"})
        QVERIFY2(list.contains(QString::fromUtf8(keys)), keys);
}

void TestWindow::everythingIsOnASmallScreen_data()
{
    test::everyExperiment();
}

/// 150 % on 1366 × 768.
void TestWindow::everythingIsOnASmallScreen()
{
    QFETCH(QString, id);
    m_window->select(id.toStdString());
    m_window->resize(910, 512);
    QTest::qWait(0);
    QCOMPARE(m_window->size(), QSize(910, 512));
    ExperimentPanel &panel = m_window->currentPanel();
    const auto isOnScreen = [this](const QWidget &widget) {
        return widget.isVisible()
               && m_window->rect().contains(QRect(widget.mapTo(m_window.get(), QPoint()), widget.size()));
    };
    QVERIFY(isOnScreen(panel.form()));
    QVERIFY(isOnScreen(*panel.form().findChild<QPushButton *>(QStringLiteral("resetAll"))));
    QVERIFY(isOnScreen(*m_window->findChild<StatusFooter *>()));
    QVERIFY(isOnScreen(*m_window->findChild<ExperimentList *>()));
    QVERIFY(isOnScreen(*panel.findChild<QPushButton *>(QStringLiteral("emptyRun"))));
    const QToolBar &bar = *m_window->actions().toolBar();
    for (QAction *action : bar.actions())
        if (const QWidget *button = bar.widgetForAction(action); button && action->isVisible())
            QVERIFY2(isOnScreen(*button), qPrintable(action->text()));
    QVERIFY2(panel.width() > 400, qPrintable(QString::number(panel.width())));
}

void TestWindow::settingsThatCannotBeSavedAreToldOnce()
{
    QFile file(m_home->filePath(QStringLiteral("a file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    qputenv("LOSSLAB_HOME", (file.fileName() + QStringLiteral("/home")).toUtf8());
    m_window = std::make_unique<MainWindow>();
    m_window->show();
    Banner &banner = m_window->currentPanel().banner();
    QTRY_VERIFY_WITH_TIMEOUT(banner.isVisible(), patience);
    QVERIFY2(banner.text().contains(QLatin1String("settings.ini")), qPrintable(banner.text()));
    banner.hide();
    m_window->select("function-fit");
    QTest::qWait(1000);
    QVERIFY(!banner.isVisible() && !m_window->currentPanel().banner().isVisible());
    m_window->close();
    QVERIFY(!m_window->isVisible());
}

void TestWindow::settingsSurviveARestart()
{
    setField(m_window->currentPanel(), "lr", "0,002");
    m_window->select("capacity");
    m_window->currentPanel().form().setPreset(Preset::Quick);
    m_window->actions().setDevice(Device::Cpu);
    Q_EMIT m_window->actions().deviceChosen();
    Q_EMIT m_window->actions().themeChosen(Theme::Dark);
    m_window->close();

    m_window = std::make_unique<MainWindow>();
    QCOMPARE(m_window->currentPanel().experiment().info().id, std::string("capacity"));
    QCOMPARE(m_window->currentPanel().form().preset().base, Preset::Quick);
    QCOMPARE(m_window->actions().device(), Device::Cpu);
    QVERIFY(isDark(QApplication::palette()));
    m_window->select("gradient-norm");
    QCOMPARE(std::get<double>(*m_window->currentPanel().form().spec().find("lr")), 0.002);
    m_window->setTheme(Theme::Light);
}

void TestWindow::quickIsOfferedWhereThereIsOne()
{
    for (const ExperimentFactory make : registry()) {
        const auto experiment = make();
        const std::string &id = experiment->info().id;
        const bool offered = experiment->offers(Preset::Quick);
        m_window->select(id);
        ExperimentPanel &panel = m_window->currentPanel();
        const auto *box = m_window->findChild<QComboBox *>(QStringLiteral("preset"));
        const auto *model = qobject_cast<QStandardItemModel *>(box->model());
        QVERIFY2(model->item(box->findData(QStringLiteral("quick")))->isEnabled() == offered, id.c_str());
        QVERIFY2(panel.findChild<QPushButton *>(QStringLiteral("emptyQuick"))->isHidden() == !offered,
                 id.c_str());
        QCOMPARE(panel.form().spec().repeats, experiment->info().repeats);
        panel.form().setPreset(Preset::Quick);
        QCOMPARE(panel.form().preset().base, offered ? Preset::Quick : Preset::Report);
    }
}

void TestWindow::theNewestRunIsShownAgain()
{
    startLongRun();
    m_window->actions().stop->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    const std::size_t points = pointsIn(controller().data());
    m_window->close();

    m_window = std::make_unique<MainWindow>();
    m_window->show();
    QTRY_VERIFY_WITH_TIMEOUT(controller().hasRun(), patience);
    QCOMPARE(pointsIn(controller().data()), points);
    QVERIFY(m_window->actions().exportChart->isEnabled());
    QVERIFY(m_window->actions().run->isEnabled());
}

void TestWindow::aRunFolderOpensWithItsSettings()
{
    startLongRun();
    m_window->actions().stop->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    const std::filesystem::path folder = controller().folder();
    const std::size_t points = pointsIn(controller().data());
    m_window->close();

    qputenv("LOSSLAB_HOME", m_home->filePath(QStringLiteral("another")).toUtf8());
    m_window = std::make_unique<MainWindow>();
    m_window->openRun(folder);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->currentPanel().experiment().info().id, std::string("gradient-norm"),
                              patience);
    QTRY_VERIFY_WITH_TIMEOUT(controller().hasRun(), patience);
    QCOMPARE(pointsIn(controller().data()), points);
    QCOMPARE(toText(*m_window->currentPanel().form().spec().find("hidden")), std::string("4"));
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

void TestWindow::theWindowStartsWhateverTheLibraryHolds()
{
    const QString home = m_home->filePath(QStringLiteral("received"));
    const std::filesystem::path runs = toPath(home) / "runs";
    QVERIFY(platform::makeFolder(runs / "2026-01-02-101500-gradient-norm"));
    QCOMPARE(::mkfifo((runs / "2026-01-02-101500-gradient-norm" / "run.json").c_str(), 0600), 0);
    QVERIFY(platform::makeFolder(runs / "2026-01-01-101500-gradient-norm"));
    QVERIFY(platform::writeFileAtomically(runs / "2026-01-01-101500-gradient-norm" / "run.json",
                                          std::string(300'000, '[')));
    m_window->close();
    qputenv("LOSSLAB_HOME", home.toUtf8());
    m_window = std::make_unique<MainWindow>();
    m_window->show();
    m_window->select("gradient-norm");
    Banner &banner = m_window->currentPanel().banner();
    QTRY_VERIFY_WITH_TIMEOUT(banner.isVisible(), patience);
    QVERIFY2(banner.text().contains(QLatin1String("2026-01-02-101500-gradient-norm")),
             qPrintable(banner.text()));
    QVERIFY2(banner.text().contains(QLatin1String("a pipe, not a file")), qPrintable(banner.text()));
    QVERIFY2(banner.text().contains(QLatin1String("1 more")), qPrintable(banner.text()));
    QVERIFY(controller().log().back().text.contains(QLatin1String("nested")));
    QVERIFY(m_window->actions().run->isEnabled());
}

void TestWindow::aRunWhoseClockWasSetBackHasNoNegativeLength()
{
    const auto shown = [this](double seconds) {
        RunRecord record;
        record.spec = makeSpec(m_window->currentPanel().experiment(), Preset::Quick);
        record.data = RunData(m_window->currentPanel().experiment());
        record.state = RunState::Finished;
        record.facts.started = "2026-11-24T10:15:30Z";
        record.facts.ended = "2026-11-24T08:15:30Z";
        record.facts.seconds = seconds;
        controller().show(std::move(record));
        return controller().outcome();
    };
    QVERIFY2(!shown(-1).contains(QLatin1String("after")),
             qPrintable(controller().outcome())); // by an older version
    QVERIFY2(shown(12).contains(QLatin1String("after 12 s")), qPrintable(controller().outcome()));
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
    QCOMPARE(pointsIn(controller().data()), std::size_t(1));
    QVERIFY(m_window->actions().run->isEnabled());

    // A folder for runs that cannot be made: the run does not start, and the window says why.
    QFile file(m_home->filePath(QStringLiteral("runs")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    m_window->actions().run->trigger();
    QVERIFY(panel.banner().isVisible());
    QVERIFY(panel.banner().text().contains(QLatin1String("could not start")));
    QVERIFY(!m_window->trainingPanel());
}

void TestWindow::aRunThatWaitsForRoomSaysWhy()
{
    const auto restore = qScopeGuard([] { platform::limitRoom({}); });
    startLongRun();
    platform::limitRoom([](std::size_t) { return std::size_t{0}; });
    QTRY_COMPARE_WITH_TIMEOUT(controller().state(), RunState::Paused, patience);
    const Banner &banner = m_window->currentPanel().banner();
    QVERIFY(banner.isVisible());
    QVERIFY2(banner.text().contains(QLatin1String("no more room")), qPrintable(banner.text()));
    const auto *footer = m_window->findChild<QLabel *>(QStringLiteral("progressText"));
    QVERIFY2(footer->text().contains(QLatin1String("no more room")), qPrintable(footer->text()));
    QVERIFY(!m_window->actions().pause->isEnabled()); // it goes on by itself: there is nothing to resume
    platform::limitRoom({});
    QTRY_COMPARE_WITH_TIMEOUT(controller().state(), RunState::Running, patience);
    QVERIFY(!banner.isVisible());
    QVERIFY(m_window->actions().pause->isEnabled());
}

void TestWindow::aRunThatIsCutShortIsNotCalledFinished()
{
    ExperimentPanel &panel = m_window->currentPanel();
    RunRecord record = finishedRun(panel.experiment(), {"loss", "model", 0, 1, 0.5});
    record.unread = {"metrics.jsonl ends after 1 of its 9 lines: the rest is missing."};
    panel.open(std::move(record));
    QVERIFY(panel.banner().isVisible());
    QVERIFY2(panel.banner().text().contains(QLatin1String("1 of its 9 lines")),
             qPrintable(panel.banner().text()));
    QCOMPARE(controller().outcome(), QStringLiteral("Finished, but part of it cannot be read  ·  finished"));
    QVERIFY(controller().state() != RunState::Finished); // whose badge is a green tick
    const auto *why = panel.findChild<QLabel *>(QStringLiteral("whyNoFigures"));
    QVERIFY(why->isVisible());
    QCOMPARE(why->text(), QStringLiteral("No figures: none of them can be read."));

    panel.banner().findChild<QToolButton *>(QStringLiteral("bannerClose"))->click();
    Q_EMIT controller().stateChanged(); // as a pause would be told
    QVERIFY(!panel.banner().isVisible());
}

void TestWindow::helpGivesBackWhatItTookOfTheCharts()
{
    ExperimentPanel &panel = m_window->currentPanel();
    panel.open(finishedRun(panel.experiment(), {"loss", "model", 0, 1, 0.5}));
    const QList<int> before = panel.splitter().sizes();
    panel.showHelp();
    const QList<int> withHelp = panel.splitter().sizes();
    QVERIFY(withHelp[1] > before[1]);
    m_window->resize(m_window->size()
                     + QSize(0, 20)); // which fits the results to their rows, but not the help
    QVERIFY(panel.splitter().sizes()[1] >= withHelp[1]);
    m_window->resize(m_window->size() - QSize(0, 20));
    panel.findChild<QTabWidget *>(QStringLiteral("details"))->setCurrentIndex(0);
    QCOMPARE(panel.splitter().sizes(), before);
}

void TestWindow::aRunWithoutFiguresSaysWhy()
{
    startLongRun();
    const auto *why = m_window->currentPanel().findChild<QLabel *>(QStringLiteral("whyNoFigures"));
    QVERIFY(!why->isVisible());
    m_window->actions().stop->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    QVERIFY(why->isVisible());
    QCOMPARE(why->text(), QStringLiteral("No figures: the run ended before any model had finished."));
}

/// By the first chart in which it is seen, and by any that is alone or in a picture.
void TestWindow::aRemarkIsSaidInFullOnce()
{
    m_window->select("function-fit");
    m_window->resize(1366, 768);
    ExperimentPanel &panel = m_window->currentPanel();
    RunRecord record = finishedRun(panel.experiment(), {"loss", "deep", 0, 1, 0.5});
    record.data.apply(PointEvent{"fit", "deep", 0, 0, 0.5});
    record.data.apply(FigureEvent{"deep", panel.experiment().figures().front()->info().key, 0, 1});
    record.data.apply(RemarkEvent{"deep", 0, RemarkEvent::Kind::Died, 20, {"loss", "fit"}});
    panel.open(std::move(record));
    QTest::qWait(0);
    const QString whole = fromText(controller().data().findChart("loss")->remark);
    QVERIFY2(whole.startsWith(QLatin1String("deep ")), qPrintable(whole));
    const auto said = [&panel] {
        QStringList texts;
        for (const QLabel *label : panel.findChildren<QLabel *>())
            if (label->isVisible())
                texts << label->text();
        return texts;
    };
    QCOMPARE(said().filter(whole).size(), 1);
    QCOMPARE(said().filter(QRegularExpression(QStringLiteral("^deep: dead layer$"))).size(), 1);
    const QAbstractItemModel &results = *panel.results().model();
    const int last = results.columnCount() - 1; // what is cut first on a small screen
    QCOMPARE(results.headerData(0, Qt::Vertical).toString(), QStringLiteral("deep (7 hidden)"));
    QCOMPARE(results.headerData(last, Qt::Horizontal).toString(), QStringLiteral("Remark"));
    QCOMPARE(results.index(0, last).data().toString(), QStringLiteral("dead layer"));
    const TableText copied = panel.results().values();
    QCOMPARE(copied.rows[0].front(),
             QStringLiteral("deep (7 hidden)")); // a name alone, and the remark in a column of its own
    QCOMPARE(copied.heading.last(), QStringLiteral("Remark"));
    QCOMPARE(copied.rows[0].last(), QStringLiteral("dead layer"));
    for (ChartWidget *chart : panel.charts().charts()) {
        QCOMPARE(fromText(chart->data()->remark), whole); // what a picture is made from
        panel.charts().enlarge(chart);
        QCOMPARE(said().filter(whole).size(), 1);
    }
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

void TestWindow::aSmallTableOfResultsIsWhole()
{
    QFETCH(QString, id);
    m_window->select(id.toStdString());
    ExperimentPanel &panel = m_window->currentPanel();
    RunRecord record = finishedRun(panel.experiment(), {"loss", "model", 0, 1, 0.5});
    for (const Figure *figure : panel.experiment().figures())
        for (const char *model : {"a", "b", "c"})
            record.data.apply(FigureEvent{model, figure->info().key, 0, 0.5});
    panel.open(std::move(record));
    for (const QSize &size : {QSize(1366, 768), QSize(1920, 1080), QSize(910, 512)}) {
        m_window->resize(size);
        QTest::qWait(0);
        const FiguresView &table = panel.results();
        const int rows = size.height() < 768 ? 1 : 3;
        QCOMPARE(table.rowAt(0), 0);
        const QRect last = table.visualRect(table.model()->index(rows - 1, 0));
        QVERIFY2(last.bottom() <= table.viewport()->rect().bottom(),
                 qPrintable(QStringLiteral("%1 of %2").arg(last.bottom()).arg(table.viewport()->height())));
    }
}

void TestWindow::namesOfExperimentsAreWhole()
{
    m_window->resize(1366, 768);
    QTest::qWait(0);
    auto &list = *m_window->findChild<ExperimentList *>();
    QVERIFY2(
        list.sizeHint().width() <= list.viewport()->width(),
        qPrintable(QStringLiteral("%1 in %2").arg(list.sizeHint().width()).arg(list.viewport()->width())));
    QVERIFY(list.sizeHint().width() < 1366 / 6);
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
