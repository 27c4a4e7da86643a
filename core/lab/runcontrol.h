#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace losslab {

/// Stop and pause, as asked for by the person; waited on by the tasks.
class RunControl
{
public:
    void requestStop();
    /// For tests: as if the stop came when it is asked for the nth time.
    void requestStopAtQuestion(std::int64_t n) { m_questions = n; }
    void setPaused(bool paused);
    bool stopRequested() const
    {
        if (m_questions > 0 && --m_questions == 0)
            m_stop = true;
        return m_stop;
    }
    bool paused() const;
    /// Returns at once where not paused, else once unpaused, stopped or `cancelled`.
    void waitWhilePaused(const std::atomic<bool> &cancelled) const;

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    mutable std::atomic<bool> m_stop{false};
    mutable std::atomic<std::int64_t> m_questions{
        0}; ///< until the stop comes; 0: it comes as it is requested
    std::atomic<bool> m_paused{false};
};

} // namespace losslab
