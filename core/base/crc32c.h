#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace losslab {

/// CRC-32C (Castagnoli; RFC 3720, B.4): "123456789" has 0xE3069283. Of more than one piece: hand on the sum
/// of those before.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

/// The same in eight hexadecimal digits, as files have it.
std::string crc32cText(std::string_view bytes, std::uint32_t before = 0);

} // namespace losslab
