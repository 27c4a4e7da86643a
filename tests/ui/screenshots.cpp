#include "showcase.h"

#include "experiments/registry.h"
#include "lab/experiment.h"
#include "lab/rundata.h"
#include "ui/banner.h"
#include "ui/chartgrid.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentpanel.h"
#include "ui/exporter.h"
#include "ui/mainwindow.h"
#include "ui/parameterform.h"
#include "ui/text.h"
#include "ui/theme.h"
#include "ui/windowactions.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QHash>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QTabWidget>
#include <QThread>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>

/// losslab_screenshots FOLDER [--all] [EXPERIMENT…]: opens the real window, runs each experiment's quick
/// preset in it, and leaves pictures of the window, light and dark. With --all, pictures of every state and
/// size, of exported charts, and of a declaration that has charts of every kind.
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

constexpr QSize laptop(1366, 768);
constexpr QSize desktop(1920, 1080);
constexpr QSize smallest(910, 512);

int distance(QRgb a, QRgb b)
{
    return std::abs(qRed(a) - qRed(b)) + std::abs(qGreen(a) - qGreen(b)) + std::abs(qBlue(a) - qBlue(b));
}

/// Up to 256 colours, those of most pixels first but none like another, in place of those next to them: a
/// third of the file's size.
QImage fewColors(const QImage &image)
{
    QHash<QRgb, int> count;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            ++count[image.pixel(x, y)];
    QList<QRgb> colors = count.keys();
    std::sort(colors.begin(), colors.end(), [&](QRgb a, QRgb b) {
        return std::pair(count[a], a) > std::pair(count[b], b); // in one order, however the hash has them
    });
    QList<QRgb> chosen;
    for (const QRgb color : colors) {
        const auto isLike = [color](QRgb other) { return distance(color, other) < 12; };
        if (chosen.size() < 256 && std::none_of(chosen.begin(), chosen.end(), isLike))
            chosen << color;
    }
    return image.convertToFormat(QImage::Format_Indexed8, chosen, Qt::ThresholdDither);
}

class Photographer
{
public:
    Photographer(fs::path folder, bool all) : m_folder(std::move(folder)), m_all(all)
    {
        fs::create_directories(m_folder);
        m_window.show();
    }

    bool shoot(const std::string &id)
    {
        m_window.select(id);
        letEventsRun(300);
        ExperimentPanel &panel = m_window.currentPanel();
        RunController &controller = panel.controller();
        further(id + "-empty", laptop);
        panel.form().setPreset(Preset::Quick);
        m_window.actions().run->trigger();
        while (controller.isActive() && controller.data().progress().done < 0.3)
            letEventsRun(20);
        further(id + "-running", laptop);
        while (controller.isActive())
            letEventsRun(20);
        if (controller.state() != RunState::Finished) {
            fmt::print(stderr, "{}: {}\n", id, controller.message());
            return false;
        }
        take(id, laptop, Theme::Light);
        further(id + "-desktop", desktop);
        further(id + "-smallest", smallest);
        return !m_all || (shootStates(id, panel), exportExample(panel));
    }

    /// A panel of every kind of chart, outside of the window, which shows registered experiments alone.
    void shootShowcase(int repeats)
    {
        auto showcase = std::make_unique<Showcase>();
        RunRecord record = showcase->record(repeats);
        ExperimentPanel panel(std::move(showcase));
        panel.open(std::move(record));
        panel.show();
        auto &tabs = *panel.findChild<QTabWidget *>(QStringLiteral("details"));
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            applyTheme(*qApp, theme);
            for (const QSize &size : {laptop, desktop}) {
                panel.resize(size);
                letEventsRun(200);
                save(panel,
                     fmt::format("showcase-{}-{}-{}", repeats, size.width(), themeName(theme).toStdString()));
                tabs.setCurrentIndex(1 - tabs.currentIndex());
            }
        }
        exportExample(panel);
    }

