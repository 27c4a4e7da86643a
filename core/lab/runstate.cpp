#include "lab/runstate.h"

#include <array>
#include <fmt/format.h>
#include <utility>

namespace losslab {

namespace {

constexpr std::array<std::pair<RunState, std::string_view>, 7> stateNames{{
    {RunState::Idle, "idle"},
    {RunState::Running, "running"},
    {RunState::Paused, "paused"},
    {RunState::Stopping, "stopping"},
    {RunState::Finished, "finished"},
    {RunState::Stopped, "stopped"},
    {RunState::Failed, "failed"},
}};

} // namespace

std::string_view stateName(RunState state)
{
    for (const auto &[value, name] : stateNames)
        if (value == state)
            return name;
    return {};
}

Result<RunState> stateFromName(std::string_view name)
{
    for (const auto &[value, known] : stateNames)
        if (known == name)
            return value;
    return dataError(fmt::format("There is no state “{}”.", name));
}

bool isEnded(RunState state)
{
    return state == RunState::Finished || state == RunState::Stopped || state == RunState::Failed;
}

} // namespace losslab
