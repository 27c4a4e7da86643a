#include "base/platform.h"
#include "lab/experiment.h"
#include "ui/banner.h"
#include "ui/desktopnotice.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/queuealldialog.h"
#include "ui/queuecontroller.h"
#include "ui/queuedialog.h"
#include "ui/statusfooter.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>
#include <algorithm>

/// What the window does with the queue.
namespace losslab::ui {

namespace {

QString waitingText(int waiting)
{
    return waiting == 1 ? MainWindow::tr("1 run waits in the queue")
                        : MainWindow::tr("%1 runs wait in the queue").arg(waiting);
}

} // namespace

void MainWindow::setUpQueue()
{
    m_queue = new QueueController(
        [this](const QueuedRun &run, const QueueController::Begun &begun) { beginQueued(run, begun); },
        [this] { return trainingPanel() != nullptr; }, this);
    m_queueBanner->setObjectName(QStringLiteral("queueBanner"));
    connect(m_queue, &QueueController::changed, this, &MainWindow::updateQueue);
    connect(m_queue, &QueueController::failed, this,
            [this](const QString &sentence) { m_queueBanner->showMessage(Banner::Kind::Error, sentence); });
    connect(m_queue, &QueueController::paused, this, [this] {
        const int waiting = m_queue->waiting();
        m_queueBanner->showMessage(Banner::Kind::Info,
                                   waiting == 1 ? tr("The queue is paused: 1 run waits.")
                                                : tr("The queue is paused: %1 runs wait.").arg(waiting),
                                   tr("Start queue"), [this] { m_queue->start(); });
    });
    connect(m_queue, &QueueController::ended, this, &MainWindow::tellQueueEnded);
    connect(m_footer, &StatusFooter::queueAsked, this, &MainWindow::showQueue);
    connect(m_actions->addToQueue, &QAction::triggered, this, &MainWindow::addToQueue);
    connect(m_actions->queueAll, &QAction::triggered, this, &MainWindow::queueAll);
    connect(m_actions->showQueue, &QAction::triggered, this, &MainWindow::showQueue);
    connect(m_actions->startQueue, &QAction::triggered, this,
            [this] { m_queue->isOn() ? m_queue->pause() : m_queue->start(); });
}

/// One that was interrupted goes on where it was left; where it cannot, it is trained anew.
void MainWindow::beginQueued(const QueuedRun &run, const QueueController::Begun &begun)
{
    ExperimentPanel &itsPanel = panel(run.spec.experiment);
    const auto startAnew = [&itsPanel, begun, spec = run.spec](const std::vector<std::string> &notes) {
        if (const auto started = itsPanel.start(spec); !started)
            return begun(tl::unexpected(started.error()));
        itsPanel.controller().warn(notes);
        begun(&itsPanel.controller());
    };
    if (run.state != QueuedState::Interrupted || run.folder.empty())
        return startAnew({});
    itsPanel.continueRun(
        run.folder, [&itsPanel, begun, startAnew, folder = run.folder](const Result<void> &continued) {
            if (continued)
                begun(&itsPanel.controller());
            else if (platform::isBeingAppended(folder / "metrics.jsonl")) // somebody goes on with it
                begun(tl::unexpected(continued.error()));
            else
                startAnew({"It is trained anew: " + continued.error().message});
        });
}

/// What an earlier start has left: never begun unasked.
void MainWindow::offerQueue()
{
    if (!m_queue->restore())
        return;
    const auto &runs = m_queue->runs();
    const auto interrupted = std::find_if(
        runs.begin(), runs.end(), [](const QueuedRun &run) { return run.state == QueuedState::Interrupted; });
    QString text = tr("%1.").arg(waitingText(m_queue->waiting()));
    if (interrupted != runs.end())
        text += QLatin1Char(' ')
                + (m_queue->waiting() == 1 ? tr("LossLab ended while it trained.")
                                           : tr("LossLab ended while the first of them trained."));
    m_queueBanner->showMessage(Banner::Kind::Info, text, tr("Start queue"), [this] { m_queue->start(); });
}

void MainWindow::addToQueue()
{
    if (const QString problem = currentPanel().form().problem(); problem.isEmpty())
        addRuns({currentPanel().form().spec()});
}

void MainWindow::queueAll()
{
    auto *dialog = new QueueAllDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        addRuns(dialog->specs());
        showQueue();
    });
    dialog->open();
}

