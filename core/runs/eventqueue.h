#pragma once

#include "lab/event.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace losslab {

/// Events on their way from the tasks to whoever watches. Bounded: a full queue makes the worker wait, so
/// memory stays bounded and nothing is dropped; a closed one takes nothing more. Waking the thread that takes
/// costs as much as a step of a small network, so an event alone does not. A gated one hands out only what
/// has been released.
class EventQueue
{
public:
    explicit EventQueue(std::size_t capacity = 65536)
        : m_capacity(capacity), m_enough(std::max<std::size_t>(1, capacity / 2))
    {}

    /// From now on, what is put waits for release().
    void gate();
    /// How many wait for it.
    std::size_t waiting() const;
    /// So many of them may go: those that came first.
    void release(std::size_t count);

    /// Waits while full. False once closed.
    bool put(Event event);
    /// Never waits, full or not, and ends waitTake()'s waiting: for what the taker must see at once.
    void putNow(Event event);
    std::vector<Event> take();
    /// What there is after that long, or earlier once the queue is half full, has something put by putNow(),
    /// or is closed.
    std::vector<Event> waitTake(std::chrono::milliseconds atMost);
    /// Nobody watches any more: put() returns at once.
    void close();

private:
    const std::size_t m_capacity;
    const std::size_t m_enough; ///< wakes the taker
    mutable std::mutex m_mutex;
    std::condition_variable m_space;
    std::condition_variable m_arrived;
    std::vector<Event> m_events;
    std::vector<Event> m_gated; ///< that wait for release()
    bool m_isGated = false;
    bool m_urgent = false; ///< something put by putNow() waits
    bool m_closed = false;
};

} // namespace losslab
