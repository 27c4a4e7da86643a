#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace losslab {

/// How files that are compressed with gzip begin.
inline constexpr std::string_view gzipMagic = "\x1f\x8b";

/// The beginning of what a file holds, unpacked.
struct Content
{
    std::vector<std::uint8_t> bytes;
    bool whole = false; ///< the file holds no more than these
};

/// At most `limit` bytes of what `file`, the bytes of the one at this path, holds: plain, or compressed with
/// gzip in one stream or several. A small file cannot fill the memory. Data error: it is damaged.
Result<Content> firstBytes(const std::filesystem::path &path, std::string_view file, std::size_t limit);

/// "The data file … is damaged: it ends too soon. Delete it and copy the data set again."
tl::unexpected<Error> damagedFile(const std::filesystem::path &path, std::string_view what);

} // namespace losslab
