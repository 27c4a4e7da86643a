#include "analysis/neighbours.h"

#include "base/draws.h"

#include <random>

namespace losslab {

namespace {

/// [P] in double.
at::Tensor drawn(std::int64_t size, const Neighbours &neighbours, std::mt19937_64 &generator)
{
    at::Tensor offsets = at::empty({size}, at::kDouble);
    double *values = offsets.data_ptr<double>();
    const bool box = neighbours.where == Neighbourhood::Box;
    for (std::int64_t i = 0; i < size; ++i)
        values[i] = box ? uniform(generator, neighbours.radius) : gaussian(generator, 1);
    return box ? offsets : offsets * (neighbours.radius / offsets.norm());
}

} // namespace

double higherShare(const std::function<double(const at::Tensor &)> &function, const at::Tensor &point,
                   const Neighbours &neighbours, const Pulse &pulse)
{
    const double here = function(point);
    std::mt19937_64 generator(neighbours.seed);
    std::int64_t higher = 0;
    for (std::int64_t i = 0; i < neighbours.count; ++i) {
        beat(pulse);
        higher += function(point + drawn(point.numel(), neighbours, generator).to(point.options())) > here;
    }
    return static_cast<double>(higher) / static_cast<double>(neighbours.count);
}

} // namespace losslab
