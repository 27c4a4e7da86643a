#include "base/device.h"
#include "base/platform.h"
#include "lab/experiment.h"
#include "ui/banner.h"
#include "ui/chartgrid.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentpanel.h"
#include "ui/figuresview.h"
#include "ui/helpview.h"
#include "ui/mainwindow.h"
#include "ui/queuecontroller.h"
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
#include <QScreen>
#include <QTextBrowser>
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

/// What could not be done before is over with it.
void MainWindow::tellDone(const QString &text, const QString &linkText, const QUrl &link)
{
    currentPanel().forgetFailure();
    m_footer->showMessage(text, linkText, link);
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
    const auto files = losslab::ui::exportCharts(
        request, panel.experiment().info().id, panel.controller().data(),
        fromText(pictureCaption(panel.controller().spec(), panel.experiment(), panel.controller().data())));
    if (!files) {
        panel.banner().showMessage(Banner::Kind::Error,
                                   tr("Export failed. %1").arg(fromText(files.error().message)));
        return;
    }
    if (files->empty()) {
        m_footer->showMessage(
            tr("There is nothing to export yet: no chart has points, and no table has rows."));
        return;
    }
    const QString what =
        files->size() == 1 ? fromPath(files->front().filename()) : tr("%1 files").arg(files->size());
    tellDone(tr("Exported %1.").arg(what), tr("Open folder"), urlOf(request.folder));
}

/// Beside the run's tables, in the form that the file's name asks for.
void MainWindow::exportResults()
{
    ExperimentPanel &panel = currentPanel();
    auto *dialog = new QFileDialog(this, tr("Export results"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("CSV (*.csv)"), tr("Markdown (*.md)"), tr("LaTeX (*.tex)")});
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    const auto followFilter = [dialog](const QString &filter) {
        dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1));
    };
    connect(dialog, &QFileDialog::filterSelected, dialog, followFilter);
    dialog->setDirectory(fromPath(panel.controller().folder()));
    dialog->selectFile(fromText(panel.experiment().info().id + "-results"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString &file) { writeResults(toPath(file)); });
    dialog->open();
}

void MainWindow::writeResults(const std::filesystem::path &file)
{
    ExperimentPanel &panel = currentPanel();
    const std::string suffix = file.extension().string();
    QString text = csvTable(panel.results().values());
    if (suffix == ".md")
        text = markdownTable(panel.results().shownTexts());
    else if (suffix == ".tex")
        text = latexTable(panel.results().shownTexts());
    if (const auto written = platform::writeFileAtomically(file, text.toStdString()); !written)
        return panel.banner().showMessage(Banner::Kind::Error,
                                          tr("Export failed. %1").arg(fromText(written.error().message)));
    tellDone(tr("Exported %1.").arg(fromPath(file.filename())), tr("Open folder"), urlOf(file.parent_path()));
}

void MainWindow::copyChart()
{
    ExperimentPanel &panel = currentPanel();
    ChartWidget &chart = *panel.charts().current();
    if (!chart.data() || chart.data()->empty())
        return;
    ChartPicture picture;
    picture.caption =
        fromText(pictureCaption(panel.controller().spec(), panel.experiment(), panel.controller().data()));
    QApplication::clipboard()->setImage(chartImage({&chart}, picture));
    m_footer->showMessage(tr("Copied “%1”.").arg(fromText(chart.info().title)));
}

void MainWindow::openRunFolder()
{
    openFolder(currentPanel().controller().folder());
}

void MainWindow::openFolder(const std::filesystem::path &folder)
{
    QDesktopServices::openUrl(urlOf(folder));
}

void MainWindow::chooseRun()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open the folder of a run"),
                                                             fromPath(platform::runsFolder()));
    if (!folder.isEmpty())
        openRun(toPath(folder));
}

/// The page stays beside the window, to be compared with.
void MainWindow::showComparison()
{
    QFile page(QStringLiteral(":/help/comparison.md"));
    if (!page.open(QIODevice::ReadOnly))
        return;
    const QString title = m_actions->comparison->iconText();
    showPage(title, new HelpView(title, QString::fromUtf8(page.readAll())));
}

void MainWindow::showShortcuts()
{
    const QString title = m_actions->shortcuts->iconText();
    auto *view = new QTextBrowser;
    view->setAccessibleName(title);
    view->document()->setDocumentMargin(2 * gridStep);
    view->setHtml(m_actions->shortcutList());
    showPage(title, view);
}

/// In a window of its own, no larger than the screen.
void MainWindow::showPage(const QString &title, QWidget *view)
{
    auto *dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(view);
    dialog->resize(QSize(920, 720).boundedTo(screen()->availableSize() - QSize(8, 6) * gridStep));
    dialog->show();
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
    QMessageBox box(QMessageBox::Question, tr("LossLab"), tr("A run is still going. Stop it and close?"),
                    QMessageBox::NoButton, this);
    box.setInformativeText(m_queue->waiting() > 0 || m_queue->current()
                               ? tr("Everything so far is kept, the queue as well.")
                               : tr("Everything so far is kept."));
    QPushButton *stop = box.addButton(tr("Stop and close"), QMessageBox::AcceptRole);
    QPushButton *keep = box.addButton(tr("Keep running"), QMessageBox::RejectRole);
    box.setDefaultButton(keep); // Enter, pressed without reading, ends no run
    box.setEscapeButton(keep);
    box.exec();
    return box.clickedButton() == stop;
}

} // namespace losslab::ui
