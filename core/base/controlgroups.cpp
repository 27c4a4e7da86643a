#include "base/controlgroups.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace losslab::platform {

namespace fs = std::filesystem;

namespace {

constexpr double unlimited = 0x1p62; ///< version 1 writes "no limit" as a number beyond any memory

/// The folder of a group and those above it, up to where the groups are mounted. A container may see its own
/// group as the topmost one, and be told of it by a path from outside: then only that is there.
std::vector<fs::path> upwards(const fs::path &top, const fs::path &group)
{
    std::vector<fs::path> folders;
    for (fs::path below = group.relative_path(); !below.empty(); below = below.parent_path())
        folders.push_back(top / below);
    folders.push_back(top);
    return folders;
}

bool lists(std::string_view controllers, std::string_view name)
{
    for (std::size_t start = 0; start <= controllers.size();) {
        const std::size_t end = std::min(controllers.find(',', start), controllers.size());
        if (controllers.substr(start, end - start) == name)
            return true;
        start = end + 1;
    }
    return false;
}

/// Calls take(folder, version) for all folders that may limit the process by this controller.
void eachFolder(const ControlGroups &groups, const std::string &controller,
                const std::function<void(const fs::path &, int)> &take)
{
    std::ifstream file(groups.process);
    for (std::string line; std::getline(file, line);)
    { // "4:memory:/some/group", or "0::/some/group" in version 2
        const std::size_t first = line.find(':'), second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos)
            continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        const fs::path group = line.substr(second + 1);
        if (controllers.empty())
            for (const fs::path &folder : upwards(groups.mount, group))
                take(folder, 2);
        else if (lists(controllers, controller))
            for (const std::string &mounted : {controllers, controller})
                for (const fs::path &folder : upwards(groups.mount / mounted, group))
                    take(folder, 1);
    }
}

/// A limit that is there, else nothing.
std::optional<double> numberIn(const fs::path &path)
{
    std::ifstream file(path);
    double value = 0;
    if (!(file >> value) || value <= 0 || value >= unlimited)
        return std::nullopt;
    return value;
}

/// "200000 100000" or "max 100000", as cpu.max has it.
std::optional<double> shareIn(const fs::path &path)
{
    std::ifstream file(path);
    double quota = 0, period = 0;
    if (!(file >> quota >> period) || quota <= 0 || period <= 0)
        return std::nullopt;
    return quota / period;
}

void lower(std::optional<double> &least, std::optional<double> value)
{
    if (value && (!least || *value < *least))
        least = value;
}

} // namespace

std::optional<std::uint64_t> ControlGroups::memory() const
{
    std::optional<double> least;
    eachFolder(*this, "memory", [&](const fs::path &folder, int version) {
        lower(least, numberIn(folder / (version == 2 ? "memory.max" : "memory.limit_in_bytes")));
    });
    return least ? std::optional(static_cast<std::uint64_t>(*least)) : std::nullopt;
}

std::optional<double> ControlGroups::cores() const
{
    std::optional<double> least;
    eachFolder(*this, "cpu", [&](const fs::path &folder, int version) {
        if (version == 2)
            return lower(least, shareIn(folder / "cpu.max"));
        const auto quota = numberIn(folder / "cpu.cfs_quota_us"),
                   period = numberIn(folder / "cpu.cfs_period_us");
        if (quota && period)
            lower(least, *quota / *period);
    });
    return least;
}

} // namespace losslab::platform
