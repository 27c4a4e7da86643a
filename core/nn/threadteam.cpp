#include "nn/threadteam.h"

#include "nn/device.h"

namespace losslab {

namespace {

constexpr int looks = 4000; ///< before a thread sleeps: some tens of microseconds

/// Waits until the value is no longer this one.
void waitWhile(const std::atomic<std::uint32_t> &value, std::uint32_t now)
{
    for (int i = 0; i < looks; ++i) {
        if (value.load(std::memory_order_acquire) != now)
            return;
#if defined(__x86_64__) || defined(_M_X64)
        __builtin_ia32_pause();
#endif
    }
    while (value.load(std::memory_order_acquire) == now)
        value.wait(now, std::memory_order_acquire);
}

} // namespace

ThreadTeam::ThreadTeam(std::size_t threads)
{
    for (std::size_t thread = 1; thread < threads; ++thread)
        m_threads.emplace_back([this, thread] { serve(thread); });
}

ThreadTeam::~ThreadTeam()
{
    m_work = nullptr;
    m_piece.fetch_add(1, std::memory_order_release);
    m_piece.notify_all();
}

void ThreadTeam::run(const std::function<void(std::size_t)> &work)
{
    if (m_threads.empty())
        return work(0);
    m_work = &work;
    m_busy.store(static_cast<std::uint32_t>(m_threads.size()), std::memory_order_relaxed);
    m_piece.fetch_add(1, std::memory_order_release);
    m_piece.notify_all();
    work(0);
    while (const std::uint32_t busy = m_busy.load(std::memory_order_acquire))
        waitWhile(m_busy, busy);
}

void ThreadTeam::serve(std::size_t thread)
{
    setThreads(1);
    for (std::uint32_t piece = 0;; ++piece) {
        waitWhile(m_piece, piece);
        if (!m_work)
            return;
        (*m_work)(thread);
        if (m_busy.fetch_sub(1, std::memory_order_release) == 1)
            m_busy.notify_one();
    }
}

} // namespace losslab
