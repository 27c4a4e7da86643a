#pragma once

#include "base/result.h"

#include <string_view>

namespace losslab {

/// How a run stands.
enum class RunState {
    Idle,
    Running,
    Paused,
    Stopping,
    Finished,
    Stopped,
    Failed,
};

/// "idle", "running", …: as in run.json.
std::string_view stateName(RunState state);
Result<RunState> stateFromName(std::string_view name);
/// True for Finished, Stopped and Failed.
bool isEnded(RunState state);

} // namespace losslab
