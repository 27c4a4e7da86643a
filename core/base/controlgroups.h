#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

namespace losslab::platform {

/// What Linux's control groups, versions 1 and 2, let a process have: a container, a batch system or a
/// service manager sets it, for the process's own group or for one above it.
struct ControlGroups
{
    std::filesystem::path process = "/proc/self/cgroup"; ///< says which groups the process is in
    std::filesystem::path mount = "/sys/fs/cgroup";

    /// Bytes; nothing where there is no limit.
    std::optional<std::uint64_t> memory() const;
    /// Cores, or a share of one; nothing where there is no limit.
    std::optional<double> cores() const;
};

} // namespace losslab::platform
