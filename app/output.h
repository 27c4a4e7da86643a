#pragma once

#include "base/plaintext.h"
#include "base/platform.h"

#include <cstdio>
#include <filesystem>
#include <fmt/format.h>

/// Text for people and scripts. No function throws where it cannot be written: a run goes on when nobody
/// listens any more, and main() says at the end where results were lost. What may come from elsewhere (a run
/// folder, a path) cannot steer the terminal: see plainText().
namespace losslab::app {

inline void write(std::FILE *stream, const std::string &text)
{
    std::fwrite(text.data(), 1, text.size(), stream);
}

/// A result, to standard output.
template <class... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments &&...arguments)
{
    write(stdout, plainText(fmt::format(format, std::forward<Arguments>(arguments)...)));
}

/// A path as a result, on a line of its own. A script gets it byte for byte.
inline void printPath(const std::filesystem::path &path)
{
    write(stdout, (platform::standardOutputIsTerminal() ? plainText(path.string()) : path.string()) + "\n");
}

/// Progress, a note or a complaint, to standard error.
template <class... Arguments>
void tell(fmt::format_string<Arguments...> format, Arguments &&...arguments)
{
    write(stderr, plainText(fmt::format(format, std::forward<Arguments>(arguments)...)));
}

/// What does steer it: of the program's own text.
inline void steer(const std::string &text)
{
    write(stderr, text);
}

} // namespace losslab::app
