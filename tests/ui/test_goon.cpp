// A run goes on in the window where it was left, and one that another program writes is watched there.

#include "base/platform.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "runs/runlibrary.h"
#include "runs/runner.h"
#include "runs/runrecord.h"
#include "tests/runcontent.h"
#include "tests/runtoend.h"
#include "ui/banner.h"
#include "ui/chartgrid.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/runline.h"
#include "ui/statusfooter.h"
#include "ui/text.h"
#include "ui/trainlongerdialog.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolBar>
#include <QToolButton>
#include <map>
#include <tuple>

using namespace losslab;
using namespace losslab::test;
using namespace losslab::ui;
namespace fs = std::filesystem;

namespace {

constexpr int patience = 120000; // ms

std::int64_t epochsOf(const RunSpec &spec)
{
    return std::get<std::int64_t>(*spec.find("epochs"));
}

} // namespace

class TestGoOn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aStoppedRunGoesOnAsIfItHadNotBeenLeft();
    void aFinishedRunIsTrainedLonger();
    void whatIsTypedMeanwhileStays();
    void theToolbarOffersWhatFits();
    void whyItCannotGoOnIsSaid();
    void aRunThatAnotherWritesIsNotLostOnScreen();
    void convergedModelsAreToldOf();
    void stopCountsBeforeTheRunHasBegunAgain();
    void aRunThatHadNothingToShowGoesOn();
    void aRunOfAnotherProgramIsWatched();
    void aRunOfAnotherProgramThatIsKilledGoesOnHere();
    void theNewestRunIsWatchedFromTheStart();

private:
    void setField(const char *key, const QString &text);
    void startRun(const QString &epochs);
    void stopRun();
    /// Starts the program on a run that does not end by itself.
    void startElsewhere(QProcess &process, const QStringList &more = {});
    /// What a run with the settings of the one shown has that was never left.
    Content contentOfWhole();
    ExperimentPanel &panel() { return m_window->currentPanel(); }
    RunController &controller() { return panel().controller(); }
    WindowActions &actions() { return m_window->actions(); }
    fs::path inHome(const char *name) const { return toPath(m_home->filePath(QLatin1String(name))); }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<MainWindow> m_window;
};

void TestGoOn::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("LOSSLAB_HOME", m_home->path().toUtf8());
    m_window = std::make_unique<MainWindow>();
    m_window->setCloseQuestion([] { return true; });
    m_window->show();
    m_window->select("gradient-norm");
}

void TestGoOn::cleanup()
{
    m_window.reset();
    m_home.reset();
}

void TestGoOn::setField(const char *key, const QString &text)
{
    auto *line = panel().form().findChild<QLineEdit *>(QLatin1String(key));
    QVERIFY2(line, key);
    line->setText(text);
}

/// Of a network that is too small to converge.
void TestGoOn::startRun(const QString &epochs)
{
    setField("hidden", QStringLiteral("4"));
    setField("converged", QStringLiteral("0"));
    setField("epochs", epochs);
    actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().showsRunBefore() && pointsIn(controller().data()) > 20, patience);
}

void TestGoOn::stopRun()
{
    actions().stop->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    QCOMPARE(controller().state(), RunState::Stopped);
}

void TestGoOn::startElsewhere(QProcess &process, const QStringList &more)
{
    process.start(QStringLiteral(LOSSLAB_PROGRAM),
                  QStringList{"run", "gradient-norm", "--set", "hidden=4", "--set", "converged=0", "--set",
                              "epochs=100000", "--device", "cpu", "--charts", "none"}
                      + more);
    QVERIFY(process.waitForStarted(patience));
}

Content TestGoOn::contentOfWhole()
{
    const auto runner = Runner::start(controller().spec(), {inHome("whole")});
    RunData data(panel().experiment(), controller().spec());
    if (runner)
        test::runToEnd(**runner, data);
    return contentOf(data);
}

void TestGoOn::aStoppedRunGoesOnAsIfItHadNotBeenLeft()
{
    QVERIFY(!actions().goOn->isEnabled());
    startRun(QStringLiteral("20000"));
    QVERIFY(!actions().goOn->isEnabled());
    const fs::path folder = controller().folder();
    const QDateTime started = controller().started();
    QVERIFY(started.isValid());
    stopRun();
    const std::size_t before = pointsIn(controller().data());
    QVERIFY(before < 2 * 20000);
    QVERIFY(actions().goOn->isEnabled());
    ChartWidget *chart = panel().charts().charts().front();
    chart->setXRange(3, 11);
    QVERIFY(!chart->followsData());

    QTest::keyClick(m_window.get(), Qt::Key_G, Qt::ControlModifier);
    QVERIFY(controller().isActive());
    QVERIFY(!actions().run->isEnabled());
    QVERIFY(pointsIn(controller().data()) >= before); // shown all the while
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    QCOMPARE(controller().state(), RunState::Finished);
    QCOMPARE(controller().folder(), folder);
    QCOMPARE(controller().started(), started);
    QVERIFY(!chart->followsData()); // the person's view
    QVERIFY(contentOf(controller().data()) == contentOfWhole());
    QVERIFY(contentOf(readRun(folder)->data) == contentOf(controller().data()));
}

