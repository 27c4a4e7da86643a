#include "train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace losslab {

double Schedule::factorIn(std::int64_t epoch) const
{
    const auto done = static_cast<double>(epoch - 1);
    switch (shape) {
    case Shape::Step:
        return std::pow(factor, std::floor(done / static_cast<double>(every)));
    case Shape::Cosine:
        return 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, done / static_cast<double>(epochs))));
    case Shape::WarmUp:
        return std::min(1.0, static_cast<double>(epoch) / static_cast<double>(every + 1));
    case Shape::Constant:
        break;
    }
    return 1;
}

} // namespace losslab
