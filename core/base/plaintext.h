#pragma once

#include <string>
#include <string_view>

namespace losslab {

/// Text from elsewhere as it may go to a terminal: control characters (but line breaks and tabs), invisible
/// ones that turn the direction of writing, and line separators are written as JSON has them, "\u001b"; what
/// is no UTF-8 becomes U+FFFD. `onOneLine`: line breaks and tabs as well, so that none of it looks like a
/// line of ours.
std::string plainText(std::string_view text, bool onOneLine = false);

/// Whether the text has nothing that plainText() changes, nor line breaks or tabs.
bool isPlain(std::string_view text);

/// Whether a file, or part of a file's name, may be called so: plain text of 1 to 200 bytes without / and \,
/// that does not begin with a dot.
bool isFileName(std::string_view name);

/// What a file may be called on any system, before its suffix, that is to be known by this text: signs that
/// some systems do not take become "-", a long text is cut, and a reserved name ("con") gets a "_".
std::string fileNameFor(std::string_view text);

} // namespace losslab
