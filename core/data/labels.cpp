#include "data/labels.h"

#include <cstddef>
#include <random>
#include <utility>

namespace losslab {

namespace {

/// In [0, 1).
double uniform(std::mt19937_64 &generator)
{
    constexpr double unit = 1.0 / 9007199254740992.0; // 2⁻⁵³
    return static_cast<double>(generator() >> 11) * unit;
}

} // namespace

std::vector<std::int64_t> corruptedLabels(const std::vector<std::int64_t> &labels, double share, int classes,
                                          std::uint64_t seed)
{
    std::mt19937_64 generator(seed);
    std::vector<std::int64_t> result = labels;
    for (std::int64_t &label : result) {
        const double chance = uniform(generator);
        const auto drawn = static_cast<std::int64_t>(uniform(generator) * classes); // whether used or not
        if (chance < share)
            label = drawn;
    }
    return result;
}

std::vector<std::int64_t> shuffledLabels(std::vector<std::int64_t> labels, double share, std::uint64_t seed)
{
    std::mt19937_64 generator(seed);
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < labels.size(); ++place)
        if (uniform(generator) < share)
            places.push_back(place);
    for (std::size_t i = places.size(); i > 1; --i) { // Fisher and Yates
        const auto other = static_cast<std::size_t>(uniform(generator) * static_cast<double>(i));
        std::swap(labels[places[i - 1]], labels[places[other]]);
    }
    return labels;
}

} // namespace losslab
