#include "base/plaintext.h"

#include "base/text.h"

#include <cstdint>
#include <fmt/format.h>
#include <iterator>
#include <optional>

namespace losslab {

namespace {

constexpr std::size_t longestFileName = 200;

/// A character as it stands in UTF-8.
struct Letter
{
    char32_t code = 0;
    std::size_t bytes = 1;
};

std::size_t lengthFrom(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first < 0xE0)
        return 2;
    if (first >= 0xE0 && first < 0xF0)
        return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/// The first character of a text that is not empty; nothing where it is no UTF-8.
std::optional<Letter> firstLetter(std::string_view text)
{
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const std::size_t bytes = lengthFrom(byte(0));
    if (bytes == 0 || bytes > text.size())
        return std::nullopt;
    char32_t code = bytes == 1 ? byte(0) : byte(0) & (0x7Fu >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return std::nullopt;
        code = code << 6 | (byte(i) & 0x3Fu);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[bytes] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return std::nullopt;
    return Letter{code, bytes};
}

bool isHarmless(char32_t code)
{
    const auto within = [code](char32_t first, char32_t last) { return code >= first && code <= last; };
    return !within(0, 0x1F) && !within(0x7F, 0x9F) && !within(0x200E, 0x200F) && !within(0x2028, 0x202E)
           && !within(0x2066, 0x2069) && code != 0x061C && code != 0xFEFF;
}

/// Names that Windows keeps for devices, whatever follows their first dot.
bool isReserved(std::string_view name)
{
    const std::string device = lowered(name.substr(0, name.find('.')));
    const bool numbered = device.size() == 4 && (device.starts_with("com") || device.starts_with("lpt"))
                          && device[3] >= '0' && device[3] <= '9';
    return numbered || device == "con" || device == "prn" || device == "aux" || device == "nul";
}

} // namespace

std::string plainText(std::string_view text, bool onOneLine)
{
    std::string plain;
    plain.reserve(text.size());
    while (!text.empty()) {
        const std::optional<Letter> letter = firstLetter(text);
        if (!letter)
            plain += "\xEF\xBF\xBD"; // U+FFFD
        else if (isHarmless(letter->code) || (!onOneLine && (letter->code == '\n' || letter->code == '\t')))
            plain += text.substr(0, letter->bytes);
        else
            fmt::format_to(std::back_inserter(plain), "\\u{:04x}", static_cast<std::uint32_t>(letter->code));
        text.remove_prefix(letter ? letter->bytes : 1);
    }
    return plain;
}

bool isPlain(std::string_view text)
{
    while (!text.empty()) {
        const std::optional<Letter> letter = firstLetter(text);
        if (!letter || !isHarmless(letter->code))
            return false;
        text.remove_prefix(letter->bytes);
    }
    return true;
}

bool isFileName(std::string_view name)
{
    return !name.empty() && name.size() <= longestFileName && name[0] != '.'
           && name.find_first_of("/\\") == std::string_view::npos && isPlain(name);
}

std::string fileNameFor(std::string_view text)
{
    constexpr std::size_t longest = 60; // bytes: a suffix and a number have room beside it
    std::string name;
    while (!text.empty()) {
        const std::optional<Letter> letter = firstLetter(text);
        const std::string_view sign = text.substr(0, letter ? letter->bytes : 1);
        if (name.size() + sign.size() > longest)
            break;
        const bool taken = letter && isHarmless(letter->code)
                           && std::string_view("/\\:*?\"<>|").find(sign) == std::string_view::npos;
        const bool hides = name.empty() && (sign == "." || sign == " "); // or is lost
        if (!hides)
            name += taken ? sign : "-";
        text.remove_prefix(sign.size());
    }
    name.erase(name.find_last_not_of(". ") + 1);
    return name.empty() || isReserved(name) ? name + "_" : name;
}

} // namespace losslab
