#pragma once

#include <string>
#include <tl/expected.hpp>

namespace losslab {

/// What kind of thing went wrong. Decides the exit code of a command and the tone of a message.
enum class ErrorKind {
    Usage,    ///< a wrong option, parameter or name: exit code 2
    Data,     ///< a file, folder or data set: exit code 3
    Training, ///< the run itself: exit code 1
};

/// An error for people: a full sentence that says what is wrong and, where there is one, the way on.
struct Error
{
    ErrorKind kind = ErrorKind::Training;
    std::string message;
    bool noRoom = false; ///< the disk is full: what failed may succeed later
};

/// For what the world does: files, arguments, data. Exceptions are left to LibTorch and to stop.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> usageError(std::string message)
{
    return tl::unexpected(Error{ErrorKind::Usage, std::move(message)});
}

inline tl::unexpected<Error> dataError(std::string message)
{
    return tl::unexpected(Error{ErrorKind::Data, std::move(message)});
}

inline tl::unexpected<Error> trainingError(std::string message)
{
    return tl::unexpected(Error{ErrorKind::Training, std::move(message)});
}

} // namespace losslab
