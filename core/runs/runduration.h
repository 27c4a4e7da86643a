#pragma once

#include "lab/runspec.h"

#include <optional>

namespace losslab {

/// Seconds that a run of these settings took that has finished on this machine: of the newest few, the least,
/// since a run may have been paused. The seed does not count. Nothing where none is under runsFolder(). Reads
/// files: not for the window's thread.
std::optional<double> secondsOfEarlierRun(const RunSpec &spec);

} // namespace losslab
