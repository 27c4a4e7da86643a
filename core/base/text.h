#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace losslab {

/// Without spaces, tabs and line ends around it.
std::string_view trimmed(std::string_view text);

/// What stands between the separators, each trimmed: one part more than there are separators.
std::vector<std::string_view> splitAt(std::string_view text, char separator);

/// In small letters, as far as they are ASCII.
std::string lowered(std::string_view text);

/// How many columns UTF-8 text takes on a terminal, counting a code point as one.
std::size_t columnsOf(std::string_view text);
/// The text's first `columns` code points, with an ellipsis as the last of them where something was cut off.
std::string cutTo(std::string_view text, std::size_t columns);

/// A sentence with the stop that it may lack.
std::string withStop(std::string sentence);

/// The number that the whole text is, with a decimal point whatever the locale; nothing where it is none.
template <class Number>
std::optional<Number> readNumber(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

} // namespace losslab
