#include "store/platform.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fstream>
#include <mutex>
#include <pwd.h>
#include <sched.h>
#include <set>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
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

/// The variable's value where it is an absolute path, else nothing.
fs::path folderFromEnvironment(const char *variable)
{
    const char *value = std::getenv(variable);
    return value && fs::path(value).is_absolute() ? fs::path(value) : fs::path();
}

fs::path userFolder()
{
    if (fs::path home = folderFromEnvironment("HOME"); !home.empty())
        return home;
    if (const passwd *user = ::getpwuid(::getuid()); user && user->pw_dir)
        return user->pw_dir;
    return fs::temp_directory_path();
}

/// The share of the machine a container may use, in cores (Linux control groups, version 2); 0 where there is
/// no limit.
int coresOfContainer()
{
    std::ifstream file("/sys/fs/cgroup/cpu.max");
    double quota = 0, period = 0;
    if (!(file >> quota >> period) || period <= 0)
        return 0;
    return std::max(1, static_cast<int>(quota / period + 0.5));
}

std::mutex interruptMutex;
std::function<void()> interruptHandler;
int interruptPipe[2] = {-1, -1};

/// Runs in a signal handler: may call nothing but what POSIX lists as safe there.
void noteInterrupt(int)
{
    const int savedError = errno;
    struct sigaction standard
    {};
    standard.sa_handler = SIG_DFL;
    ::sigaction(SIGINT, &standard, nullptr);
    ::sigaction(SIGTERM, &standard, nullptr);
    standard.sa_handler = SIG_IGN; // a shell that is hung up hands it on: it may well come twice
    ::sigaction(SIGHUP, &standard, nullptr);
    [[maybe_unused]] const ssize_t written = ::write(interruptPipe[1], "!", 1);
    errno = savedError;
}

void waitForInterrupts()
{
    for (char mark = 0;;) {
        if (::read(interruptPipe[0], &mark, 1) != 1)
            continue;
        std::function<void()> handler;
        {
            const std::lock_guard lock(interruptMutex);
            handler = interruptHandler;
        }
        handler();
    }
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

fs::path homeFolder()
{
    if (const char *chosen = std::getenv("LOSSLAB_HOME"); chosen && *chosen)
        return chosen;
    if (fs::path data = folderFromEnvironment("XDG_DATA_HOME"); !data.empty())
        return data / "losslab";
    return userFolder() / ".local" / "share" / "losslab";
}

fs::path runsFolder()
{
    return homeFolder() / "runs";
}

fs::path executableFolder()
{
    std::error_code error;
    return fs::read_symlink("/proc/self/exe", error).parent_path();
}

std::string cpuName()
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (const auto colon = line.find(": "); line.starts_with("model name") && colon != std::string::npos)
            return line.substr(colon + 2);
    return "CPU";
}

int cpuCount()
{
    cpu_set_t allowed;
    int count = static_cast<int>(std::thread::hardware_concurrency());
    if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        count = CPU_COUNT(&allowed);
    if (const int cores = coresOfContainer(); cores > 0)
        count = std::min(count, cores);
    return std::max(1, count);
}

std::uint64_t memoryBytes()
{
    return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES))
           * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string gpuName()
{
    std::set<std::string> models;
    std::error_code error;
    for (const fs::directory_entry &card : fs::directory_iterator("/proc/driver/nvidia/gpus", error)) {
        std::ifstream file(card.path() / "information");
        for (std::string line; std::getline(file, line);)
            if (const auto start = line.find_first_not_of(" \t", std::string_view("Model:").size());
                line.starts_with("Model:") && start != std::string::npos)
                models.insert(line.substr(start));
    }
    return models.size() == 1 ? *models.begin() : std::string();
}

std::uint64_t freeDiskBytes(const fs::path &folder)
{
    std::error_code error;
    fs::path existing = fs::absolute(folder, error);
    while (!fs::exists(existing, error) && existing.has_relative_path())
        existing = existing.parent_path();
    const fs::space_info space = fs::space(existing, error);
    return error ? 0 : space.available;
}

bool standardErrorIsTerminal()
{
    return ::isatty(STDERR_FILENO) == 1;
}

int terminalColumns()
{
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void makeWritesFailInWords()
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    // What is opened takes the lowest free number: these three in turn, then one that is not needed. Nothing
    // can be written to them, so that lost results are noticed.
    int lowest = 0;
    while ((lowest = ::open("/dev/null", O_RDONLY)) >= 0 && lowest <= STDERR_FILENO) {
    }
    if (lowest >= 0)
        ::close(lowest);
}

void onInterrupt(std::function<void()> handler)
{
    const std::lock_guard lock(interruptMutex);
    interruptHandler = std::move(handler);
    if (interruptPipe[0] < 0) {
        if (::pipe2(interruptPipe, O_CLOEXEC) != 0)
            return;
        std::thread(waitForInterrupts).detach();
    }
    struct sigaction action
    {};
    action.sa_handler = noteInterrupt;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    struct sigaction hangUp
    {};
    if (::sigaction(SIGHUP, nullptr, &hangUp) == 0 && hangUp.sa_handler != SIG_IGN)
        ::sigaction(SIGHUP, &action, nullptr);
}

std::string utcNow()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", parts);
}

std::string localStamp()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::localtime_r(&now, &parts);
    return fmt::format("{:%Y-%m-%d-%H%M%S}", parts);
}

} // namespace losslab::platform
