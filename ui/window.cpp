#include "ui/window.h"

#include "ui/mainwindow.h"

#include <QApplication>

namespace losslab::ui {

int runWindow(QApplication &application, const std::optional<std::filesystem::path> &runFolder)
{
    QApplication::setApplicationName(QStringLiteral("LossLab"));
    QApplication::setApplicationVersion(QStringLiteral(LOSSLAB_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.losslab.LossLab"));
    MainWindow window;
    if (runFolder)
        window.openRun(*runFolder);
    window.show();
    return application.exec();
}

} // namespace losslab::ui
