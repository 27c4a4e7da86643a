#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace losslab {

/// Stop and pause, as asked for by the person; waited on by the tasks.
class RunControl
{
public:
    void requestStop();
    void setPaused(bool paused);
    bool stopRequested() const;
    bool paused() const;
    /// Returns at once where not paused, else once unpaused, stopped or `cancelled`.
    void waitWhilePaused(const std::atomic<bool> &cancelled) const;

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    std::atomic<bool> m_stop{false};
    std::atomic<bool> m_paused{false};
};

} // namespace losslab
