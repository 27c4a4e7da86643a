#pragma once

#include <ATen/ATen.h>
#include <cstddef>
#include <vector>

namespace losslab {

/// θ(α) = (1 - α) θ₁ + α θ₂ (Goodfellow et al. 2015), [P] each. At α = 0 and 1 it is θ₁ and θ₂ to the bit.
at::Tensor interpolate(const at::Tensor &first, const at::Tensor &second, double alpha);

/// 0 … count - 1 from coarse to fine: both ends, the middle, the middles between those, …
std::vector<std::size_t> coarseToFine(std::size_t count);

} // namespace losslab
