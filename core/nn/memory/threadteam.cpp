#include "nn/memory/threadteam.h"

#include "base/device.h"

#include <system_error>
#include <utility>

namespace losslab {

namespace {

constexpr int looks = 4000; ///< before a thread sleeps: tens of microseconds, or a few times that

/// Waits until the value is no longer this one.
void waitWhile(const std::atomic<std::uint32_t> &value, std::uint32_t now)
{
    for (int i = 0; i < looks; ++i) {
        if (value.load(std::memory_order_acquire) != now)
            return;
#if defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        asm volatile("yield");
#endif
    }
    while (value.load(std::memory_order_acquire) == now)
        value.wait(now, std::memory_order_acquire);
}

} // namespace

ThreadTeam::~ThreadTeam()
{
    disband();
}

void ThreadTeam::resize(std::size_t threads)
{
    if (threads == m_wished)
        return;
    disband();
    m_wished = threads;
    try {
        for (std::size_t thread = 1; thread < threads; ++thread)
            m_threads.emplace_back([this, thread, piece = m_piece.load()] { serve(thread, piece); });
    } catch (const std::system_error &) { // fewer threads than wished for will do
    }
}

void ThreadTeam::disband()
{
    m_work = nullptr;
    m_piece.fetch_add(1, std::memory_order_release);
    m_piece.notify_all();
    m_threads.clear();
}

void ThreadTeam::run(const std::function<void(std::size_t)> &work)
{
    if (m_threads.empty())
        return work(0);
    m_work = &work;
    m_busy.store(static_cast<std::uint32_t>(m_threads.size()), std::memory_order_relaxed);
    m_piece.fetch_add(1, std::memory_order_release);
    m_piece.notify_all();
    doPiece(work, 0);
    while (const std::uint32_t busy = m_busy.load(std::memory_order_acquire))
        waitWhile(m_busy, busy);
    if (m_failure)
        std::rethrow_exception(std::exchange(m_failure, nullptr));
}

void ThreadTeam::doPiece(const std::function<void(std::size_t)> &work, std::size_t thread)
{
    try {
        work(thread);
    } catch (...) {
        const std::lock_guard lock(m_failureMutex);
        if (!m_failure)
            m_failure = std::current_exception();
    }
}

/// Works on the pieces after this one.
void ThreadTeam::serve(std::size_t thread, std::uint32_t piece)
{
    setThreads(1);
    for (;; ++piece) {
        waitWhile(m_piece, piece);
        if (!m_work)
            return;
        doPiece(*m_work, thread);
        if (m_busy.fetch_sub(1, std::memory_order_release) == 1)
            m_busy.notify_one();
    }
}

} // namespace losslab
