#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace losslab {

/// Where findDataFile() finds none: a sentence on a file nearby that may be meant (another name, a folder
/// further down), and what to do with it; empty where there is none.
std::string nearDataFile(const std::filesystem::path &folder, std::string_view name);

} // namespace losslab
