#include "base/growingfile.h"
#include "base/plaintext.h"
#include "base/platformdetail.h"

#include <atomic>
#include <fcntl.h>
#include <fmt/format.h>
#include <random>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>

namespace losslab::platform {

namespace fs = std::filesystem;
using namespace detail;

namespace {

/// A name beside `path` that no other process or thread uses, nor did one that was killed: a process of
/// another container, or of an earlier start of this one, may have had the same number.
fs::path temporaryBeside(const fs::path &path)
{
    static const unsigned process = std::random_device()();
    static std::atomic<unsigned> counter{0};
    return folderOf(path) / fmt::format(".losslab-{}-{:08x}-{}.tmp", ::getpid(), process, counter++);
}

bool isTemporary(const fs::path &path)
{
    const std::string name = path.filename().string();
    return name.starts_with(".losslab-") && name.ends_with(".tmp");
}

/// Locked while it is written, so that clearLeftovers() can tell it from what was left.
bool lockWhole(int descriptor)
{
    struct stat facts
    {};
    (void)::flock(descriptor, LOCK_EX | LOCK_NB); // some file systems have no locks
    return ::fstat(descriptor, &facts) == 0 && facts.st_nlink > 0;
}

/// One of that name, which was not there before. 0, or the error.
int openNamed(const fs::path &path, Descriptor &file)
{
    for (;;) {
        const int descriptor = openToWrite(path, O_CREAT | O_EXCL | O_NOFOLLOW);
        if (descriptor < 0)
            return -descriptor;
        file = Descriptor(descriptor);
        if (lockWhole(descriptor)) // else it was taken for a leftover just now
            return 0;
    }
}

int fill(const Descriptor &file, std::string_view content)
{
    std::size_t written = 0;
    if (const int error = writeAll(file.value(), content, written))
        return error;
    return syncToDisk(file.value());
}

/// The content under the temporary name. Such a file stays locked. 0, or the error.
int writeNewFile(const fs::path &temporary, std::string_view content, Descriptor &file)
{
    file = openNameless(folderOf(temporary));
    if (file.isOpen()) {
        (void)::flock(file.value(), LOCK_EX | LOCK_NB);
        if (const int error = fill(file, content))
            return error;
        if (giveName(file.value(), temporary) == 0)
            return 0;
    }
    const int error = openNamed(temporary, file);
    return error ? error : fill(file, content);
}

FileFacts factsOf(const struct stat &facts)
{
    return {S_ISREG(facts.st_mode), S_ISDIR(facts.st_mode), static_cast<std::uint64_t>(facts.st_size)};
}

std::string_view kindOf(const struct stat &facts)
{
    if (S_ISDIR(facts.st_mode))
        return "a folder";
    if (S_ISFIFO(facts.st_mode))
        return "a pipe";
    if (S_ISSOCK(facts.st_mode))
        return "a socket";
    return "a device";
}

tl::unexpected<Error> tooLarge(const fs::path &path, std::uint64_t size, std::uint64_t largest)
{
    return dataError(fmt::format(
        "Could not read {}: it has {} bytes, and LossLab reads at most {} here. Choose another file.",
        quoted(path), size, largest));
}

/// Opens an ordinary file and nothing else: a pipe would make the program wait, a device never end.
Result<Descriptor> openToRead(const fs::path &path, std::uint64_t largest, std::uint64_t &size)
{
    struct stat facts
    {};
    if (::stat(path.c_str(), &facts) != 0)
        return failure("read", path, errno);
    if (!S_ISREG(facts.st_mode))
        return dataError(fmt::format("Could not read {}: it is {}, not a file. Choose a file.", quoted(path),
                                     kindOf(facts)));
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!descriptor.isOpen() || ::fstat(descriptor.value(), &facts) != 0)
        return failure("read", path, errno);
    size = static_cast<std::uint64_t>(facts.st_size);
    if (size > largest)
        return tooLarge(path, size, largest);
    return descriptor;
}

} // namespace

namespace detail {

tl::unexpected<Error> failure(std::string_view doing, const fs::path &path, int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: {
        Error full = dataError(fmt::format("There is no more room for {}: the disk is full, or a quota or "
                                           "size limit is reached. Free some space or choose another "
                                           "folder.",
                                           quoted(path)))
                         .value();
        full.noRoom = error != EFBIG; // a limit of the process itself stays
        return tl::unexpected(std::move(full));
    }
    case EACCES:
    case EPERM:
    case EROFS:
        return dataError(
            fmt::format("LossLab has no permission to {} {}. Change the permission or choose another folder.",
                        doing, quoted(path)));
    case ENOENT:
        return dataError(fmt::format("Could not {} {}: there is no such file or folder. Check the path.",
                                     doing, quoted(path)));
    case EEXIST:
        return dataError(fmt::format("Could not {} {}: there is one already.", doing, quoted(path)));
    default:
        return dataError(
            fmt::format("Could not {} {}: {}.", doing, quoted(path), std::generic_category().message(error)));
    }
}

fs::path folderOf(const fs::path &path)
{
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

} // namespace detail

std::string quoted(const fs::path &path)
{
    const std::u8string text = path.u8string();
    return fmt::format(
        "“{}”", plainText(std::string_view(reinterpret_cast<const char *>(text.data()), text.size()), true));
}

