#pragma once

#include "nn/activation.h"

#include <ATen/ATen.h>

namespace losslab {

/// f(x), element by element.
at::Tensor activated(Activation activation, const at::Tensor &x);

/// gradient · f'(x), with y = f(x): what goes back through an activation outside autograd.
at::Tensor throughActivation(Activation activation, const at::Tensor &gradient, const at::Tensor &x,
                             const at::Tensor &y);

} // namespace losslab
