#pragma once

#include "nn/architecture.h"

#include <ATen/ATen.h>
#include <functional>

namespace losslab {

/// Whether some layer's units give the same for all of these inputs [N, …], up to rounding: ReLUs that are
/// never active, or weights that have decayed. The network then gives one value everywhere. Where a layer
/// lives, few inputs show it. `pulse` is called between pieces of the work; what it throws is thrown on.
bool hasDeadLayer(const Architecture &architecture, const at::Tensor &parameters, const at::Tensor &inputs,
                  const std::function<void()> &pulse);

} // namespace losslab