void MainWindow::addRuns(std::vector<RunSpec> specs)
{
    for (RunSpec &spec : specs)
        spec.device = m_actions->device();
    if (m_queue->add(specs))
        m_footer->showMessage(
            specs.size() == 1
                ? tr("Added. %1.").arg(waitingText(m_queue->waiting()))
                : tr("Added %1 runs. %2.").arg(specs.size()).arg(waitingText(m_queue->waiting())));
}

/// Beside the window: one goes on looking at charts.
void MainWindow::showQueue()
{
    if (!m_queueDialog) {
        m_queueDialog = new QueueDialog(
            *m_queue, {m_actions->addToQueue, m_actions->queueAll, m_actions->startQueue, m_actions->stop},
            this);
        connect(m_queueDialog, &QueueDialog::openAsked, this, &MainWindow::openQueued);
    }
    m_queueDialog->show();
    m_queueDialog->raise();
    m_queueDialog->activateWindow();
}

void MainWindow::openQueued(std::int64_t id)
{
    const auto &runs = m_queue->runs();
    const auto run =
        std::find_if(runs.begin(), runs.end(), [id](const QueuedRun &one) { return one.id == id; });
    if (run == runs.end())
        return;
    const auto known = m_panels.find(run->spec.experiment);
    if (known != m_panels.end() && known->second->controller().folder() == run->folder)
        select(run->spec.experiment); // it is there, and may go on
    else
        openRun(run->folder);
}

void MainWindow::updateQueue()
{
    const QString problem = currentPanel().form().problem();
    m_actions->addToQueue->setEnabled(problem.isEmpty());
    m_actions->addToQueue->setToolTip(
        plainTip(problem.isEmpty()
                     ? tr("Train with the settings on the right when those before have ended (Ctrl+Shift+R)")
                     : tr("A setting is wrong. %1").arg(problem)));
    const bool on = m_queue->isOn(), elsewhere = m_queue->runsElsewhere();
    m_actions->startQueue->setText(on ? tr("Pause queue af&ter this run") : tr("S&tart queue"));
    m_actions->startQueue->setEnabled(on || (m_queue->waiting() > 0 && !elsewhere));
    m_actions->startQueue->setToolTip(plainTip(elsewhere ? tr("Another window of LossLab runs the queue.")
                                               : on      ? tr("The run that goes on is not stopped")
                                                         : tr("Run what waits, one after the other")));
    m_actions->stop->setToolTip(
        plainTip(on ? tr("Stop the training and pause the queue; everything so far is kept (Ctrl+.)")
                    : tr("Stop the training; everything so far is kept (Ctrl+.)")));
    m_footer->showQueue(queueText());
    if ((on || m_queue->waiting() == 0) && m_queueBanner->kind() == Banner::Kind::Info)
        m_queueBanner->hide(); // it offered to start it
}

QString MainWindow::queueText() const
{
    const auto &runs = m_queue->runs();
    const auto ended =
        std::count_if(runs.begin(), runs.end(), [](const QueuedRun &run) { return isEnded(run.state); });
    const auto failed = std::count_if(runs.begin(), runs.end(),
                                      [](const QueuedRun &run) { return run.state == QueuedState::Failed; });
    if (m_queue->current())
        return tr("Queue: run %1 of %2").arg(ended + 1).arg(runs.size());
    if (m_queue->waiting() > 0)
        return m_queue->waiting() == 1 ? tr("Queue: 1 waits") : tr("Queue: %1 wait").arg(m_queue->waiting());
    if (failed > 0)
        return tr("Queue: %1 ended, %2 failed").arg(ended).arg(failed);
    return ended > 0 ? tr("Queue: %1 ended").arg(ended) : QString();
}

void MainWindow::tellQueueEnded(const QueueOutcome &outcome)
{
    const QString text = outcomeText(outcome);
    const QString sentence = tr("The queue has ended: %1.").arg(text);
    if (outcome.failed.isEmpty())
        m_footer->showMessage(sentence);
    else
        m_queueBanner->showMessage(Banner::Kind::Error, sentence, tr("Show queue"), [this] { showQueue(); });
    notifyDesktop(*this, tr("LossLab's queue has ended"), text);
}

} // namespace losslab::ui
