#include "runs/eventqueue.h"

#include <iterator>

namespace losslab {

void EventQueue::gate()
{
    const std::lock_guard lock(m_mutex);
    m_isGated = true;
}

std::size_t EventQueue::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_gated.size();
}

void EventQueue::release(std::size_t count)
{
    const std::lock_guard lock(m_mutex);
    const auto end = m_gated.begin() + static_cast<std::ptrdiff_t>(std::min(count, m_gated.size()));
    const bool wasEnough = m_events.size() >= m_enough;
    m_events.insert(m_events.end(), std::make_move_iterator(m_gated.begin()), std::make_move_iterator(end));
    m_gated.erase(m_gated.begin(), end);
    if (!wasEnough && m_events.size() >= m_enough)
        m_arrived.notify_one();
}

bool EventQueue::put(Event event)
{
    std::unique_lock lock(m_mutex);
    m_space.wait(lock, [this] { return m_closed || m_events.size() + m_gated.size() < m_capacity; });
    if (m_closed)
        return false;
    if (m_isGated) {
        m_gated.push_back(std::move(event));
        return true;
    }
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
