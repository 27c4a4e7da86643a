#pragma once

#include <string>
#include <string_view>

namespace losslab {

/// SHA-256 (FIPS 180-4) in 64 hexadecimal digits, as sha256sum writes it.
std::string sha256(std::string_view content);

/// Whether the text is one: 64 digits, letters in lower case.
bool isSha256(std::string_view text);

} // namespace losslab
