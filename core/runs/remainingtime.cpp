#include "runs/remainingtime.h"

#include <algorithm>

namespace losslab {

namespace {

constexpr double late = 0.3;        ///< of the time so far is what the pace is taken from
constexpr double least = 5;         ///< seconds of it
constexpr double leastDone = 0.005; ///< before anything can be said, as is
constexpr double leastSeconds = 1;
constexpr double apart = 0.2; ///< seconds between two marks at the least
constexpr double mostMarks = 1000;

} // namespace

double RemainingTime::update(double seconds, double done)
{
    const std::lock_guard lock(m_mutex);
    if (m_marks.empty() || seconds - m_marks.back().seconds >= std::max(apart, seconds / mostMarks))
        m_marks.push_back({seconds, done});
    while (m_marks.size() > 1 && m_marks[1].seconds <= seconds - std::max(least, late * seconds)
           && m_marks[1].done < done)
        m_marks.pop_front();
    const Mark &from = m_marks.front();
    const double progress = done - from.done;
    if (seconds < leastSeconds || done < leastDone || seconds <= from.seconds || progress <= 0)
        return -1;
    return (1 - done) * (seconds - from.seconds) / progress;
}

} // namespace losslab
