#include "lab/event.h"

#include <array>
#include <fmt/format.h>

namespace losslab {

namespace {

constexpr std::array<std::pair<RemarkEvent::Kind, std::string_view>, 5> remarkNames{{
    {RemarkEvent::Kind::Died, "died"},
    {RemarkEvent::Kind::Diverged, "diverged"},
    {RemarkEvent::Kind::Converged, "converged"},
    {RemarkEvent::Kind::NotConverged, "not-converged"},
    {RemarkEvent::Kind::EndedAboveStart, "ended-above-start"},
}};

} // namespace

std::string_view remarkName(RemarkEvent::Kind kind)
{
    for (const auto &[value, name] : remarkNames)
        if (value == kind)
            return name;
    return {};
}

Result<RemarkEvent::Kind> remarkFromName(std::string_view name)
{
    for (const auto &[value, known] : remarkNames)
        if (known == name)
            return value;
    return dataError(fmt::format("There is no remark “{}”.", name));
}

} // namespace losslab
