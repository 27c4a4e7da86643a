#include "data/labels.h"

#include <random>

namespace losslab {

std::vector<std::int64_t> corruptedLabels(const std::vector<std::int64_t> &labels, double share, int classes,
                                          std::uint64_t seed)
{
    constexpr double unit = 1.0 / 9007199254740992.0; // 2⁻⁵³
    std::mt19937_64 generator(seed);
    const auto uniform = [&] { return static_cast<double>(generator() >> 11) * unit; };
    std::vector<std::int64_t> result = labels;
    for (std::int64_t &label : result) {
        const double chance = uniform();
        const auto drawn = static_cast<std::int64_t>(uniform() * classes); // drawn whether used or not
        if (chance < share)
            label = drawn;
    }
    return result;
}

} // namespace losslab
