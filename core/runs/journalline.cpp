#include "runs/journalline.h"

#include "base/crc32c.h"

#include <charconv>
#include <fmt/format.h>
#include <iterator>

namespace losslab {

namespace {

constexpr std::string_view begin = "{\"seq\":";
constexpr std::string_view beforeSum = ",\"crc\":\"";
constexpr std::string_view end = "\"}";
constexpr std::size_t digits = 8;
constexpr std::size_t mostSkipped = std::size_t{64} << 20; ///< bytes of a line that is too long

} // namespace

void appendJournalLine(std::string &text, std::uint64_t number, std::string_view fields)
{
    const std::size_t start = text.size();
    fmt::format_to(std::back_inserter(text), "{}{},{}", begin, number, fields);
    const std::uint32_t sum = crc32c(std::string_view(text).substr(start));
    fmt::format_to(std::back_inserter(text), "{}{:08x}{}\n", beforeSum, sum, end);
}

bool readJournalLine(std::string_view line, JournalLine &to)
{
    constexpr std::size_t tail = beforeSum.size() + digits + end.size();
    if (line.size() < begin.size() + tail || !line.starts_with(begin) || !line.ends_with(end))
        return false;
    to.object = line.substr(0, line.size() - tail);
    const std::string_view rest = line.substr(to.object.size());
    if (!rest.starts_with(beforeSum) || rest.substr(beforeSum.size(), digits) != crc32cText(to.object))
        return false;
    const char *const last = to.object.data() + to.object.size();
    const auto [stop, error] = std::from_chars(to.object.data() + begin.size(), last, to.number);
    if (error != std::errc{} || stop == last || *stop != ',')
        return false;
    to.fields = std::string_view(stop + 1, static_cast<std::size_t>(last - stop - 1));
    return true;
}

bool JournalLines::read(std::string_view part, const Take &take)
{
    while (!m_hasGivenUp && !part.empty()) {
        const auto end = part.find('\n');
        const std::string_view more = part.substr(0, end);
        if (!m_isTooLong)
            m_begun += more;
        if (m_begun.size() > longest) {
            m_isTooLong = true;
            m_begun.clear();
        }
        m_skipped = m_isTooLong ? m_skipped + more.size() : 0;
        m_hasGivenUp = m_skipped > mostSkipped;
        if (end == std::string_view::npos && !m_hasGivenUp)
            break;
        take(m_begun, m_hasGivenUp ? Length::Endless : m_isTooLong ? Length::TooLong : Length::Fits);
        m_begun.clear();
        m_isTooLong = false;
        part.remove_prefix(end == std::string_view::npos ? part.size() : end + 1);
    }
    return !m_hasGivenUp;
}

} // namespace losslab
