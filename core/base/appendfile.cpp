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

constexpr std::chrono::milliseconds lockPause{10};
/// One that asks whether a file is written holds it for a moment, too.
constexpr std::chrono::milliseconds writerPatience{500};

/// False where another program has the lock, and keeps it for that long.
bool lockWithin(std::chrono::milliseconds patience, int descriptor)
{
    for (const auto end = std::chrono::steady_clock::now() + patience;;) {
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
            return true; // or the file system has no locks: then nobody holds one
        if (std::chrono::steady_clock::now() >= end)
            return false;
        std::this_thread::sleep_for(lockPause);
    }
}

} // namespace

Result<AppendFile> AppendFile::create(const fs::path &path)
{
    const int descriptor = openToWrite(path, O_CREAT | appending);
    if (descriptor < 0)
        return failure("make", path, -descriptor);
    AppendFile file(Descriptor(descriptor), path);
    if (!lockWithin(writerPatience, descriptor) || !file.check())
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
    AppendFile file(Descriptor(descriptor), path);
    if (const auto taken = file.takeLength(); !taken)
        return tl::unexpected(taken.error());
    return file;
}

Result<AppendFile> AppendFile::reopen(const fs::path &path)
{
    const int descriptor = openToWrite(path, appending);
    if (descriptor < 0)
        return failure("write", path, -descriptor);
    AppendFile file(Descriptor(descriptor), path);
    const bool isLocked = lockWithin(writerPatience, descriptor);
    if (const auto taken = file.takeLength(); !taken)
        return tl::unexpected(taken.error());
    if (!isLocked || !file.check()) // replaced before it was locked
        return dataError(
            fmt::format("{} is being written by another LossLab. Wait until it has ended, or stop "
                        "it.",
                        quoted(path)));
    return file;
}

/// Goes on at its end.
Result<void> AppendFile::takeLength()
{
    const off_t length = ::lseek(m_descriptor.value(), 0, SEEK_END);
    if (length < 0)
        return failure("write", m_path, errno);
    m_length = static_cast<std::uint64_t>(length);
    return {};
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
    if (::fstat(m_descriptor.value(), &here) != 0)
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
    if (const int failed = detail::cut(m_descriptor.value(), length))
        return failure("cut back", m_path, failed);
    return failure("write", m_path, error);
}

Result<void> AppendFile::append(std::string_view text)
{
    if (const auto checked = check(); !checked)
        return checked;
    std::size_t written = 0;
    if (const int error = writeAll(m_descriptor.value(), text, written))
        return cutTo(m_length, error);
    m_length += written;
    return {};
}

Result<void> AppendFile::appendLines(std::string &lines)
{
    if (const auto checked = check(); !checked)
        return checked;
    std::size_t written = 0;
    const int error = writeAll(m_descriptor.value(), lines, written);
    const std::size_t whole = written == 0 ? 0 : lines.rfind('\n', written - 1) + 1; // 0 where there is none
    lines.erase(0, whole);
    if (error)
        return cutTo(m_length + whole, error);
    m_length += whole;
    return {};
}

Result<void> AppendFile::clear()
{
    if (const int error = detail::cut(m_descriptor.value(), 0))
        return failure("write", m_path, error);
    m_length = 0;
    return {};
}

Result<void> AppendFile::sync()
{
    if (const int error = syncToDisk(m_descriptor.value()))
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

Result<std::optional<FileLock>> FileLock::tryTake(const fs::path &path, std::chrono::milliseconds patience)
{
    const int descriptor = openToWrite(path, O_CREAT | O_NONBLOCK);
    if (descriptor < 0)
        return failure("write", path, -descriptor);
    FileLock lock{Descriptor(descriptor)};
    if (!lockWithin(patience, descriptor))
        return std::nullopt;
    return lock;
}

} // namespace losslab::platform
