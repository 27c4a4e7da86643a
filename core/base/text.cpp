#include "base/text.h"

#include <algorithm>

namespace losslab {

namespace {

bool startsCodePoint(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
}

} // namespace

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view space = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(space);
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(space) + 1 - begin);
}

std::vector<std::string_view> splitAt(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(trimmed(text.substr(0, end)));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::string lowered(std::string_view text)
{
    std::string low(text);
    for (char &c : low)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return low;
}

std::size_t columnsOf(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), startsCodePoint));
}

std::string cutTo(std::string_view text, std::size_t columns)
{
    if (columnsOf(text) <= columns)
        return std::string(text);
    if (columns == 0)
        return {};
    std::size_t kept = 0;
    std::size_t end = 0;
    while (end < text.size() && (!startsCodePoint(text[end]) || ++kept < columns))
        ++end;
    return std::string(text.substr(0, end)) + "…";
}

std::string withStop(std::string sentence)
{
    return sentence.ends_with('.') || sentence.ends_with('?') ? sentence : sentence + '.';
}

} // namespace losslab
