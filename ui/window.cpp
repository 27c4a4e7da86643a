#include "ui/window.h"

#include "base/platform.h"
#include "ui/mainwindow.h"

#include <QApplication>
#include <QEvent>
#include <QScreen>
#include <QStyle>
#include <memory>
#include <mutex>

namespace losslab::ui {

namespace {

constexpr int endedBySignal = 130;

/// Hands interrupts, which come in a thread of their own, to the window for as long as there is one.
class Interrupts final : public QObject
{
public:
    explicit Interrupts(MainWindow &window) : m_window(window), m_ear(std::make_shared<Ear>())
    {
        m_ear->listener = this;
        platform::onInterrupt([ear = m_ear] {
            const std::lock_guard lock(ear->mutex);
            ear->rung = true;
            if (ear->listener && ear->ring)
                QCoreApplication::postEvent(ear->listener, ear->ring.release());
        });
    }
    ~Interrupts() override
    {
        const std::lock_guard lock(m_ear->mutex);
        m_ear->listener = nullptr;
    }

    bool came() const
    {
        const std::lock_guard lock(m_ear->mutex);
        return m_ear->rung;
    }

protected:
    void customEvent(QEvent *) override
    {
        {
            const std::lock_guard lock(m_ear->mutex);
            m_ear->ring = newRing();
        }
        m_window.end();
    }

private:
    static std::unique_ptr<QEvent> newRing() { return std::make_unique<QEvent>(QEvent::User); }

    struct Ear
    {
        std::mutex mutex;
        QObject *listener = nullptr;
        /// The next to be posted. Made in the window's thread, so that what is shared with the other is
        /// handed over by our mutex alone, which the thread sanitizer sees, and not by Qt's.
        std::unique_ptr<QEvent> ring = newRing();
        bool rung = false;
    };

    MainWindow &m_window;
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

int runWindow(QApplication &, const std::optional<std::filesystem::path> &opened)
{
    QApplication::setApplicationName(QStringLiteral("LossLab"));
    QApplication::setApplicationVersion(QStringLiteral(LOSSLAB_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.losslab.LossLab"));
    MainWindow window;
    const Interrupts interrupts(window);
    if (opened)
        window.open(*opened);
    if (fitsScreen(window))
        window.show();
    else
        window.showMaximized();
    const int code = QApplication::exec();
    return interrupts.came() ? endedBySignal : code;
}

} // namespace losslab::ui
