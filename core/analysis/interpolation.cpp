#include "analysis/interpolation.h"

#include <ATen/core/grad_mode.h>
#include <deque>
#include <utility>

namespace losslab {

at::Tensor interpolate(const at::Tensor &first, const at::Tensor &second, double alpha)
{
    const at::NoGradGuard noGraph;
    return first * (1 - alpha) + second * alpha;
}

std::vector<std::size_t> coarseToFine(std::size_t count)
{
    std::vector<std::size_t> order;
    if (count > 0)
        order.push_back(0);
    if (count > 1)
        order.push_back(count - 1);
    std::deque<std::pair<std::size_t, std::size_t>> gaps; // between places taken
    if (count > 2)
        gaps.emplace_back(0, count - 1);
    for (; !gaps.empty(); gaps.pop_front()) {
        const auto [low, high] = gaps.front();
        const std::size_t middle = low + (high - low) / 2;
        order.push_back(middle);
        if (middle - low > 1)
            gaps.emplace_back(low, middle);
        if (high - middle > 1)
            gaps.emplace_back(middle, high);
    }
    return order;
}

} // namespace losslab
