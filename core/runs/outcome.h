#pragma once

#include "lab/event.h"

#include <exception>

namespace losslab {

/// How a run ends that this exception has ended, in words: whose it is, and what is kept. Without an
/// exception it is finished.
StateEvent outcomeOf(const std::exception_ptr &failure);

} // namespace losslab
