#include "base/platform.h"
#include "runs/runjson.h"
#include "ui/banner.h"
#include "ui/experimentpanel.h"
#include "ui/librarydialog.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>

/// What the window does with the library of runs.
namespace losslab::ui {

/// Beside the window: one goes on looking at charts.
void MainWindow::showLibrary()
{
    if (!m_libraryDialog) {
        m_libraryDialog = new LibraryDialog(platform::runsFolder(), RunIndex::standardCache(), this);
        connect(m_libraryDialog, &LibraryDialog::openAsked, this, &MainWindow::openRun);
        connect(m_libraryDialog, &LibraryDialog::settingsAsked, this, &MainWindow::useSettingsOf);
        connect(m_libraryDialog, &LibraryDialog::runAgainAsked, this,
                [this](const std::filesystem::path &folder) {
                    if (useSettingsOf(folder))
                        m_actions->run->trigger();
                });
        connect(m_libraryDialog, &LibraryDialog::revealAsked, this, &MainWindow::openFolder);
    }
    m_libraryDialog->show();
    m_libraryDialog->raise();
    m_libraryDialog->activateWindow();
}

/// In the form of its experiment, where typed settings can be had back by undo. False where they cannot be
/// read, which is told.
bool MainWindow::useSettingsOf(const std::filesystem::path &folder)
{
    const auto record = readRunJson(folder / "run.json");
    if (!record) {
        currentPanel().banner().showMessage(
            Banner::Kind::Error,
            tr("The settings of this run cannot be read. %1").arg(fromText(record.error().message)));
        return false;
    }
    select(record->spec.experiment);
    currentPanel().form().setSpec(record->spec, tr("The run's settings"));
    return true;
}

} // namespace losslab::ui
