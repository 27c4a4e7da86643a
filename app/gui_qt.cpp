#include "app/gui.h"

#include "app/output.h"
#include "ui/charts/chartexport.h"
#include "ui/window.h"

#include <QApplication>
#include <QFontDatabase>
#include <cstdlib>

namespace losslab::app {

namespace {

/// Qt ends the process where it cannot reach the display; this says so in a sentence first.
void endOnFatal(QtMsgType type, const QMessageLogContext &, const QString &message)
{
    if (type == QtDebugMsg || type == QtInfoMsg)
        return;
    tell("{}\n", message.toStdString());
    if (type != QtFatalMsg)
        return;
    tell("The window could not be opened. The commands work without one: see losslab --help.\n");
    std::_Exit(3);
}

/// Qt's remarks on a session without a desktop mean nothing to a command.
void dropRemarks(QtMsgType type, const QMessageLogContext &, const QString &message)
{
    if (type == QtCriticalMsg || type == QtFatalMsg)
        tell("{}\n", message.toStdString());
}

} // namespace

bool hasGui()
{
    return true;
}

std::string qtVersion()
{
    return qVersion();
}

bool hasDisplay()
{
    return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
           || !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
}

Result<int> openWindow(int argc, char **argv, const std::optional<std::filesystem::path> &opened)
{
    if (!hasDisplay())
        return dataError("There is no display to open the window on. The commands work without one: "
                         "see losslab --help.");
    const QtMessageHandler standard = qInstallMessageHandler(endOnFatal);
    QApplication application(argc, argv);
    qInstallMessageHandler(standard);
    QApplication::setApplicationName("LossLab");
    QApplication::setApplicationVersion(LOSSLAB_VERSION);
    QApplication::setDesktopFileName("org.losslab.LossLab");
    return ui::runWindow(application, opened);
}

/// Qt wants an application object for charts even where no window is shown.
struct Painter::Impl
{
    int argc = 1;
    char name[8] = "losslab";
    char *argv[2] = {name, nullptr};
    QApplication application{argc, argv};
};

Painter::Painter()
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QtMessageHandler standard = qInstallMessageHandler(dropRemarks);
    m_impl = std::make_unique<Impl>();
    qInstallMessageHandler(standard);
}

Painter::~Painter() = default;

namespace {

ui::ChartPicture pictureOf(const PictureSize &size, const std::string &caption)
{
    ui::ChartPicture picture;
    picture.size = {size.width, size.height};
    picture.dpi = size.dpi;
    picture.caption = QString::fromStdString(caption);
    return picture;
}

ui::DrawnCharts drawnOf(const ChartStack &charts)
{
    ui::DrawnCharts drawn;
    for (const ChartData *chart : charts)
        drawn.push_back({chart->info, *chart});
    return drawn;
}

} // namespace

std::optional<std::string> Painter::roomProblem(const std::vector<ChartStack> &pictures,
                                                const PictureSize &size, const std::string &caption)
{
    std::vector<ui::PlannedPicture> planned;
    for (const ChartStack &charts : pictures)
        planned.push_back({drawnOf(charts), pictureOf(size, caption)});
    return ui::roomProblem(planned);
}

Result<void> Painter::draw(const ChartStack &charts, const PictureSize &size, std::optional<Spread> spread,
                           const std::string &caption, const std::filesystem::path &file)
{
    ui::ChartPicture picture = pictureOf(size, caption);
    picture.spread = spread;
    return ui::exportPicture(drawnOf(charts), picture, file);
}

int Painter::fontFamilies() const
{
    return static_cast<int>(QFontDatabase::families().size());
}

} // namespace losslab::app
