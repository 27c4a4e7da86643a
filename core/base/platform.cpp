#include "base/platform.h"

#include "base/controlgroups.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fstream>
#include <mutex>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <set>
#include <sys/ioctl.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace losslab::platform {

namespace fs = std::filesystem;

namespace {

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

fs::path datasetsFolder()
{
    return homeFolder() / "datasets";
}

fs::path presetsFolder()
{
    return homeFolder() / "presets";
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
    if (const auto cores = ControlGroups{}.cores())
        count = std::min(count, static_cast<int>(std::lround(*cores)));
    return std::max(1, count);
}

double threadSeconds()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::uint64_t memoryBytes()
{
    const std::uint64_t machine = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES))
                                  * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return std::min(machine, ControlGroups{}.memory().value_or(machine));
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

bool standardOutputIsTerminal()
{
    return ::isatty(STDOUT_FILENO) == 1;
}

bool readerOfOutputIsGone()
{
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

void endAsReaderIsGone()
{
    std::signal(SIGPIPE, SIG_DFL);
    ::raise(SIGPIPE);
    std::_Exit(128 + SIGPIPE); // where the signal is blocked
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
        try {
            std::thread(waitForInterrupts).detach();
        } catch (const std::system_error &)
        { // no thread to be had: signals end the program, as they do anyway
            return;
        }
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
