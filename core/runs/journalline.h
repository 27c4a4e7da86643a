#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace losslab {

/// A line of metrics.jsonl from format 2 on: a JSON object that begins with its number, and ends with the
/// CRC-32C of all its bytes before that:
///
///     {"seq":17,"chart":"loss",…,"crc":"1a2b3c4d"}

/// Appends such a line, with its end, that has these fields between: `"chart":"loss",…`.
void appendJournalLine(std::string &text, std::uint64_t number, std::string_view fields);

/// A line, without its end, whose checksum is right.
struct JournalLine
{
    std::uint64_t number = 0;
    std::string_view fields; ///< between number and checksum
    std::string_view object; ///< all before the checksum: as an object, it lacks its "}"
};

/// False where it is no such line, or damaged.
bool readJournalLine(std::string_view line, JournalLine &to);

} // namespace losslab
