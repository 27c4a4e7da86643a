#pragma once

#include <QCoreApplication>
#include <QEvent>
#include <QPointer>
#include <QRunnable>
#include <QThreadPool>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace losslab::ui {

/// Work in the thread pool, its outcome in the context's thread. Qt's locks would do to hand over what the
/// other thread wrote; by the flags, the thread sanitizer sees it as well.
template <class Outcome>
class BackgroundJob final : public QObject, public QRunnable
{
public:
    using Work = std::function<Outcome()>;
    using Then = std::function<void(Outcome)>;

    /// `then` is not called where the context is gone by then.
    static void start(QObject *context, Work work, Then then)
    {
        auto *job = new BackgroundJob(context, std::move(work), std::move(then));
        job->m_begun.store(true, std::memory_order_release);
        QThreadPool::globalInstance()->start(job);
    }

    /// Where the program ends before the outcome is delivered.
    ~BackgroundJob() override { (void)m_done.load(std::memory_order_acquire); }

    void run() override
    {
        (void)m_begun.load(std::memory_order_acquire);
        m_outcome.emplace(m_work());
        QEvent *const end = m_end.release();
        m_done.store(true, std::memory_order_release);
        QCoreApplication::postEvent(this, end);
    }

protected:
    void customEvent(QEvent *) override
    {
        (void)m_done.load(std::memory_order_acquire);
        if (m_context)
            m_then(*std::move(m_outcome));
        deleteLater();
    }

private:
    BackgroundJob(QObject *context, Work work, Then then)
        : QObject(qApp), m_context(context), m_work(std::move(work)), m_then(std::move(then))
    {
        setAutoDelete(false);
    }

    QPointer<QObject> m_context;
    Work m_work;
    Then m_then;
    std::optional<Outcome> m_outcome;
    std::unique_ptr<QEvent> m_end = std::make_unique<QEvent>(QEvent::User); ///< which all filters look at
    std::atomic<bool> m_begun{false};
    std::atomic<bool> m_done{false};
};

} // namespace losslab::ui
