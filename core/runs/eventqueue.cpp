#include "runs/eventqueue.h"

namespace losslab {

bool EventQueue::put(Event event)
{
    std::unique_lock lock(m_mutex);
    m_space.wait(lock, [this] { return m_closed || m_events.size() < m_capacity; });
    if (m_closed)
        return false;
    m_events.push_back(std::move(event));
    if (m_events.size() == m_enough)
        m_arrived.notify_one();
    return true;
}

void EventQueue::putNow(Event event)
{
    {
        const std::lock_guard lock(m_mutex);
        m_events.push_back(std::move(event));
        m_urgent = true;
    }
    m_arrived.notify_one();
}

std::vector<Event> EventQueue::take()
{
    return waitTake(std::chrono::milliseconds(0));
}

std::vector<Event> EventQueue::waitTake(std::chrono::milliseconds atMost)
{
    std::vector<Event> taken;
    {
        std::unique_lock lock(m_mutex);
        m_arrived.wait_for(lock, atMost,
                           [this] { return m_closed || m_urgent || m_events.size() >= m_enough; });
        taken.swap(m_events);
        m_urgent = false;
    }
    m_space.notify_all();
    return taken;
}

void EventQueue::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_space.notify_all();
    m_arrived.notify_all();
}

} // namespace losslab
