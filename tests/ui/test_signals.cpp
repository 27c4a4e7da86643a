#include "experiments/registry.h"
#include "lab/experiment.h"
#include "runs/runrecord.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/settings.h"
#include "ui/window.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QDirIterator>
#include <QLineEdit>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <csignal>

using namespace losslab;
using namespace losslab::ui;

namespace {

constexpr int patience = 120000; // ms
const auto asWindow = QStringLiteral("--as-window");

/// What a person does in the window: a run that lasts, begun with a setting typed.
void startLongRun()
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        auto *window = qobject_cast<MainWindow *>(widget);
        if (!window)
            continue;
        window->select("gradient-norm");
        ParameterForm &form = window->currentPanel().form();
        form.findChild<QLineEdit *>(QStringLiteral("hidden"))->setText(QStringLiteral("7"));
        const double most =
            window->currentPanel().experiment().findParameter("epochs")->info().kind->limits()->max;
        form.findChild<QLineEdit *>(QStringLiteral("epochs"))->setText(QString::number(most, 'f', 0));
        if (!window->actions().run->isEnabled())
            qFatal("%s", qPrintable(window->actions().run->toolTip()));
        window->actions().run->trigger();
        if (QApplication::arguments().contains(QStringLiteral("--asked")))
            QTimer::singleShot(0, window, &QWidget::close); // the question whether to stop stands open
    }
}

/// The window itself, as the program opens it.
int showWindow(QApplication &application)
{
    QTimer::singleShot(0, &application, startLongRun);
    return runWindow(application, std::nullopt);
}

} // namespace

/// What becomes of the window and its run when the session ends.
class TestSignals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theRunIsStoppedAndEverythingKept_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("SIGTERM") << SIGTERM << QStringList();
        QTest::newRow("SIGHUP") << SIGHUP << QStringList();
        QTest::newRow("SIGINT") << SIGINT << QStringList();
        QTest::newRow("while it asks whether to stop") << SIGTERM << QStringList{QStringLiteral("--asked")};
    }
    void theRunIsStoppedAndEverythingKept();
};

void TestSignals::theRunIsStoppedAndEverythingKept()
{
    QFETCH(int, signal);
    QFETCH(QStringList, arguments);
    const QTemporaryDir home;
    QProcess window;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LOSSLAB_HOME"), home.path());
    window.setProcessEnvironment(environment);
    window.start(QApplication::applicationFilePath(), QStringList{asWindow} + arguments);
    QString journal;
    const auto hasPoints = [&] {
        QDirIterator files(home.path(), {QStringLiteral("metrics.jsonl")}, QDir::Files,
                           QDirIterator::Subdirectories);
        journal = files.hasNext() ? files.next() : QString();
        return QFileInfo(journal).size() > 0 || window.state() == QProcess::NotRunning;
    };
    QVERIFY(QTest::qWaitFor(hasPoints, patience));
    QVERIFY2(window.state() == QProcess::Running, window.readAllStandardError());
    ::kill(static_cast<pid_t>(window.processId()), signal);
    QVERIFY(window.waitForFinished(patience));
    QCOMPARE(window.exitStatus(), QProcess::NormalExit);
    QCOMPARE(window.exitCode(), 130); // as the commands

    const Result<RunRecord> record = readRun(QFileInfo(journal).path().toStdString());
    QVERIFY2(record, record ? "" : record.error().message.c_str());
    QCOMPARE(record->state, RunState::Stopped);
    QVERIFY(QFile::exists(QFileInfo(journal).path() + QStringLiteral("/summary.json")));
    const QSettings settings(home.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    QCOMPARE(settings.value(QStringLiteral("gradient-norm/hidden")).toString(), QStringLiteral("7"));
    QCOMPARE(settings.value(QStringLiteral("window/experiment")).toString(), QStringLiteral("gradient-norm"));
    QVERIFY(settings.contains(QStringLiteral("window/geometry")));
}

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    if (QApplication::arguments().contains(asWindow))
        return showWindow(application);
    TestSignals test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_signals.moc"
