#include "experiments/registry.h"
#include "lab/experiment.h"
#include "runs/continuation.h"
#include "ui/banner.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"
#include "ui/runlibrary.h"
#include "ui/text.h"
#include "ui/trainlongerdialog.h"
#include "ui/windowactions.h"

#include <QAction>

/// What the window does with runs that are there: opens them, and goes on with them.
namespace losslab::ui {

namespace {

struct Length
{
    const Parameter *parameter = nullptr; ///< null: the run has no epochs
    std::int64_t epochs = 0;
};

Length lengthOf(const ExperimentPanel &panel)
{
    const RunSpec &spec = panel.controller().leftSpec();
    const Parameter *length = lengthParameter(spec, panel.experiment());
    const Value *value = length ? spec.find(length->info().key) : nullptr;
    const auto *epochs = value ? std::get_if<std::int64_t>(value) : nullptr;
    return epochs ? Length{length, *epochs} : Length();
}

} // namespace

void MainWindow::openRun(const std::filesystem::path &folder)
{
    readRunFolder(folder, this, [this](Result<RunRecord> record) {
        const auto refuse = [this](const std::string &message) {
            currentPanel().banner().showMessage(Banner::Kind::Error,
                                                tr("This run cannot be shown. %1").arg(fromText(message)));
        };
        if (!record)
            return refuse(record.error().message);
        if (const auto known = makeExperiment(record->spec.experiment); !known)
            return refuse(known.error().message);
        select(record->spec.experiment);
        if (currentPanel().controller().isActive())
            return refuse("This experiment is still running; stop it first, or wait.");
        currentPanel().open(std::move(*record));
    });
}

QString MainWindow::whyNotGoOn(bool longer)
{
    if (const ExperimentPanel *training = trainingPanel())
        return training == &currentPanel()
                   ? tr("Already running.")
                   : tr("“%1” is still running; stop it first, or wait.").arg(training->title());
    if (QString why = currentPanel().controller().whyNotContinued(longer); !why.isEmpty() || !longer)
        return why;
    const Length length = lengthOf(currentPanel());
    if (!length.parameter)
        return tr("This run has no number of epochs.");
    return mostMoreEpochs(length.parameter->info(), length.epochs) > 0
               ? QString()
               : tr("This run has as many epochs as there can be.");
}

void MainWindow::goOn()
{
    if (whyNotGoOn(false).isEmpty())
        currentPanel().goOn(0);
}

void MainWindow::trainLonger()
{
    if (!whyNotGoOn(true).isEmpty())
        return;
    ExperimentPanel &panel = currentPanel();
    const Length length = lengthOf(panel);
    auto *dialog = new TrainLongerDialog(length.parameter->info(), length.epochs, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, &panel, [this, dialog, &panel, folder = panel.controller().folder()] {
        if (&panel == &currentPanel() && panel.controller().folder() == folder && whyNotGoOn(true).isEmpty())
            panel.goOn(dialog->epochs());
    });
    dialog->open();
}

void MainWindow::updateGoOnActions()
{
    const QString whyNot = whyNotGoOn(false), whyNotLonger = whyNotGoOn(true);
    m_actions->goOn->setEnabled(whyNot.isEmpty());
    m_actions->goOn->setToolTip(
        plainTip(whyNot.isEmpty() ? tr("Go on with the run shown, where it was left (Ctrl+G)") : whyNot));
    m_actions->trainLonger->setEnabled(whyNotLonger.isEmpty());
    m_actions->trainLonger->setToolTip(
        plainTip(whyNotLonger.isEmpty() ? tr("Train the run shown for more epochs (Ctrl+T)") : whyNotLonger));
    if (!trainingPanel() && currentPanel().controller().isWrittenElsewhere())
        m_actions->stop->setToolTip(tr("Another LossLab is training the run shown. Stop it there."));
    m_actions->offerToGoOn(!whyNot.isEmpty() && whyNotLonger.isEmpty() ? *m_actions->trainLonger
                                                                       : *m_actions->goOn);
}

} // namespace losslab::ui
