#include "store/platform.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace losslab::platform {

namespace fs = std::filesystem;

namespace {

/// What a system call's error means to the person, and what to do about it.
tl::unexpected<Error> failure(std::string_view doing, const fs::path &path, int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return dataError(fmt::format(
            "There is no more room for {}: the disk is full, or a quota or size limit is reached. "
            "Free some space or choose another folder, and run again.",
            quoted(path)));
    case EACCES:
    case EPERM:
    case EROFS:
        return dataError(
            fmt::format("LossLab has no permission to {} {}. Change the permission or choose another folder.",
                        doing, quoted(path)));
    case ENOENT:
        return dataError(
            fmt::format("Could not {} {}: there is no such file or folder.", doing, quoted(path)));
    case EEXIST:
        return dataError(fmt::format("Could not {} {}: there is one already.", doing, quoted(path)));
    default:
        return dataError(
            fmt::format("Could not {} {}: {}.", doing, quoted(path), std::generic_category().message(error)));
    }
}

/// Owns a descriptor for the length of a scope.
class Descriptor
{
public:
    explicit Descriptor(int value) : m_value(value) {}
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor()
    {
        if (m_value >= 0)
            ::close(m_value);
    }

    int value() const { return m_value; }
    bool isOpen() const { return m_value >= 0; }

    /// Network file systems report a failed write only here. 0, or the error.
    int close() { return ::close(std::exchange(m_value, -1)) == 0 || errno == EINTR ? 0 : errno; }

private:
    int m_value;
};

/// Writes all of it. 0, or the error.
int writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return errno;
        if (written > 0)
            text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

/// 0, or the error. Some file systems cannot sync a pipe or a folder (EINVAL): nothing can be done about
/// that.
int syncToDisk(int descriptor)
{
    while (::fsync(descriptor) != 0) {
        if (errno == EINVAL)
            return 0;
        if (errno != EINTR)
            return errno;
    }
    return 0;
}

int syncFolder(const fs::path &folder)
{
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return descriptor.isOpen() ? syncToDisk(descriptor.value()) : errno;
}

fs::path folderOf(const fs::path &path)
{
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// A name beside `path` that no other process or thread uses.
fs::path temporaryBeside(const fs::path &path)
{
    static std::atomic<unsigned> counter{0};
    return folderOf(path) / fmt::format(".losslab-{}-{}.tmp", ::getpid(), counter++);
}

/// 0, or the error.
int writeNewFile(const fs::path &path, std::string_view content)
{
    Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (!descriptor.isOpen())
        return errno;
    if (const int error = writeAll(descriptor.value(), content))
        return error;
    if (const int error = syncToDisk(descriptor.value()))
        return error;
    return descriptor.close();
}

} // namespace

std::string quoted(const fs::path &path)
{
    const std::u8string text = path.u8string();
    return fmt::format("“{}”", std::string_view(reinterpret_cast<const char *>(text.data()), text.size()));
}

Result<void> makeFolder(const fs::path &folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return failure("make the folder", folder, error.value());
    return {};
}

Result<void> writeFileAtomically(const fs::path &path, std::string_view content)
{
    const fs::path temporary = temporaryBeside(path);
    if (const int error = writeNewFile(temporary, content)) {
        ::unlink(temporary.c_str());
        return failure("write", path, error);
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        return failure("write", path, error);
    }
    if (const int error = syncFolder(folderOf(path)))
        return failure("write", path, error);
    return {};
}

Result<std::string> readFile(const fs::path &path)
{
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts
    {};
    if (!descriptor.isOpen() || ::fstat(descriptor.value(), &facts) != 0)
        return failure("read", path, errno);
    if (S_ISDIR(facts.st_mode))
        return failure("read", path, EISDIR);

    // The size is a hint: the file may be growing. One byte more, and the end is met without growing the
    // buffer.
    std::string content(static_cast<std::size_t>(facts.st_size) + 1, '\0');
    std::size_t length = 0;
    for (;;) {
        if (length == content.size())
            content.resize(length * 2);
        const ssize_t got = ::read(descriptor.value(), content.data() + length, content.size() - length);
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
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.isOpen())
        return failure("read", path, errno);
    std::string part(partSize, '\0');
    for (;;) {
        const ssize_t got = ::read(descriptor.value(), part.data(), part.size());
        if (got < 0 && errno != EINTR)
            return failure("read", path, errno);
        if (got == 0 || (got > 0 && !take(std::string_view(part).substr(0, static_cast<std::size_t>(got)))))
            return {};
    }
}

AppendFile::AppendFile(int descriptor, fs::path path) : m_descriptor(descriptor), m_path(std::move(path)) {}

AppendFile::AppendFile(AppendFile &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_path(std::move(other.m_path))
{}

AppendFile &AppendFile::operator=(AppendFile &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_path, other.m_path);
    return *this;
}

AppendFile::~AppendFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<AppendFile> AppendFile::create(const fs::path &path)
{
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return failure("make", path, errno);
    AppendFile file(descriptor, path);
    (void)::flock(descriptor, LOCK_EX | LOCK_NB); // some file systems have no locks
    if (const int error = syncFolder(folderOf(path)))
        return failure("make", path, error);
    return file;
}

Result<AppendFile> AppendFile::open(const fs::path &path)
{
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return failure("write", path, errno);
    return AppendFile(descriptor, path);
}

Result<void> AppendFile::append(std::string_view text)
{
    const off_t before = ::lseek(m_descriptor, 0, SEEK_END);
    if (before < 0)
        return failure("write", m_path, errno);
    if (const int error = writeAll(m_descriptor, text)) {
        if (::ftruncate(m_descriptor, before) != 0)
            return failure("cut back", m_path, errno);
        return failure("write", m_path, error);
    }
    return {};
}

Result<void> AppendFile::clear()
{
    if (::ftruncate(m_descriptor, 0) != 0)
        return failure("write", m_path, errno);
    return {};
}

Result<void> AppendFile::sync()
{
    if (const int error = syncToDisk(m_descriptor))
        return failure("write", m_path, error);
    return {};
}

bool isBeingAppended(const fs::path &path)
{
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return descriptor.isOpen() && ::flock(descriptor.value(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

FileLock::FileLock(FileLock &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FileLock::~FileLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<std::optional<FileLock>> FileLock::tryTake(const fs::path &path)
{
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return failure("write", path, errno);
    FileLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return std::nullopt;
    return lock; // some file systems have no locks: then nobody holds one
}

Result<void> rename(const fs::path &from, const fs::path &to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        return failure("make", to, errno);
    if (const int error = syncFolder(folderOf(to)))
        return failure("make", to, error);
    return {};
}

} // namespace losslab::platform
