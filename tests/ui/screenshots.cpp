#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/rundata.h"
#include "ui/chartgrid.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentpanel.h"
#include "ui/exporter.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/text.h"
#include "ui/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QElapsedTimer>
#include <QThread>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>

/// losslab_screenshots FOLDER [EXPERIMENT…]: opens the real window, runs each experiment's quick preset in
/// it, and leaves pictures of the window, light and dark, and of an exported chart.
namespace losslab::ui {

namespace {

namespace fs = std::filesystem;

void letEventsRun(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    do {
        QApplication::processEvents(QEventLoop::AllEvents, 10);
        QThread::msleep(5);
    } while (!timer.hasExpired(milliseconds));
}

class Photographer
{
public:
    explicit Photographer(fs::path folder) : m_folder(std::move(folder)) { fs::create_directories(m_folder); }

    bool shoot(const std::string &id)
    {
        m_window.show();
        m_window.select(id);
        letEventsRun(300);
        take(id + "-empty", {1366, 768}, Theme::Light);
        ExperimentPanel &panel = m_window.currentPanel();
        panel.form().setPreset(Preset::Quick);
        m_window.actions().run->trigger();
        RunController &controller = panel.controller();
        while (controller.isActive() && controller.data().progress().done < 0.5)
            letEventsRun(20);
        take(id + "-running", {1366, 768}, Theme::Light);
        while (controller.isActive())
            letEventsRun(20);
        if (controller.state() != RunState::Finished) {
            fmt::print(stderr, "{}: {}\n", id, controller.message());
            return false;
        }
        take(id, {1366, 768}, Theme::Light);
        take(id + "-dark", {1366, 768}, Theme::Dark);
        take(id + "-wide", {1920, 1080}, Theme::Light);
        take(id + "-wide-dark", {1920, 1080}, Theme::Dark);
        take(id + "-small", {1024, 640}, Theme::Light);
        return exportExample(panel);
    }

private:
    void take(const std::string &name, QSize size, Theme theme)
    {
        m_window.setTheme(theme);
        m_window.resize(size);
        letEventsRun(200);
        m_window.grab().save(fromPath(m_folder / (name + ".png")));
    }

    bool exportExample(ExperimentPanel &panel)
    {
        ExportRequest request;
        request.charts = panel.charts().charts();
        request.formats = {ExportFormat::Png};
        request.picture.size = {1004, 638};
        request.picture.dpi = 300;
        request.folder = m_folder / "charts";
        const QString caption = fromText(losslab::caption(panel.controller().spec(), panel.experiment()));
        const auto files =
            exportCharts(request, panel.experiment().info().id, panel.controller().data(), caption);
        if (!files)
            fmt::print(stderr, "{}\n", files.error().message);
        return files.has_value();
    }

    fs::path m_folder;
    MainWindow m_window;
};

} // namespace

} // namespace losslab::ui

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() < 2) {
        fmt::print(stderr, "losslab_screenshots FOLDER [EXPERIMENT…]\n");
        return 2;
    }
    losslab::ui::Photographer photographer(losslab::ui::toPath(arguments[1]));
    bool good = true;
    for (const losslab::ExperimentFactory make : losslab::registry()) {
        const std::string id = make()->info().id;
        if (arguments.size() == 2 || arguments.mid(2).contains(losslab::ui::fromText(id)))
            good = photographer.shoot(id) && good;
    }
    return good ? 0 : 1;
}