private:
    void shootStates(const std::string &id, ExperimentPanel &panel)
    {
        auto *number = panel.form().findChild<QLineEdit *>(QStringLiteral("seed"));
        number->setText(QStringLiteral("many"));
        panel.form().findChild<QLineEdit *>(QStringLiteral("repeats"))->setText(QStringLiteral("5"));
        for (QComboBox *box : panel.form().findChildren<QComboBox *>())
            if (box->isEditable())
                box->setEditText(QStringLiteral("exp(-x^2) * cos(9x)"));
        panel.banner().showMessage(
            Banner::Kind::Error,
            QStringLiteral("There is no more room for “metrics.jsonl”. Make room and run again. "
                           "The points until then are kept and shown."),
            QStringLiteral("Show log"));
        panel.charts().toggleEnlarged();
        further(id + "-wrong", laptop);
        panel.charts().enlarge(nullptr);
        panel.banner().hide();
        panel.form().reset();
        shootDropDowns(id);
        m_window.actions().help->trigger();
        further(id + "-help", laptop);
        m_window.actions().exportAll->trigger();
        letEventsRun(200);
        for (ExportDialog *dialog : m_window.findChildren<ExportDialog *>()) {
            dialog->grab().save(fromPath(m_folder / (id + "-export.png")));
            dialog->reject();
        }
    }

    /// Every drop-down and menu, opened over the window, with its second entry pointed at.
    void shootDropDowns(const std::string &id)
    {
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            m_window.setTheme(theme);
            const std::string end = fmt::format("-{}", themeName(theme).toStdString());
            for (QComboBox *box : m_window.findChildren<QComboBox *>()) {
                if (!box->isVisible())
                    continue;
                box->showPopup();
                saveWith(*box->view()->window(), id + "-opening-" + box->objectName().toStdString() + end);
                box->view()->setCurrentIndex(box->model()->index(1, 0));
                saveWith(*box->view()->window(), id + "-opened-" + box->objectName().toStdString() + end);
                box->hidePopup();
            }
            int number = 0;
            for (QMenu *menu : m_window.findChildren<QMenu *>()) {
                if (menu->actions().size() < 2)
                    continue;
                menu->popup(m_window.mapToGlobal(QPoint(300, 60)));
                menu->setActiveAction(menu->actions()[1]);
                saveWith(*menu, fmt::format("{}-menu-{}{}", id, ++number, end));
                menu->close();
            }
        }
    }

    void saveWith(QWidget &popup, const std::string &name)
    {
        letEventsRun(50);
        QPixmap picture = m_window.grab();
        QPainter painter(&picture);
        painter.drawPixmap(m_window.mapFromGlobal(popup.pos()), popup.grab());
        painter.end();
        picture.save(fromPath(m_folder / (name + ".png")));
    }

    void further(const std::string &name, QSize size)
    {
        if (!m_all)
            return;
        take(name, size, Theme::Light);
        take(name + "-dark", size, Theme::Dark);
    }

    void take(const std::string &name, QSize size, Theme theme)
    {
        m_window.setTheme(theme);
        m_window.resize(size);
        letEventsRun(100);
        save(m_window, name);
    }

    void save(QWidget &widget, const std::string &name)
    {
        constexpr int smallest = 0;
        fewColors(widget.grab().toImage()).save(fromPath(m_folder / (name + ".png")), "png", smallest);
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
    bool m_all;
    MainWindow m_window;
};

} // namespace

} // namespace losslab::ui

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QStringList arguments = QApplication::arguments().mid(1);
    const bool all = arguments.removeAll(QStringLiteral("--all")) > 0;
    if (arguments.isEmpty()) {
        fmt::print(stderr, "losslab_screenshots FOLDER [--all] [EXPERIMENT…]\n");
        return 2;
    }
    losslab::ui::Photographer photographer(losslab::ui::toPath(arguments.takeFirst()), all);
    bool good = true;
    if (all && (arguments.isEmpty() || arguments.contains(QStringLiteral("showcase")))) {
        photographer.shootShowcase(1);
        photographer.shootShowcase(3);
    }
    for (const losslab::ExperimentFactory make : losslab::registry()) {
        const std::string id = make()->info().id;
        if (arguments.isEmpty() || arguments.contains(losslab::ui::fromText(id)))
            good = photographer.shoot(id) && good;
    }
    return good ? 0 : 1;
}
