#include "train/convergence.h"

#include <cmath>

namespace losslab {

bool Convergence::reached(double loss)
{
    m_last = {m_last[1], m_last[2], loss};
    return ++m_count >= 3 && loss < m_limits.loss && std::abs(m_last[0] - m_last[1]) < m_limits.changeBefore
           && std::abs(m_last[1] - m_last[2]) < m_limits.lastChange;
}

void Convergence::setSeen(const std::array<double, 4> &seen)
{
    m_last = {seen[0], seen[1], seen[2]};
    m_count = static_cast<int>(seen[3]);
}

} // namespace losslab
