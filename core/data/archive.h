#pragma once

#include "base/result.h"

#include <filesystem>
#include <functional>
#include <string>

namespace losslab {

/// The files of an archive (.tar.gz and what else libarchive reads) whose names `wanted` takes, each handed
/// to `take` whole, in the archive's order. Names are without folders. Data error: the archive is damaged, or
/// a file is larger than platform::largestFile.
Result<void> readArchive(const std::filesystem::path &path,
                         const std::function<bool(const std::string &)> &wanted,
                         const std::function<void(const std::string &name, std::string content)> &take);

} // namespace losslab
