#pragma once

#include "base/platform.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace losslab {

/// What is read of an archive. Names are those of the archive without their folders, so that none leads
/// anywhere.
struct ArchiveReading
{
    std::function<bool(const std::string &name)> wanted;
    /// Each file that is wanted, whole, in the archive's order; of several of one name the first alone.
    /// False: no more is needed. Its error ends the reading.
    std::function<Result<bool>(const std::string &name, std::string content)> take;
    std::uint64_t largest = platform::largestFile; ///< bytes that what is wanted may have, all together
};

/// Reads a tar or zip archive, compressed or not. Data error: it is damaged, or holds more than it may.
Result<void> readArchive(const std::filesystem::path &path, const ArchiveReading &reading);

} // namespace losslab
