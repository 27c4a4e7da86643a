#pragma once

#include <deque>
#include <mutex>

namespace losslab {

/// How long the rest of some work takes at the pace of late: models that end early, or train faster than
/// others, change it. Any thread may ask.
class RemainingTime
{
public:
    /// Takes note that this share, 0 … 1, is done after so many seconds, and says how many are left; negative
    /// while that cannot be told yet.
    double update(double seconds, double done);

private:
    struct Mark
    {
        double seconds;
        double done;
    };

    std::mutex m_mutex;
    std::deque<Mark> m_marks; ///< of late
};

} // namespace losslab