void TestGoOn::aFinishedRunIsTrainedLonger()
{
    startRun(QStringLiteral("60"));
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    QVERIFY(!actions().goOn->isEnabled());
    QVERIFY(actions().goOn->toolTip().contains(QLatin1String("has finished")));
    QVERIFY(actions().trainLonger->isEnabled());

    QTest::keyClick(m_window.get(), Qt::Key_T, Qt::ControlModifier);
    auto *dialog = m_window->findChild<TrainLongerDialog *>();
    QVERIFY(dialog);
    auto *more = dialog->findChild<QSpinBox *>();
    QCOMPARE(more->value(), 30); // half of it
    more->setValue(45);
    QVERIFY(
        dialog->findChild<QLabel *>(QStringLiteral("moreEpochsNote"))->text().contains(QLatin1String("105")));
    dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok)->click();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive() && epochsOf(controller().spec()) == 105, patience);
    QCOMPARE(controller().state(), RunState::Finished);
    QCOMPARE(panel().form().findChild<QLineEdit *>(QStringLiteral("epochs"))->text(), QStringLiteral("105"));
    const QString line = panel().findChild<RunLine *>()->text();
    QVERIFY2(line.contains(QLatin1String("105")), qPrintable(line));
    QVERIFY(contentOf(controller().data()) == contentOfWhole());
}

/// The form follows the run where it had its settings, and is else left alone.
void TestGoOn::whatIsTypedMeanwhileStays()
{
    startRun(QStringLiteral("60"));
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    setField("hidden", QStringLiteral("7"));
    panel().goOn(40);
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive() && epochsOf(controller().spec()) == 100, patience);
    QCOMPARE(panel().form().findChild<QLineEdit *>(QStringLiteral("hidden"))->text(), QStringLiteral("7"));
    QCOMPARE(panel().form().findChild<QLineEdit *>(QStringLiteral("epochs"))->text(), QStringLiteral("60"));
}

void TestGoOn::theToolbarOffersWhatFits()
{
    auto *button = m_window->findChild<QToolButton *>(QStringLiteral("goOn"));
    QVERIFY(button);
    QCOMPARE(button->text(), QStringLiteral("Continue"));
    QVERIFY(!button->isEnabled());
    QVERIFY(button->toolTip().contains(QLatin1String("no run yet")));
    startRun(QStringLiteral("60"));
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    QVERIFY(button->isEnabled());
    QCOMPARE(button->text(), QStringLiteral("Train longer…"));
    startRun(QStringLiteral("100000"));
    stopRun();
    QVERIFY(button->isEnabled());
    QCOMPARE(button->text(), QStringLiteral("Continue"));
}

void TestGoOn::whyItCannotGoOnIsSaid()
{
    startRun(QStringLiteral("100000"));
    QVERIFY(actions().goOn->toolTip().contains(QLatin1String("Already running")));
    m_window->select("function-fit");
    QVERIFY(!actions().goOn->isEnabled());
    QVERIFY(actions().goOn->toolTip().contains(QLatin1String("still running")));
    m_window->select("gradient-norm");
    stopRun();
    QVERIFY(actions().goOn->isEnabled());
    QVERIFY(!actions().trainLonger->isEnabled()); // 100,000 is the most there can be
    QVERIFY(actions().trainLonger->toolTip().contains(QLatin1String("as many epochs as there can be")));

    auto record = readRun(controller().folder());
    record->format = 1;
    panel().open(std::move(*record));
    QVERIFY(!actions().goOn->isEnabled());
    QVERIFY(actions().goOn->toolTip().contains(QLatin1String("earlier version")));
}

void TestGoOn::aRunThatAnotherWritesIsNotLostOnScreen()
{
    startRun(QStringLiteral("100000"));
    stopRun();
    const Content before = contentOf(controller().data());
    auto other = platform::AppendFile::reopen(controller().folder() / "metrics.jsonl");
    QVERIFY(other);
    actions().goOn->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    QCOMPARE(controller().state(), RunState::Stopped);
    QVERIFY(panel().banner().isVisible());
    const QString said = panel().banner().text();
    QVERIFY2(said.contains(QLatin1String("another LossLab")), qPrintable(said));
    QVERIFY(contentOf(controller().data()) == before);
    QVERIFY(actions().goOn->isEnabled());
}

void TestGoOn::convergedModelsAreToldOf()
{
    setField("hidden", QStringLiteral("24"));
    setField("epochs", QStringLiteral("5000"));
    setField("converged", QStringLiteral("1"));
    actions().run->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(controller().state() == RunState::Finished, patience);
    const Content before = contentOf(controller().data());
    panel().goOn(50);
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    QCOMPARE(controller().state(), RunState::Finished);
    QVERIFY(panel().banner().isVisible());
    const QString said = panel().banner().text();
    QVERIFY2(said.contains(QLatin1String("had converged")), qPrintable(said));
    QVERIFY(contentOf(controller().data()) == before);
    QCOMPARE(epochsOf(controller().spec()), 5000);
}

