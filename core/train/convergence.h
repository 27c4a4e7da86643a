#pragma once

#include <array>

namespace losslab {

/// Whether a loss has settled: it is below `loss`, its last change below `lastChange` and the change before
/// that below `changeBefore`.
class Convergence
{
public:
    struct Limits
    {
        double loss = 1e-3;
        double changeBefore = 1e-5; ///< |L[-3] - L[-2]|
        double lastChange = 1e-5;   ///< |L[-2] - L[-1]|
    };

    explicit Convergence(Limits limits) : m_limits(limits) {}

    /// Takes the loss of the next epoch; true from the third one on, once all three limits hold.
    bool reached(double loss);

    /// What it has seen, to go on from.
    std::array<double, 4> seen() const
    {
        return {m_last[0], m_last[1], m_last[2], static_cast<double>(m_count)};
    }
    void setSeen(const std::array<double, 4> &seen);

private:
    Limits m_limits;
    std::array<double, 3> m_last{}; ///< oldest first
    int m_count = 0;
};

} // namespace losslab
