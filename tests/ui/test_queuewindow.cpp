#include "base/filehook.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "lab/experiment.h"
#include "runs/runqueue.h"
#include "runs/runrecord.h"
#include "tests/runcontent.h"
#include "ui/banner.h"
#include "ui/experimentlist.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/queuealldialog.h"
#include "ui/queuecontroller.h"
#include "ui/queuedialog.h"
#include "ui/queuemodel.h"
#include "ui/queuetable.h"
#include "ui/statusfooter.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolBar>
#include <QToolButton>
#include <algorithm>
#include <fstream>
#include <functional>
#include <set>

using namespace losslab;
using namespace losslab::test;
using namespace losslab::ui;

namespace {

constexpr int patience = 60000; // ms

/// "3 finished, 1 running": seeds, and how their runs stand.
QString standing(const std::vector<QueuedRun> &runs)
{
    QStringList texts;
    for (const QueuedRun &run : runs)
        texts << QStringLiteral("%1 %2")
                     .arg(run.spec.seed)
                     .arg(fromText(std::string(queuedStateName(run.state))));
    return texts.join(QStringLiteral(", "));
}

} // namespace

/// Several runs one after the other, in the window.
class TestQueueWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        qputenv("LOSSLAB_HOME", m_home->path().toUtf8());
        openWindow();
    }
    void cleanup()
    {
        m_window.reset();
        m_home.reset();
    }

    /// Ctrl+Shift+R thrice, the last one first by Alt+Up, and all run through, each in a folder of its own.
    void runsFollowEachOtherInTheOrderChosen()
    {
        addShort(1);
        addShort(2);
        addShort(3);
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 waiting, 2 waiting, 3 waiting"));
        QVERIFY(!m_window->trainingPanel()); // nothing begins unasked
        QVERIFY(footer().message().contains(QLatin1String("3 runs wait in the queue")));
        QCOMPARE(footerButton().text(), QStringLiteral("Queue: 3 wait"));

        QueueTable &table = show().table();
        table.setCurrentIndex(table.model()->index(2, 0));
        QTest::keyClick(&table, Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(&table, Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(&table, Qt::Key_Up, Qt::AltModifier); // there is nothing above
        QCOMPARE(standing(queue().runs()), QStringLiteral("3 waiting, 1 waiting, 2 waiting"));
        QCOMPARE(table.currentIndex().row(), 0); // the one that was moved

        QSignalSpy ended(&queue(), &QueueController::ended);
        button("queueStart").click();
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, patience);
        QCOMPARE(standing(queue().runs()), QStringLiteral("3 finished, 1 finished, 2 finished"));
        std::set<std::filesystem::path> folders;
        QString before;
        for (const QueuedRun &run : queue().runs()) {
            const auto record = readRun(run.folder);
            QVERIFY2(record, record ? "" : record.error().message.c_str());
            QCOMPARE(record->state, RunState::Finished);
            QCOMPARE(record->spec.seed, run.spec.seed);
            QVERIFY(run.seconds >= 0);
            folders.insert(run.folder);
        }
        QCOMPARE(folders.size(), std::size_t(3));
        QVERIFY2(footer().message().contains(QLatin1String("3 runs finished")),
                 qPrintable(footer().message()));
        QCOMPARE(footerButton().text(), QStringLiteral("Queue: 3 ended"));
        QVERIFY(!banner().isVisible());
        QVERIFY(label("queueTime").contains(QLatin1String("of training in all")));
    }

    /// Its settings are those that were set when it was added, whatever the form says when its turn comes.
    void theFormIsLeftAlone()
    {
        addShort(1);
        m_window->select("function-fit");
        const RunSpec before = form().spec();
        m_window->select("gradient-norm");
        set("seed", "77");
        runAll();
        QCOMPARE(form().spec().seed, std::uint64_t(77));
        QCOMPARE(m_window->currentPanel().controller().spec().seed, std::uint64_t(1));
        m_window->select("function-fit");
        QVERIFY(form().spec().parameters == before.parameters);
    }

    void whatFailsDoesNotStopTheRest()
    {
        addShort(1);
        addFailing(2);
        addShort(3);
        runAll();
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 finished, 2 failed, 3 finished"));
        QVERIFY(QString::fromStdString(queue().runs()[1].message).contains(QLatin1String("diverged")));
        QVERIFY(banner().isVisible());
        QCOMPARE(banner().kind(), Banner::Kind::Error);
        QVERIFY2(banner().text().contains(QStringLiteral("2 runs finished, 1 failed (“Gradient norm”)")),
                 qPrintable(banner().text()));
        QCOMPARE(footerButton().text(), QStringLiteral("Queue: 3 ended, 1 failed"));
        press(banner().findChild<QPushButton *>(QStringLiteral("bannerAction")), Qt::Key_Space);
        QVERIFY(dialog() && dialog()->isVisible());
        QVERIFY(cell(1, QueueModel::Standing).contains(QLatin1String("diverged")));
    }

    /// As where another LossLab put them there, or their data set has gone.
    void whatCannotBeginDoesNotStopTheRest()
    {
        RunQueue other;
        RunSpec gone = makeSpec(**makeExperiment("cnn-mnist"), Preset::Quick);
        gone.data = m_home->filePath(QStringLiteral("no <b>data</b>")).toStdString();
        QVERIFY(other.add({gone}));
        addShort(5);
        runAll();
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 failed, 5 finished"));
        QVERIFY(!queue().runs()[0].message.empty());
        show();
        const QString tip =
            dialog()->table().model()->index(0, QueueModel::Standing).data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains(QLatin1String("&lt;b&gt;")) && !tip.contains(QLatin1String("<b>")),
                 qPrintable(tip));
    }

    void aWrongSettingIsNotAdded()
    {
        set("hidden", "many");
        QAction &add = *m_window->actions().addToQueue;
        QVERIFY(!add.isEnabled());
        QVERIFY(add.toolTip().contains(QLatin1String("Hidden layers")));
        show();
        QVERIFY(!button("queueAdd").isEnabled());
        QCOMPARE(button("queueAdd").toolTip(), add.toolTip());
        QTest::keyClick(m_window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(queue().runs().empty());
        set("hidden", "4");
        QVERIFY(add.isEnabled());
    }

    void allExperimentsAreAddedWithAPreset()
    {
        m_window->actions().setDevice(Device::Cpu);
        m_window->actions().queueAll->trigger();
        auto *all = m_window->findChild<QueueAllDialog *>();
        QVERIFY(all);
        auto *preset = all->findChild<QComboBox *>(QStringLiteral("queueAllPreset"));
        preset->setCurrentIndex(preset->findText(QStringLiteral("Quick")));
        QStringList without;
        for (const ExperimentFactory make : registry())
            if (!make()->offers(Preset::Quick))
                without << fromText(make()->info().title);
        const QString note = all->findChild<QLabel *>(QStringLiteral("queueAllNote"))->text();
        for (const QString &title : without)
            QVERIFY2(note.contains(title), qPrintable(title));
        all->accept();
        QCOMPARE(queue().runs().size(), registry().size());
        for (std::size_t i = 0; i < registry().size(); ++i) {
            const RunSpec &spec = queue().runs()[i].spec;
            QCOMPARE(spec.experiment, registry()[i]()->info().id);
            QCOMPARE(spec.device, Device::Cpu);
            QVERIFY(spec.parameters == makeSpec(*registry()[i](), Preset::Quick).parameters);
        }
        QVERIFY(dialog() && dialog()->isVisible());
        QVERIFY(!m_window->trainingPanel());
    }

    void whatIsTakenOutIsPutBack()
    {
        addShort(1);
        addShort(2);
        addShort(3);
        QueueTable &table = show().table();
        table.setCurrentIndex(table.model()->index(1, 0));
        QTest::keyClick(&table, Qt::Key_Delete);
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 waiting, 3 waiting"));
        QCOMPARE(table.currentIndex().row(), 1); // the next
        activate(*dialog());
        QTest::keyClick(&table, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 waiting, 2 waiting, 3 waiting"));
        button("queueClear").click();
        QVERIFY(queue().runs().empty());
        QVERIFY(label("queueStanding").contains(QLatin1String("The queue is empty")));
        QVERIFY(!m_window->actions().startQueue->isEnabled());
        QVERIFY(!footerButton().isVisible());
        button("queueUndo").click();
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 waiting, 2 waiting, 3 waiting"));
        QVERIFY(!button("queueUndo").isEnabled());
    }

    void rowsAreDraggedToAnotherPlace()
    {
        for (int seed = 1; seed <= 4; ++seed)
            addShort(seed);
        QueueTable &table = show().table();
        drop(table, 0, 2, false); // before the third
        QTRY_COMPARE(standing(queue().runs()), QStringLiteral("2 waiting, 1 waiting, 3 waiting, 4 waiting"));
        drop(table, 3, 0, false);
        QTRY_COMPARE(standing(queue().runs()), QStringLiteral("4 waiting, 2 waiting, 1 waiting, 3 waiting"));
        drop(table, 0, 3, true); // behind the last
        QTRY_COMPARE(standing(queue().runs()), QStringLiteral("2 waiting, 1 waiting, 3 waiting, 4 waiting"));
        drop(table, 1, 1, true); // where it is
        QTest::qWait(0);
        QCOMPARE(standing(queue().runs()), QStringLiteral("2 waiting, 1 waiting, 3 waiting, 4 waiting"));
        QCOMPARE(table.model()->rowCount(), 4);
    }

    void stopEndsTheRunAndPausesTheQueue()
    {
        addLong(1);
        addShort(2);
        m_window->actions().startQueue->trigger();
        waitForPoints();
        QCOMPARE(footerButton().text(), QStringLiteral("Queue: run 1 of 2"));
        m_window->actions().stop->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->trainingPanel(), patience);
        QTest::qWait(100);
        QVERIFY(!m_window->trainingPanel());
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 stopped, 2 waiting"));
        QVERIFY2(banner().text().contains(QLatin1String("The queue is paused: 1 run waits.")),
                 qPrintable(banner().text()));
        QSignalSpy ended(&queue(), &QueueController::ended);
        press(banner().findChild<QPushButton *>(QStringLiteral("bannerAction")), Qt::Key_Space);
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, patience);
        QVERIFY(!banner().isVisible());
        QVERIFY(footer().message().contains(QLatin1String("1 run finished, 1 was stopped")));
    }

    void theQueueIsPausedBehindTheRunThatGoesOn()
    {
        addLong(1);
        addShort(2);
        show();
        button("queueStart").click();
        waitForPoints();
        QVERIFY(button("queueStart").text().contains(QLatin1String("Pause")));
        button("queueStart").click();
        QVERIFY(m_window->trainingPanel()); // which goes on
        QVERIFY(label("queueStanding").contains(QLatin1String("Pauses when this run has ended")));
        button("queueStart").click(); // changed one's mind
        QVERIFY(queue().isOn());
        button("queueStart").click();
        m_window->trainingPanel()->controller().stop();
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->trainingPanel(), patience);
        QTest::qWait(100);
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 stopped, 2 waiting"));
        QVERIFY(banner().isVisible());
    }

    /// Run was pressed before.
    void theQueueWaitsForARunThatIsNotItsOwn()
    {
        addShort(2);
        makeLong(1);
        m_window->actions().run->trigger();
        waitForPoints();
        show();
        button("queueStart").click();
        QTest::qWait(100);
        QCOMPARE(standing(queue().runs()), QStringLiteral("2 waiting"));
        QVERIFY(label("queueStanding").contains(QLatin1String("Begins when the run that goes on has ended")));
        QSignalSpy ended(&queue(), &QueueController::ended);
        m_window->trainingPanel()->controller().stop(); // it has come to its end
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, patience);
        QCOMPARE(standing(queue().runs()), QStringLiteral("2 finished"));
    }

    void otherExperimentsAreLookedAtMeanwhile()
    {
        addLong(1);
        m_window->actions().startQueue->trigger();
        waitForPoints();
        m_window->select("function-fit");
        QVERIFY(!m_window->actions().run->isEnabled());
        QVERIFY(m_window->actions().addToQueue->isEnabled());
        m_window->actions().addToQueue->trigger();
        QCOMPARE(queue().waiting(), 1);
        QVERIFY(m_window->findChild<QLabel *>(QStringLiteral("progressText"))
                    ->text()
                    .contains(QLatin1String("Gradient norm")));
        QCOMPARE(m_window->currentPanel().experiment().info().id, std::string("function-fit"));
    }

    void aRunThatHasEndedOpensWithAClick()
    {
        addShort(1);
        addShort(2);
        runAll();
        m_window->select("function-fit");
        QueueTable &table = show().table();
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, center(table, 0, QueueModel::Run));
        QTRY_VERIFY_WITH_TIMEOUT(isShown(0), patience); // the second is the panel's last, the first is read
        m_window->select("function-fit");
        table.setCurrentIndex(table.model()->index(1, 0));
        QTest::keyClick(&table, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(isShown(1), patience);
        QVERIFY(dialog()->isVisible()); // Return closes nothing
    }

    /// Nothing begins unasked; what trained when the window was closed is the first again.
    void theQueueIsKeptOverARestart()
    {
        addLong(1);
        addShort(2);
        addShort(3);
        m_window->actions().startQueue->trigger();
        waitForPoints();
        m_window->setCloseQuestion([] { return true; });
        m_window->close();
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->isVisible(), patience);
        m_window.reset();

        openWindow();
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 interrupted, 2 waiting, 3 waiting"));
        QVERIFY2(banner().isVisible() && banner().text().contains(QLatin1String("3 runs wait in the queue")),
                 qPrintable(banner().text()));
        QVERIFY(banner().text().contains(QLatin1String("ended while the first of them trained")));
        QTest::qWait(200);
        QVERIFY(!m_window->trainingPanel());
        banner().findChild<QToolButton *>(QStringLiteral("bannerClose"))->click(); // later
        show();
        QVERIFY(cell(0, QueueModel::Standing).startsWith(QLatin1String("Interrupted")));
        dialog()->table().setCurrentIndex(dialog()->table().model()->index(0, 0));
        QTest::keyClick(&dialog()->table(), Qt::Key_Delete);
        runAll();
        QCOMPARE(standing(queue().runs()), QStringLiteral("2 finished, 3 finished"));

        m_window.reset();
        openWindow();
        QVERIFY(!banner().isVisible()); // nothing waits
        QCOMPARE(footerButton().text(), QStringLiteral("Queue: 2 ended"));
    }

    /// In its own folder, with all that it had.
    void whatWasInterruptedGoesOnWhereItWasLeft()
    {
        addLong(1);
        m_window->actions().startQueue->trigger();
        waitForPoints();
        const std::filesystem::path folder = controller().folder();
        m_window->setCloseQuestion([] { return true; });
        m_window->close();
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->isVisible(), patience);
        const std::size_t before = pointsIn(controller().data());
        QVERIFY(before > 0);
        m_window.reset();

        openWindow();
        m_window->actions().startQueue->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->trainingPanel() && controller().folder() == folder, patience);
        QTRY_VERIFY_WITH_TIMEOUT(pointsIn(controller().data()) > before, patience);
        m_window->actions().stop->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->trainingPanel(), patience);
        const auto record = readRun(folder);
        QVERIFY2(record, record ? "" : record.error().message.c_str());
        QVERIFY2(record->unread.empty(), record->unread.empty() ? "" : record->unread.front().c_str());
        QCOMPARE(pointsIn(record->data), pointsIn(controller().data()));
        const auto &epochs = record->data.charts().front().series.front().repeats.front().x;
        QVERIFY(std::adjacent_find(epochs.begin(), epochs.end(), std::greater_equal<>()) == epochs.end());
        QCOMPARE(queue().runs()[0].folder, folder);
    }

    void whatCannotGoOnIsTrainedAnew()
    {
        const std::filesystem::path folder = toPath(m_home->filePath(QStringLiteral("gone")));
        {
            RunQueue killed;
            QVERIFY(killed.add({shortSpec(1)}));
            QVERIFY(*killed.claim());
            QVERIFY(killed.setFolder((*killed.beginNext())->id, folder));
        }
        m_window.reset();
        openWindow();
        runAll();
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 finished"));
        QVERIFY(queue().runs()[0].folder != folder);
        const auto &log = controller().log();
        QVERIFY(std::any_of(log.begin(), log.end(), [](const LogLine &line) {
            return line.level == NoteEvent::Level::Warning
                   && line.text.contains(QLatin1String("trained anew"));
        }));
    }

    /// As where the program was killed: nobody runs it, and the file says that it runs.
    void whatAKilledProgramRanIsTheFirstAgain()
    {
        {
            RunQueue killed;
            QVERIFY(killed.add({shortSpec(1), shortSpec(2)}));
            QVERIFY(*killed.claim() && *killed.beginNext());
        }
        m_window.reset();
        openWindow();
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 interrupted, 2 waiting"));
        QVERIFY(banner().isVisible());
        runAll();
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 finished, 2 finished"));
    }

    void anotherWindowRunsIt()
    {
        RunQueue other;
        QVERIFY(other.add({shortSpec(1), shortSpec(2)}));
        QVERIFY(*other.claim() && *other.beginNext());
        show();
        QVERIFY(label("queueStanding").contains(QLatin1String("Another window of LossLab runs the queue")));
        QVERIFY(!button("queueStart").isEnabled());
        QCOMPARE(cell(0, QueueModel::Standing), QStringLiteral("Running elsewhere"));
        addShort(3); // which the other one runs
        QVERIFY(other.refresh());
        QCOMPARE(standing(other.runs()), QStringLiteral("1 running, 2 waiting, 3 waiting"));
        QVERIFY(other.end(1, QueuedState::Finished, {}, 1));
        other.release();
        queue().start(); // before this window has seen it
        QSignalSpy ended(&queue(), &QueueController::ended);
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, patience);
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 finished, 2 finished, 3 finished"));
    }

    void aWindowThatIsKilledLeavesTheQueueToTheOther()
    {
        auto other = std::make_unique<RunQueue>();
        QVERIFY(other->add({shortSpec(1), shortSpec(2)}));
        QVERIFY(*other->claim() && *other->beginNext());
        show();
        QVERIFY(!button("queueStart").isEnabled());
        other.reset();
        QTRY_VERIFY_WITH_TIMEOUT(button("queueStart").isEnabled(), patience);
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 interrupted, 2 waiting"));
    }

    void aDamagedQueueIsToldOnce()
    {
        std::ofstream(m_home->filePath(QStringLiteral("queue.json")).toStdString()) << "{ damaged <b>";
        m_window.reset();
        openWindow();
        QVERIFY2(banner().isVisible() && banner().text().contains(QLatin1String("queue-damaged-")),
                 qPrintable(banner().text()));
        banner().hide();
        show();
        queue().refresh();
        QVERIFY(!banner().isVisible());
        addShort(1);
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 waiting"));
    }

    void whatCannotBeKeptDoesNotBegin()
    {
        addShort(1);
        platform::limitRoom([](std::size_t) { return std::size_t{0}; });
        const auto unlimited = qScopeGuard([] { platform::limitRoom({}); });
        m_window->actions().startQueue->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(banner().isVisible(), patience);
        QVERIFY2(banner().text().contains(QLatin1String("no more room")), qPrintable(banner().text()));
        QVERIFY(!queue().isOn() && !m_window->trainingPanel());
        addShort(2); // is told again
        QVERIFY(banner().text().contains(QLatin1String("no more room")));
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 waiting"));
        platform::limitRoom({});
        runAll();
        QCOMPARE(standing(queue().runs()), QStringLiteral("1 finished"));
    }

    void whatIsLeftIsToldWhereItIsKnown()
    {
        addShort(1);
        show();
        QTRY_VERIFY_WITH_TIMEOUT(
            label("queueTime").contains(QLatin1String("Time left not known: 1 run was not timed")), patience);
        QCOMPARE(cell(0, QueueModel::Time), QStringLiteral("–"));
        runAll();
        addShort(2); // the same but for the seed
        QTRY_VERIFY_WITH_TIMEOUT(cell(1, QueueModel::Time).startsWith(QLatin1String("about ")), patience);
        QVERIFY2(label("queueTime").contains(QLatin1String("left")), qPrintable(label("queueTime")));
    }

    void theDialogIsOnASmallScreen()
    {
        addShort(1);
        show().resize(860, 464);
        QTest::qWait(0);
        QVERIFY2(dialog()->minimumSizeHint().width() <= 860,
                 qPrintable(QString::number(dialog()->minimumSizeHint().width())));
        QVERIFY(dialog()->minimumSizeHint().height() <= 464);
        for (const QPushButton *one : dialog()->findChildren<QPushButton *>()) {
            QVERIFY2(dialog()->rect().contains(QRect(one->mapTo(dialog(), QPoint()), one->size())),
                     qPrintable(one->text()));
            QVERIFY(!one->accessibleName().isEmpty() || one->text().size() > 1);
        }
        m_window->resize(910, 512);
        QTest::qWait(0);
        QCOMPARE(m_window->size(), QSize(910, 512));
    }

