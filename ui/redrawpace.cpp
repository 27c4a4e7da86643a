#include "ui/redrawpace.h"

#include <algorithm>

namespace losslab::ui {

void RedrawPace::start()
{
    m_left = burst;
}

bool RedrawPace::isDue(double waited, double spent) const
{
    constexpr double shareOfCore = 0.025;
    constexpr double longestWait = 1;
    return spent < m_left || waited >= std::min(spent / shareOfCore, longestWait);
}

void RedrawPace::begin(double spent)
{
    m_left = std::max(0.0, m_left - spent);
}

} // namespace losslab::ui
