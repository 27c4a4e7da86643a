#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

namespace losslab {

/// Called between pieces of long work, on the thread that does it: it may throw, which leaves the work. May
/// be empty.
using Pulse = std::function<void()>;

inline void beat(const Pulse &pulse)
{
    if (pulse)
        pulse();
}

/// Multiplications between two calls of a pulse: some tenths of a second of one core. No batch of the presets
/// is more than one piece.
constexpr std::int64_t pieceOfWork = std::int64_t{1} << 30;

/// Samples that go through a network together so that it is about a piece of work: `multiplications` each. At
/// least 64, and a multiple of 16.
inline std::int64_t rowsOfPiece(std::int64_t multiplications, std::int64_t piece = pieceOfWork)
{
    constexpr std::int64_t least = 64, step = 16;
    return std::max(least, piece / std::max<std::int64_t>(multiplications, 1) / step * step);
}

} // namespace losslab
