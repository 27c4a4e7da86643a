#pragma once

#include <chrono>
#include <mutex>

namespace losslab {

/// The time that a run has trained: it stands while anything holds the run (a pause, a full disk, a
/// download), also where several do at once. Any thread may ask and tell.
class TrainingClock
{
public:
    using Clock = std::chrono::steady_clock;

    explicit TrainingClock(Clock::time_point now = Clock::now()) : m_begun(now) {}

    /// One more thing holds the run.
    void hold(Clock::time_point now = Clock::now())
    {
        const std::lock_guard lock(m_mutex);
        if (m_holds++ == 0)
            m_heldSince = now;
    }
    /// One of them no longer does.
    void release(Clock::time_point now = Clock::now())
    {
        const std::lock_guard lock(m_mutex);
        if (--m_holds == 0)
            m_begun += now - m_heldSince;
    }
    double seconds(Clock::time_point now = Clock::now()) const
    {
        const std::lock_guard lock(m_mutex);
        return std::chrono::duration<double>((m_holds > 0 ? m_heldSince : now) - m_begun).count();
    }

private:
    mutable std::mutex m_mutex;
    Clock::time_point m_begun; ///< moved on by what the holds took
    Clock::time_point m_heldSince;
    int m_holds = 0;
};

} // namespace losslab
