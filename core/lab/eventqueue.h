#pragma once

#include "lab/event.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace losslab {

/// Events on their way from the tasks to whoever watches. Bounded: a full queue makes the worker wait, so
/// memory stays bounded and nothing is dropped; a closed one takes nothing more.
class EventQueue
{
public:
    explicit EventQueue(std::size_t capacity = 65536) : m_capacity(capacity) {}

    /// Waits while full. False once closed.
    bool put(Event event);
    /// Never waits, full or not: for the thread that takes.
    void putNow(Event event);
    std::vector<Event> take();
    std::vector<Event> waitTake(std::chrono::milliseconds atMost);
    /// Nobody watches any more: put() returns at once.
    void close();

private:
    const std::size_t m_capacity;
    std::mutex m_mutex;
    std::condition_variable m_space;
    std::condition_variable m_arrived;
    std::vector<Event> m_events;
    bool m_closed = false;
};

} // namespace losslab
