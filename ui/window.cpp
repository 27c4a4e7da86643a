#include "ui/window.h"

#include "ui/mainwindow.h"

#include <QApplication>
#include <QScreen>
#include <QStyle>

namespace losslab::ui {

namespace {

/// With the frame that the desktop puts around it.
bool fitsScreen(const QWidget &window)
{
    const QSize room = window.screen()->availableSize();
    return window.width() <= room.width()
           && window.height() + window.style()->pixelMetric(QStyle::PM_TitleBarHeight) <= room.height();
}

} // namespace

int runWindow(QApplication &application, const std::optional<std::filesystem::path> &runFolder)
{
    QApplication::setApplicationName(QStringLiteral("LossLab"));
    QApplication::setApplicationVersion(QStringLiteral(LOSSLAB_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.losslab.LossLab"));
    MainWindow window;
    if (runFolder)
        window.openRun(*runFolder);
    if (fitsScreen(window))
        window.show();
    else
        window.showMaximized();
    return application.exec();
}

} // namespace losslab::ui
