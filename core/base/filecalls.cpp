#include "base/filehook.h"
#include "base/platformdetail.h"

#include <atomic>
#include <fcntl.h>
#include <fmt/format.h>
#include <mutex>
#include <sys/stat.h>

namespace losslab::platform {

namespace fs = std::filesystem;

namespace {

using Kind = FileCall::Kind;

std::atomic<bool> isHooked{false};
std::mutex hookMutex;
FileHook fileHook;

/// The call by `system`, which returns what a system call does, or as the hook has it.
template <class System>
long made(FileCall call, const System &system)
{
    const auto make = [&]() -> long {
        const long result = system(call);
        return result < 0 ? -errno : result;
    };
    if (!isHooked.load(std::memory_order_relaxed))
        return make();
    const std::lock_guard lock(hookMutex);
    return fileHook ? fileHook(call, make) : make();
}

int errorOf(long result)
{
    return result < 0 ? static_cast<int>(-result) : 0;
}

/// Some file systems cannot sync a pipe or a folder (EINVAL): nothing can be done about that.
int syncWhole(int descriptor)
{
    while (::fsync(descriptor) != 0) {
        if (errno == EINVAL)
            return 0;
        if (errno != EINTR)
            return -1;
    }
    return 0;
}

} // namespace

void hookFileCalls(FileHook hook)
{
    const std::lock_guard lock(hookMutex);
    fileHook = std::move(hook);
    isHooked = static_cast<bool>(fileHook);
}

void limitRoom(std::function<std::size_t(std::size_t)> room)
{
    if (!room)
        return hookFileCalls({});
    hookFileCalls([room = std::move(room)](FileCall &call, const std::function<long()> &make) -> long {
        if (call.kind != Kind::Write)
            return make();
        call.data = call.data.substr(0, room(call.data.size()));
        return call.data.empty() ? -ENOSPC : make();
    });
}

namespace detail {

Descriptor::~Descriptor()
{
    if (isOpen())
        ::close(m_value);
}

int openToWrite(const fs::path &path, int flags)
{
    return static_cast<int>(made({.kind = Kind::Open, .path = path}, [flags](const FileCall &call) -> long {
        return ::open(call.path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0666);
    }));
}

Descriptor openNameless(const fs::path &folder)
{
    const long opened = made({.kind = Kind::OpenNameless, .path = folder}, [](const FileCall &call) -> long {
        return ::open(call.path.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
    });
    return Descriptor(opened < 0 ? -1 : static_cast<int>(opened));
}

int writeAll(int descriptor, std::string_view text, std::size_t &written)
{
    written = 0;
    while (written < text.size()) {
        const long count = made({.kind = Kind::Write, .file = descriptor, .data = text.substr(written)},
                                [](const FileCall &call) -> long {
                                    return ::write(call.file, call.data.data(), call.data.size());
                                });
        if (const int error = errorOf(count); error && error != EINTR)
            return error;
        if (count > 0)
            written += static_cast<std::size_t>(count);
    }
    return 0;
}

int cut(int descriptor, std::uint64_t length)
{
    return errorOf(
        made({.kind = Kind::Cut, .file = descriptor, .length = length}, [](const FileCall &call) -> long {
            return ::ftruncate(call.file, static_cast<off_t>(call.length));
        }));
}

int syncToDisk(int descriptor)
{
    return errorOf(made({.kind = Kind::Sync, .file = descriptor},
                        [](const FileCall &call) -> long { return syncWhole(call.file); }));
}

int syncFolder(const fs::path &folder)
{
    return errorOf(made({.kind = Kind::SyncFolder, .path = folder}, [](const FileCall &call) -> long {
        const Descriptor descriptor(::open(call.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        return descriptor.isOpen() ? syncWhole(descriptor.value()) : -1;
    }));
}

int giveName(int nameless, const fs::path &path)
{
    return errorOf(
        made({.kind = Kind::Link, .path = path, .file = nameless}, [](const FileCall &call) -> long {
            const std::string self = fmt::format("/proc/self/fd/{}", call.file);
            return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, call.path.c_str(), AT_SYMLINK_FOLLOW);
        }));
}

int renameTo(const fs::path &from, const fs::path &to)
{
    return errorOf(made({.kind = Kind::Rename, .path = from, .to = to}, [](const FileCall &call) -> long {
        return ::rename(call.path.c_str(), call.to.c_str());
    }));
}

int removeName(const fs::path &path)
{
    return errorOf(made({.kind = Kind::Remove, .path = path},
                        [](const FileCall &call) -> long { return ::unlink(call.path.c_str()); }));
}

int makeOneFolder(const fs::path &path)
{
    return errorOf(made({.kind = Kind::MakeFolder, .path = path},
                        [](const FileCall &call) -> long { return ::mkdir(call.path.c_str(), 0777); }));
}

int removeOneFolder(const fs::path &path)
{
    return errorOf(made({.kind = Kind::RemoveFolder, .path = path},
                        [](const FileCall &call) -> long { return ::rmdir(call.path.c_str()); }));
}

} // namespace detail

} // namespace losslab::platform
