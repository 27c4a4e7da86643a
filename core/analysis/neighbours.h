#pragma once

#include "nn/pulse.h"

#include <ATen/ATen.h>
#include <cstdint>
#include <functional>

namespace losslab {

/// Where neighbours of a point are drawn from, uniformly.
enum class Neighbourhood {
    Box,    ///< every coordinate within ± radius
    Sphere, ///< at the distance radius
};

struct Neighbours
{
    Neighbourhood where = Neighbourhood::Box;
    double radius = 1e-3;
    std::int64_t count = 1000;
    std::uint64_t seed = 0; ///< the same seed draws the same neighbours
};

/// The share of a point's neighbours at which a function is higher than at the point [P]. Calls the pulse at
/// each.
double higherShare(const std::function<double(const at::Tensor &)> &function, const at::Tensor &point,
                   const Neighbours &neighbours, const Pulse &pulse = {});

} // namespace losslab