Result<void> makeFolder(const fs::path &folder)
{
    std::error_code unreadable;
    if (fs::is_directory(folder, unreadable))
        return {};
    const fs::path above = folder.parent_path();
    if (!above.empty() && above != folder)
        if (const auto made = makeFolder(above); !made)
            return made;
    if (const int error = makeOneFolder(folder); error == EEXIST)
    { // another program was first, or it is a file
        if (!fs::is_directory(folder, unreadable))
            return failure("make the folder", folder, ENOTDIR);
    } else if (error) {
        return failure("make the folder", folder, error);
    }
    // So that what is synced within it stays. One above that may not be read cannot be.
    if (const int error = syncFolder(folderOf(folder)); error && error != EACCES)
        return failure("make the folder", folder, error);
    return {};
}

Result<bool> makeNewFolder(const fs::path &folder)
{
    const int error = makeOneFolder(folder);
    if (error && error != EEXIST)
        return failure("make the folder", folder, error);
    if (error == 0)
        (void)syncFolder(folderOf(folder));
    return error == 0;
}

Result<void> removeFile(const fs::path &path)
{
    const int error = removeName(path);
    if (error && error != ENOENT)
        return failure("remove", path, error);
    return {};
}

Result<void> removeEmptyFolder(const fs::path &folder)
{
    if (const int error = removeOneFolder(folder))
        return failure("remove", folder, error);
    return {};
}

Result<void> writeFileAtomically(const fs::path &path, std::string_view content)
{
    const fs::path temporary = temporaryBeside(path);
    Descriptor file;
    if (const int error = writeNewFile(temporary, content, file)) {
        removeName(temporary);
        return failure("write", path, error);
    }
    if (const int error = renameTo(temporary, path)) {
        removeName(temporary);
        return failure("write", path, error);
    }
    if (const int error = syncFolder(folderOf(path)))
        return failure("write", path, error);
    return {};
}

void clearLeftovers(const fs::path &folder)
{
    std::error_code error;
    if (fs::symlink_status(folder, error).type() != fs::file_type::directory)
        return; // a link may lead anywhere
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        if (!isTemporary(entry->path()) || entry->symlink_status(ignored).type() != fs::file_type::regular)
            continue;
        const Descriptor file(::open(entry->path().c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
        if (file.isOpen() && (::flock(file.value(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK))
            removeName(entry->path());
    }
}

Result<std::optional<FileFacts>> look(const fs::path &path)
{
    struct stat facts
    {};
    if (::stat(path.c_str(), &facts) == 0)
        return factsOf(facts);
    if (errno == ENOENT || errno == ENOTDIR)
        return std::nullopt;
    return failure("look at", path, errno);
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> identityOf(const fs::path &path)
{
    struct stat facts
    {};
    if (::stat(path.c_str(), &facts) != 0)
        return std::nullopt;
    return std::pair<std::uint64_t, std::uint64_t>(facts.st_dev, facts.st_ino);
}

Result<std::string> readFile(const fs::path &path, std::uint64_t largest)
{
    std::uint64_t size = 0;
    const auto descriptor = openToRead(path, largest, size);
    if (!descriptor)
        return tl::unexpected(descriptor.error());

    // The size is a hint: the file may be growing. One byte more, and the end is met without growing the
    // buffer.
    std::string content(static_cast<std::size_t>(size) + 1, '\0');
    std::size_t length = 0;
    for (;;) {
        if (length > largest)
            return tooLarge(path, length, largest);
        if (length == content.size())
            content.resize(length * 2);
        const ssize_t got = ::read(descriptor->value(), content.data() + length, content.size() - length);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return failure("read", path, errno);
        if (got > 0)
            length += static_cast<std::size_t>(got);
    }
    content.resize(length);
    return content;
}

Result<void> readParts(const fs::path &path, const std::function<bool(std::string_view)> &take)
{
    constexpr std::size_t partSize = 1 << 20;
    std::uint64_t size = 0;
    const auto descriptor = openToRead(path, std::numeric_limits<std::uint64_t>::max(), size);
    if (!descriptor)
        return tl::unexpected(descriptor.error());
    std::string part(partSize, '\0');
    for (;;) {
        const ssize_t got = ::read(descriptor->value(), part.data(), part.size());
        if (got < 0 && errno != EINTR)
            return failure("read", path, errno);
        if (got == 0 || (got > 0 && !take(std::string_view(part).substr(0, static_cast<std::size_t>(got)))))
            return {};
    }
}

Result<GrowingFile> GrowingFile::open(const fs::path &path)
{
    std::uint64_t size = 0;
    auto descriptor = openToRead(path, std::numeric_limits<std::uint64_t>::max(), size);
    if (!descriptor)
        return tl::unexpected(descriptor.error());
    return GrowingFile(std::move(*descriptor), path);
}

Result<void> rename(const fs::path &from, const fs::path &to)
{
    if (const int error = renameTo(from, to))
        return failure("make", to, error);
    if (const int error = syncFolder(folderOf(to)))
        return failure("make", to, error);
    return {};
}

} // namespace losslab::platform
