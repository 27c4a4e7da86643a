#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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

/// Takes a journal that comes in parts apart into its lines.
class JournalLines
{
public:
    static constexpr std::size_t longest = std::size_t{1}
                                           << 20; ///< bytes; a row is the longest that is written

    enum class Length {
        Fits,
        TooLong, ///< what of the line there was is not handed on
        Endless, ///< so long that nothing is read after it
    };
    using Take = std::function<void(std::string_view line, Length length)>;

    /// Hands on the lines that end in this part, without their ends. False where no more is to be read.
    bool read(std::string_view part, const Take &take);
    /// What has come of a line without an end; of one that is too long, "…".
    std::string begun() const { return m_isTooLong ? "…" : m_begun; }

private:
    std::string m_begun;
    bool m_isTooLong = false;  ///< its beginning is let go
    std::size_t m_skipped = 0; ///< bytes of it
    bool m_hasGivenUp = false;
};

} // namespace losslab
