#include "lab/runcontrol.h"

#include <chrono>

namespace losslab {

void RunControl::requestStop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_changed.notify_all();
}

void RunControl::setPaused(bool paused)
{
    {
        const std::lock_guard lock(m_mutex);
        m_paused = paused;
    }
    m_changed.notify_all();
}

bool RunControl::paused() const
{
    return m_paused;
}

void RunControl::waitWhilePaused(const std::atomic<bool> &cancelled) const
{
    if (!m_paused)
        return;
    std::unique_lock lock(m_mutex);
    while (m_paused && !m_stop && !cancelled)
        m_changed.wait_for(lock, std::chrono::milliseconds(100)); // `cancelled` wakes nobody by itself
}

} // namespace losslab
