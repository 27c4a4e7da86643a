#include "base/crc32c.h"

#include <array>
#include <fmt/format.h>

namespace losslab {

namespace {

constexpr std::uint32_t polynomial = 0x82F63B78; ///< bits reversed
constexpr std::size_t slices = 8;

using Tables = std::array<std::array<std::uint32_t, 256>, slices>;

/// "Slicing by 8" (Kounavis and Berry 2005): table k has the sum of a byte that k bytes follow.
constexpr Tables makeTables()
{
    Tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t sum = byte;
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum & 1) != 0 ? (sum >> 1) ^ polynomial : sum >> 1;
        tables[0][byte] = sum;
    }
    for (std::size_t k = 1; k < slices; ++k)
        for (std::size_t byte = 0; byte < 256; ++byte)
            tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xFF];
    return tables;
}

constexpr Tables tables = makeTables();

} // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before)
{
    std::uint32_t sum = ~before;
    const auto byteAt = [&](std::size_t place) { return static_cast<std::uint8_t>(bytes[place]); };
    while (bytes.size() >= slices) {
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < slices; ++i) {
            const std::uint32_t byte = byteAt(i) ^ (i < 4 ? (sum >> (8 * i)) & 0xFF : 0);
            next ^= tables[slices - 1 - i][byte];
        }
        sum = next;
        bytes.remove_prefix(slices);
    }
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum = (sum >> 8) ^ tables[0][(sum ^ byteAt(i)) & 0xFF];
    return ~sum;
}

std::string crc32cText(std::string_view bytes, std::uint32_t before)
{
    return fmt::format("{:08x}", crc32c(bytes, before));
}

} // namespace losslab