private:
    void openWindow()
    {
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        activate(*m_window);
        m_window->select("gradient-norm");
    }
    QueueController &queue() { return m_window->queue(); }
    StatusFooter &footer() { return *m_window->findChild<StatusFooter *>(); }
    QToolButton &footerButton() { return *footer().findChild<QToolButton *>(QStringLiteral("queueButton")); }
    Banner &banner() { return *m_window->findChild<Banner *>(QStringLiteral("queueBanner")); }
    QueueDialog *dialog() { return m_window->findChild<QueueDialog *>(); }
    RunController &controller() { return m_window->currentPanel().controller(); }
    ParameterForm &form() { return m_window->currentPanel().form(); }
    QueueDialog &show()
    {
        m_window->actions().showQueue->trigger();
        return *dialog();
    }
    QPushButton &button(const char *name) { return *dialog()->findChild<QPushButton *>(QLatin1String(name)); }
    QString label(const char *name) { return dialog()->findChild<QLabel *>(QLatin1String(name))->text(); }
    QString cell(int row, int column)
    {
        return dialog()->table().model()->index(row, column).data().toString();
    }
    void set(const char *key, const char *text)
    {
        if (auto *box = form().findChild<QComboBox *>(QLatin1String(key)))
            return box->setCurrentIndex(box->findText(QLatin1String(text), Qt::MatchFixedString));
        form().findChild<QLineEdit *>(QLatin1String(key))->setText(QLatin1String(text));
    }
    void add()
    {
        activate(*m_window);
        QTest::keyClick(m_window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    }
    static void activate(QWidget &window)
    {
        window.activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), &window);
    }
    void makeShort(int seed)
    {
        form().reset();
        set("hidden", "4");
        set("epochs", "5");
        set("repeats", "1");
        set("seed", QByteArray::number(seed).constData());
    }
    void addShort(int seed)
    {
        makeShort(seed);
        add();
    }
    void makeLong(int seed)
    {
        makeShort(seed);
        const Parameter &epochs = *m_window->currentPanel().experiment().findParameter("epochs");
        set("epochs", QByteArray::number(static_cast<qint64>(epochs.info().kind->limits()->max)).constData());
    }
    void addLong(int seed)
    {
        makeLong(seed);
        add();
    }
    /// Its steps are so long that the loss is soon no longer a number.
    void addFailing(int seed)
    {
        makeShort(seed);
        set("epochs", "500");
        set("optimizer", "SGD");
        set("lr", "10");
        add();
    }
    static RunSpec shortSpec(std::uint64_t seed)
    {
        RunSpec spec = makeSpec(**makeExperiment("gradient-norm"), Preset::Quick);
        *spec.find("epochs") = std::int64_t{5};
        spec.repeats = 1;
        spec.seed = seed;
        return spec;
    }
    void runAll()
    {
        QSignalSpy ended(&queue(), &QueueController::ended);
        m_window->actions().startQueue->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, patience);
        QVERIFY(!queue().isOn());
    }
    void waitForPoints()
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_window->trainingPanel(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->trainingPanel()->controller().progress().done > 0, patience);
    }
    bool isShown(std::size_t row)
    {
        const RunController &shown = m_window->currentPanel().controller();
        return shown.folder() == queue().runs()[row].folder;
    }
    static void press(QWidget *widget, Qt::Key key)
    {
        widget->setFocus();
        QTest::keyClick(widget, key);
    }
    static QPoint center(QueueTable &table, int row, int column)
    {
        return table.visualRect(table.model()->index(row, column)).center();
    }
    /// The row is let go on another one, in its upper or lower half.
    static void drop(QueueTable &table, int row, int on, bool below)
    {
        table.setCurrentIndex(table.model()->index(row, 0));
        const QRect where = table.visualRect(table.model()->index(on, 0));
        const QPoint at(where.center().x(), below ? where.bottom() - 1 : where.top() + 1);
        const std::unique_ptr<QMimeData> data(table.model()->mimeData({table.currentIndex()}));
        QDragEnterEvent enter(at, Qt::MoveAction, data.get(), Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(table.viewport(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(at, Qt::MoveAction, data.get(), Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(table.viewport(), &event);
    }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestQueueWindow)
#include "test_queuewindow.moc"
