#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace losslab {

/// SHA-256 (FIPS 180-4) in 64 hexadecimal digits, as sha256sum writes it.
std::string sha256(std::string_view content);

/// The same of a file of any size. Data error: it cannot be read.
Result<std::string> sha256OfFile(const std::filesystem::path &path);

/// Whether the text is one: 64 digits, letters in lower case.
bool isSha256(std::string_view text);

} // namespace losslab
