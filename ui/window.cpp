#include "ui/window.h"

#include "base/platform.h"
#include "ui/mainwindow.h"

#include <QApplication>
#include <QScreen>
#include <QStyle>
#include <memory>
#include <mutex>

namespace losslab::ui {

namespace {

constexpr int endedBySignal = 130;

/// Hands interrupts, which come in a thread of their own, to the window for as long as there is one.
class Interrupts
{
public:
    explicit Interrupts(MainWindow &window) : m_ear(std::make_shared<Ear>())
    {
        m_ear->window = &window;
        platform::onInterrupt([ear = m_ear] {
            const std::lock_guard lock(ear->mutex);
            ear->rung = true;
            if (ear->window)
                QMetaObject::invokeMethod(ear->window, &MainWindow::end, Qt::QueuedConnection);
        });
    }
    ~Interrupts()
    {
        const std::lock_guard lock(m_ear->mutex);
        m_ear->window = nullptr;
    }
    Interrupts(const Interrupts &) = delete;
    Interrupts &operator=(const Interrupts &) = delete;

    bool came() const
    {
        const std::lock_guard lock(m_ear->mutex);
        return m_ear->rung;
    }

private:
    struct Ear
    {
        std::mutex mutex;
        MainWindow *window = nullptr;
        bool rung = false;
    };
    std::shared_ptr<Ear> m_ear;
};

/// With the frame that the desktop puts around it.
bool fitsScreen(const QWidget &window)
{
    const QSize room = window.screen()->availableSize();
    return window.width() <= room.width()
           && window.height() + window.style()->pixelMetric(QStyle::PM_TitleBarHeight) <= room.height();
}

} // namespace

int runWindow(QApplication &, const std::optional<std::filesystem::path> &runFolder)
{
    QApplication::setApplicationName(QStringLiteral("LossLab"));
    QApplication::setApplicationVersion(QStringLiteral(LOSSLAB_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.losslab.LossLab"));
    MainWindow window;
    const Interrupts interrupts(window);
    if (runFolder)
        window.openRun(*runFolder);
    if (fitsScreen(window))
        window.show();
    else
        window.showMaximized();
    const int code = QApplication::exec();
    return interrupts.came() ? endedBySignal : code;
}

} // namespace losslab::ui