void TestGoOn::stopCountsBeforeTheRunHasBegunAgain()
{
    startRun(QStringLiteral("100000"));
    stopRun();
    actions().goOn->trigger();
    QVERIFY(controller().isActive());
    actions().stop->trigger();
    QCOMPARE(controller().state(), RunState::Stopping);
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    QCOMPARE(controller().state(), RunState::Stopped);
    QVERIFY(actions().goOn->isEnabled());
}

/// It is the one that was stopped, though another is still shown.
void TestGoOn::aRunThatHadNothingToShowGoesOn()
{
    startRun(QStringLiteral("60"));
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isActive(), patience);
    setField("epochs", QStringLiteral("100000"));
    actions().run->trigger();
    stopRun();
    QVERIFY(actions().goOn->isEnabled());
    actions().goOn->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(epochsOf(controller().spec()) == 100000 && pointsIn(controller().data()) > 1000,
                             patience);
    stopRun();
    QVERIFY(contentOf(controller().data()) == contentOf(readRun(controller().folder())->data));
}

void TestGoOn::aRunOfAnotherProgramIsWatched()
{
    const fs::path folder = inHome("elsewhere");
    QProcess process;
    startElsewhere(process, {"--out", fromPath(folder)});
    QTRY_VERIFY_WITH_TIMEOUT(fs::exists(folder / "run.json"), patience);
    m_window->openRun(folder);
    QTRY_VERIFY_WITH_TIMEOUT(controller().isWrittenElsewhere(), patience);
    const std::size_t before = pointsIn(controller().data());
    QTRY_VERIFY_WITH_TIMEOUT(pointsIn(controller().data()) > before + 20, patience);
    const auto *footer = m_window->findChild<QLabel *>(QStringLiteral("progressText"));
    QVERIFY2(footer->text().contains(QLatin1String("Written by another LossLab")),
             qPrintable(footer->text()));
    for (const QAction *action : {actions().run, actions().goOn, actions().trainLonger}) {
        QVERIFY(!action->isEnabled());
        QVERIFY2(action->toolTip().contains(QLatin1String("Another LossLab")), qPrintable(action->toolTip()));
    }
    QVERIFY(!actions().stop->isEnabled());
    QVERIFY(!m_window->trainingPanel());

    process.terminate();
    QVERIFY(process.waitForFinished(patience));
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isWrittenElsewhere(), patience);
    QCOMPARE(controller().state(), RunState::Stopped);
    QVERIFY(actions().goOn->isEnabled() && actions().run->isEnabled());
    QVERIFY(contentOf(controller().data()) == contentOf(readRun(folder)->data));
}

void TestGoOn::aRunOfAnotherProgramThatIsKilledGoesOnHere()
{
    const fs::path folder = inHome("elsewhere");
    QProcess process;
    startElsewhere(process, {"--out", fromPath(folder)});
    QTRY_VERIFY_WITH_TIMEOUT(fs::exists(folder / "run.json"), patience);
    m_window->openRun(folder);
    QTRY_VERIFY_WITH_TIMEOUT(controller().isWrittenElsewhere() && pointsIn(controller().data()) > 20,
                             patience);
    process.kill();
    QVERIFY(process.waitForFinished(patience));
    QTRY_VERIFY_WITH_TIMEOUT(!controller().isWrittenElsewhere(), patience);
    QVERIFY2(controller().outcome().contains(QLatin1String("Interrupted")),
             qPrintable(controller().outcome()));
    QVERIFY(contentOf(controller().data()) == contentOf(readRun(folder)->data));
    QVERIFY(actions().goOn->isEnabled());

    const std::size_t before = pointsIn(controller().data());
    actions().goOn->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(pointsIn(controller().data()) > before + 100, patience);
    stopRun();
    QVERIFY(contentOf(controller().data()) == contentOf(readRun(folder)->data));
    QCOMPARE(readRun(folder)->facts.resumed.size(), std::size_t{1});
}

void TestGoOn::theNewestRunIsWatchedFromTheStart()
{
    QProcess process;
    startElsewhere(process);
    QTRY_VERIFY_WITH_TIMEOUT(newestRun("gradient-norm").run, patience);
    MainWindow window;
    window.show();
    window.select("gradient-norm");
    const RunController &watched = window.currentPanel().controller();
    QTRY_VERIFY_WITH_TIMEOUT(watched.isWrittenElsewhere(), patience);
    const std::size_t before = pointsIn(watched.data());
    QTRY_VERIFY_WITH_TIMEOUT(pointsIn(watched.data()) > before, patience);
    process.terminate();
    QVERIFY(process.waitForFinished(patience));
    QTRY_COMPARE_WITH_TIMEOUT(watched.state(), RunState::Stopped, patience);
}

QTEST_MAIN(TestGoOn)
#include "test_goon.moc"
