#include "train/deadlayer.h"

#include "nn/network.h"
#include "nn/torch/autogradengine.h"

#include <ATen/core/grad_mode.h>
#include <algorithm>
#include <limits>
#include <utility>

namespace losslab {

namespace {

constexpr std::int64_t firstLook = 64; ///< inputs; enough where a layer lives
constexpr std::int64_t most = 1024;
constexpr double roundings = 4; ///< that outputs which are the same may be apart

/// The layers up to this one.
Architecture upTo(const Architecture &architecture, std::size_t layer)
{
    const auto end = architecture.layers.begin() + static_cast<std::ptrdiff_t>(layer) + 1;
    return {architecture.input, {architecture.layers.begin(), end}};
}

bool givesOneValue(const Architecture &architecture, const std::vector<at::Tensor> &parameters,
                   const at::Tensor &inputs, const std::function<void()> &pulse)
{
    const double rounding =
        roundings
        * (parameters.front().scalar_type() == at::kDouble ? std::numeric_limits<double>::epsilon()
                                                           : std::numeric_limits<float>::epsilon());
    at::Tensor least, greatest; // by unit
    std::int64_t count = firstLook;
    for (std::int64_t first = 0; first < inputs.size(0); first += std::exchange(count, most)) {
        const at::Tensor some = inputs.slice(0, first, std::min(first + count, inputs.size(0)));
        const at::Tensor units = forward(architecture, parameters, some).flatten(1);
        least = first > 0 ? at::minimum(least, units.amin(0)) : units.amin(0);
        greatest = first > 0 ? at::maximum(greatest, units.amax(0)) : units.amax(0);
        const at::Tensor size = at::maximum(least.abs(), greatest.abs()).max();
        if ((greatest - least).max().gt(size * rounding).item<bool>())
            return false;
        pulse();
    }
    return true;
}

} // namespace

bool hasDeadLayer(const Architecture &architecture, const at::Tensor &parameters, const at::Tensor &inputs,
                  const std::function<void()> &pulse)
{
    if (inputs.size(0) < 2)
        return false;
    const at::NoGradGuard noGraph;
    const std::vector<at::Tensor> parts = views(architecture, parameters);
    const std::vector<Layer> &layers = architecture.layers;
    for (std::size_t layer = 0; layer < layers.size(); ++layer)
        if ((std::holds_alternative<Activate>(layers[layer]) || layer + 1 == layers.size())
            && givesOneValue(upTo(architecture, layer), parts, inputs, pulse))
            return true;
    return false;
}

} // namespace losslab
