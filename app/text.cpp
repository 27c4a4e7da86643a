#include "app/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace losslab::app {

std::string alignedRows(const std::vector<std::vector<std::string>> &rows)
{
    std::vector<std::size_t> widths;
    for (const auto &row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t column = 0; column < row.size(); ++column)
            widths[column] = std::max(widths[column], columnsOf(row[column]));
    }
    std::string text;
    for (const auto &row : rows) {
        std::string line;
        std::size_t start = 0;
        for (std::size_t column = 0; column < row.size(); ++column) {
            if (!row[column].empty())
                line += std::string(start - columnsOf(line), ' ') + row[column];
            start += widths[column] + 2;
        }
        text += line + "\n";
    }
    return text;
}

std::string shellWord(const std::string &text)
{
    const auto isPlain = [](char c) {
        constexpr std::string_view signs = "/._-+,:@%=";
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0
               || signs.find(c) != std::string_view::npos;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), isPlain))
        return text;
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

std::vector<std::string> splitAtCommas(std::string_view text)
{
    std::vector<std::string> parts;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        parts.emplace_back(text.substr(start, end - start));
        start = end + 1;
    }
    return parts;
}

Result<std::uint64_t> parseWhole(std::string_view option, std::string_view text, std::uint64_t min,
                                 std::uint64_t max)
{
    const auto number = readNumber<std::uint64_t>(text);
    if (!number || *number < min || *number > max)
        return usageError(
            fmt::format("{} takes a whole number from {} to {}, not “{}”.", option, min, max, text));
    return *number;
}

} // namespace losslab::app
