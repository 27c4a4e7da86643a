#pragma once

#include "base/descriptor.h"
#include "base/platform.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

/// What the files of the platform seam share. For them alone.
namespace losslab::platform::detail {

/// What a system call's error means to the person, and what to do about it.
tl::unexpected<Error> failure(std::string_view doing, const std::filesystem::path &path, int error);

std::filesystem::path folderOf(const std::filesystem::path &path);

// Every change to the file system goes through these, so that tests can watch it (see filehook.h). Each
// returns 0, or the error, where nothing else is said.

/// For writing: the descriptor, or below 0 the error (-EACCES). `flags` are further ones of open().
int openToWrite(const std::filesystem::path &path, int flags);
/// Flags for a file at whose end is written, whoever has made it: no link, and no pipe that makes one wait.
constexpr int appending = O_APPEND | O_NOFOLLOW | O_NONBLOCK;
/// A new file in the folder that has no name yet, so that nothing of it is left if the program is killed; not
/// open where the file system has no such files.
Descriptor openNameless(const std::filesystem::path &folder);
int giveName(int nameless, const std::filesystem::path &path);
/// Writes all of it; `written` tells how much it was.
int writeAll(int descriptor, std::string_view text, std::size_t &written);
int cut(int descriptor, std::uint64_t length);
int syncToDisk(int descriptor);
int syncFolder(const std::filesystem::path &folder);
int renameTo(const std::filesystem::path &from, const std::filesystem::path &to);
int removeName(const std::filesystem::path &path);
int makeOneFolder(const std::filesystem::path &path);
int removeOneFolder(const std::filesystem::path &path);

} // namespace losslab::platform::detail
