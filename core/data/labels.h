#pragma once

#include <cstdint>
#include <vector>

namespace losslab {

/// Labels of which each is, with probability `share` (0 … 1), replaced by one drawn uniformly from all
/// `classes`, the true one among them (Zhang et al. 2017). Depends on the seed alone.
std::vector<std::int64_t> corruptedLabels(const std::vector<std::int64_t> &labels, double share, int classes,
                                          std::uint64_t seed);

/// The labels with some of them, each chosen with this probability, put in another order among themselves: as
/// many of each class as before.
std::vector<std::int64_t> shuffledLabels(std::vector<std::int64_t> labels, double share, std::uint64_t seed);

} // namespace losslab
