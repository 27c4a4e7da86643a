#include "base/platformdetail.h"

#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>

namespace losslab::platform {

namespace fs = std::filesystem;
using namespace detail;

namespace {

constexpr int lockTries = 50;
constexpr std::chrono::milliseconds lockPause{10};

/// False where another program writes it. One that asks whether it is written holds it for a moment, too.
bool lockToWrite(int descriptor)
{
    for (int tries = 1;; ++tries) {
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
            return true; // or the file system has no locks
        if (tries == lockTries)
            return false;
        std::this_thread::sleep_for(lockPause);
    }
}

} // namespace

AppendFile::AppendFile(int descriptor, fs::path path, std::uint64_t length)
    : m_descriptor(descriptor), m_path(std::move(path)), m_length(length)
{}

AppendFile::AppendFile(AppendFile &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_path(std::move(other.m_path)),
      m_length(other.m_length)
{}

AppendFile &AppendFile::operator=(AppendFile &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_path, other.m_path);
    std::swap(m_length, other.m_length);
    return *this;
}

AppendFile::~AppendFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<AppendFile> AppendFile::create(const fs::path &path)
{
    const int descriptor = openToWrite(path, O_CREAT | appending);
    if (descriptor < 0)
        return failure("make", path, -descriptor);
    AppendFile file(descriptor, path, 0);
    if (!lockToWrite(descriptor) || !file.check())
        return failure("make", path, EEXIST);
    if (const int error = syncFolder(folderOf(path)))
        return failure("make", path, error);
    return file;
}

Result<AppendFile> AppendFile::open(const fs::path &path)
{
    const int descriptor = openToWrite(path, O_CREAT | appending);
    if (descriptor < 0)
        return failure("write", path, -descriptor);
    AppendFile file(descriptor, path, 0);
    const off_t length = ::lseek(descriptor, 0, SEEK_END);
    if (length < 0)
        return failure("write", path, errno);
    file.m_length = static_cast<std::uint64_t>(length);
    return file;
}

Result<AppendFile> AppendFile::reopen(const fs::path &path)
{
    const int descriptor = openToWrite(path, appending);
    if (descriptor < 0)
        return failure("write", path, -descriptor);
    AppendFile file(descriptor, path, 0);
    if (!lockToWrite(descriptor))
        return dataError(
            fmt::format("{} is being written by another LossLab. Wait until it has ended, or stop "
                        "it.",
                        quoted(path)));
    const off_t length = ::lseek(descriptor, 0, SEEK_END);
    if (length < 0)
        return failure("write", path, errno);
    file.m_length = static_cast<std::uint64_t>(length);
    if (const auto checked = file.check(); !checked) // replaced before it was locked
        return tl::unexpected(checked.error());
    return file;
}

Result<void> AppendFile::moveTo(const fs::path &path)
{
    if (const auto moved = platform::rename(m_path, path); !moved)
        return moved;
    m_path = path;
    return {};
}

/// Whether the path still leads to this file, and it holds what was written.
Result<void> AppendFile::check() const
{
    struct stat here
    {
    }, there{};
    if (::fstat(m_descriptor, &here) != 0)
        return failure("write", m_path, errno);
    if (::stat(m_path.c_str(), &there) != 0 || there.st_dev != here.st_dev || there.st_ino != here.st_ino)
        return dataError(fmt::format("{} was deleted, moved or replaced while LossLab was writing to it, so "
                                     "what comes after that cannot be kept.",
                                     quoted(m_path)));
    if (static_cast<std::uint64_t>(here.st_size) != m_length)
        return dataError(fmt::format("{} was changed by another program while LossLab was writing to it: it "
                                     "has {} bytes where {} were written.",
                                     quoted(m_path), here.st_size, m_length));
    return {};
}

/// After a write that broke off with the error.
Result<void> AppendFile::cutTo(std::uint64_t length, int error)
{
    m_length = length;
    if (const int failed = detail::cut(m_descriptor, length))
        return failure("cut back", m_path, failed);
    return failure("write", m_path, error);
}

Result<void> AppendFile::append(std::string_view text)
{
    if (const auto checked = check(); !checked)
        return checked;
    std::size_t written = 0;
    if (const int error = writeAll(m_descriptor, text, written))
        return cutTo(m_length, error);
    m_length += written;
    return {};
}

Result<void> AppendFile::appendLines(std::string &lines)
{
    if (const auto checked = check(); !checked)
        return checked;
    std::size_t written = 0;
    const int error = writeAll(m_descriptor, lines, written);
    const std::size_t whole = written == 0 ? 0 : lines.rfind('\n', written - 1) + 1; // 0 where there is none
    lines.erase(0, whole);
    if (error)
        return cutTo(m_length + whole, error);
    m_length += whole;
    return {};
}

Result<void> AppendFile::clear()
{
    if (const int error = detail::cut(m_descriptor, 0))
        return failure("write", m_path, error);
    m_length = 0;
    return {};
}

Result<void> AppendFile::sync()
{
    if (const int error = syncToDisk(m_descriptor))
        return failure("write", m_path, error);
    return check();
}

Result<void> addLine(const fs::path &path, std::string line)
{
    const int descriptor = openToWrite(path, O_CREAT | appending);
    if (descriptor < 0)
        return failure("write", path, -descriptor);
    const Descriptor file(descriptor);
    line += '\n';
    std::size_t written = 0;
    if (const int error = writeAll(file.value(), line, written))
        return failure("write", path, error);
    return {};
}

bool isBeingAppended(const fs::path &path)
{
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
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
    const int descriptor = openToWrite(path, O_CREAT | O_NONBLOCK);
    if (descriptor < 0)
        return failure("write", path, -descriptor);
    FileLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return std::nullopt;
    return lock; // some file systems have no locks: then nobody holds one
}

} // namespace losslab::platform
