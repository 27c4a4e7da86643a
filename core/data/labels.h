#pragma once

#include <cstdint>
#include <vector>

namespace losslab {

/// Labels of which each is, with probability `share` (0 … 1), replaced by one drawn uniformly from all
/// `classes`, the true one among them (Zhang et al. 2017). Depends on the seed alone.
std::vector<std::int64_t> corruptedLabels(const std::vector<std::int64_t> &labels, double share, int classes,
                                          std::uint64_t seed);

} // namespace losslab
