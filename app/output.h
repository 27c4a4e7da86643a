#pragma once

#include <cstdio>
#include <fmt/format.h>

/// Text for people and scripts. Neither function throws where it cannot be written: a run goes on when nobody
/// listens any more, and main() says at the end where results were lost.
namespace losslab::app {

inline void write(std::FILE *stream, const std::string &text)
{
    std::fwrite(text.data(), 1, text.size(), stream);
}

/// A result, to standard output.
template <class... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments &&...arguments)
{
    write(stdout, fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// Progress, a note or a complaint, to standard error.
template <class... Arguments>
void tell(fmt::format_string<Arguments...> format, Arguments &&...arguments)
{
    write(stderr, fmt::format(format, std::forward<Arguments>(arguments)...));
}

} // namespace losslab::app
