#include "ui/desktopnotice.h"

#include <QApplication>
#include <QSystemTrayIcon>
#include <QTimer>
#include <QWidget>

namespace losslab::ui {

namespace {

constexpr int shownFor = 15000; // ms

} // namespace

void notifyDesktop(QWidget &window, const QString &title, const QString &text)
{
    if (QApplication::activeWindow())
        return;
    QApplication::alert(&window);
    if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages())
        return;
    auto *tray = new QSystemTrayIcon(window.windowIcon(), &window); // notices come from one
    QObject::connect(tray, &QSystemTrayIcon::messageClicked, &window, [&window] {
        window.raise();
        window.activateWindow();
    });
    tray->show();
    tray->showMessage(title, text, window.windowIcon(), shownFor);
    QTimer::singleShot(shownFor, tray, &QObject::deleteLater);
}

} // namespace losslab::ui
