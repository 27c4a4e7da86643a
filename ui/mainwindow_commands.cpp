#include "lab/experiment.h"
#include "nn/device.h"
#include "store/platform.h"
#include "ui/banner.h"
#include "ui/chartgrid.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentpanel.h"
#include "ui/helpview.h"
#include "ui/mainwindow.h"
#include "ui/statusfooter.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QDialog>
#include <QFile>
#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

/// What the window does with charts and run folders, and what it says of itself.
namespace losslab::ui {

namespace {

QUrl urlOf(const std::filesystem::path &folder)
{
    return QUrl::fromLocalFile(fromPath(folder));
}

} // namespace

void MainWindow::exportAll()
{
    openExport({});
}

void MainWindow::exportChart()
{
    openExport(currentPanel().charts().current()->info().id);
}

void MainWindow::openExport(const std::string &preselected)
{
    ExperimentPanel &panel = currentPanel();
    auto *dialog = new ExportDialog(panel.experiment(), panel.charts().charts(), preselected,
                                    panel.controller().folder() / "charts", m_settings, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, run = panel.controller().folder()] {
        ExportRequest request = dialog->request();
        request.run = run;
        writeExport(request);
    });
    dialog->open();
}

void MainWindow::writeExport(const ExportRequest &request)
{
    ExperimentPanel &panel = currentPanel();
    const auto files =
        losslab::ui::exportCharts(request, panel.experiment().info().id, panel.controller().data(),
                                  fromText(caption(panel.controller().spec(), panel.experiment())));
    if (!files) {
        panel.banner().showMessage(Banner::Kind::Error,
                                   tr("The export did not succeed. %1").arg(fromText(files.error().message)));
        return;
    }
    if (files->empty()) {
        m_footer->showMessage(tr("There is nothing to export yet: no chart has points, no table rows."));
        return;
    }
    const QString what =
        files->size() == 1 ? fromPath(files->front().filename()) : tr("%1 files").arg(files->size());
    m_footer->showMessage(tr("Exported %1.").arg(what), tr("Open folder"), urlOf(request.folder));
}

void MainWindow::copyChart()
{
    ExperimentPanel &panel = currentPanel();
    const ChartWidget &chart = *panel.charts().current();
    const ChartData *data = panel.controller().data().findChart(chart.info().id);
    if (!data || data->empty())
        return;
    ChartPicture picture;
    picture.caption = fromText(caption(panel.controller().spec(), panel.experiment()));
    QApplication::clipboard()->setImage(chartImage(chart, *data, picture));
    m_footer->showMessage(tr("Copied “%1”.").arg(fromText(chart.info().title)));
}

void MainWindow::openRunFolder()
{
    QDesktopServices::openUrl(urlOf(currentPanel().controller().folder()));
}

void MainWindow::chooseRun()
{
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Folder of a run"), fromPath(platform::runsFolder()));
    if (!folder.isEmpty())
        openRun(toPath(folder));
}

/// The page stays beside the window, to be compared with.
void MainWindow::showComparison()
{
    QFile page(QStringLiteral(":/help/comparison.md"));
    if (!page.open(QIODevice::ReadOnly))
        return;
    const QString title = m_actions->comparison->text();
    auto *dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new HelpView(title, QString::fromUtf8(page.readAll()), dialog));
    dialog->resize(920, 720);
    dialog->show();
}

void MainWindow::showShortcuts()
{
    QMessageBox box(QMessageBox::NoIcon, tr("Keyboard shortcuts"), m_actions->shortcutList(),
                    QMessageBox::Close, this);
    box.exec();
}

void MainWindow::showAbout()
{
    const QString text =
        tr("<h3>LossLab %1</h3><p>Classic experiments on how networks learn, live.</p>"
           "<p>Qt %2 · LibTorch %3<br>%4</p>"
           "<p>Free software under the GNU General Public License, version 3 or later.</p>")
            .arg(QApplication::applicationVersion(), QString::fromLatin1(qVersion()),
                 fromText(libTorchVersion()),
                 fromText(deviceDescription(m_actions->device() == Device::Auto
                                                ? resolveDevice(Device::Auto).value_or(Device::Cpu)
                                                : m_actions->device(),
                                            platform::cpuCount()))
                     .toHtmlEscaped());
    QMessageBox::about(this, tr("About LossLab"), text);
}

bool MainWindow::askClose()
{
    QMessageBox box(QMessageBox::Question, tr("LossLab"), tr("Training is running. Stop and close?"),
                    QMessageBox::NoButton, this);
    box.setInformativeText(tr("Everything up to now is kept."));
    QPushButton *stop = box.addButton(tr("Stop and close"), QMessageBox::AcceptRole);
    QPushButton *keep = box.addButton(tr("Keep running"), QMessageBox::RejectRole);
    box.setDefaultButton(stop);
    box.setEscapeButton(keep);
    box.exec();
    return box.clickedButton() == stop;
}

} // namespace losslab::ui
