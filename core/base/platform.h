#pragma once

#include "base/descriptor.h"
#include "base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// The one seam to the operating system: files that are whole or not there, folders of the user, facts of the
/// machine.
namespace losslab::platform {

/// A path for a message: in quotation marks, as plain text on one line whatever the name.
std::string quoted(const std::filesystem::path &path);

/// Makes a folder and those above it, durably. Data error where that may not be.
Result<void> makeFolder(const std::filesystem::path &folder);
/// Makes this folder alone. False where something of that name is there already.
Result<bool> makeNewFolder(const std::filesystem::path &folder);
/// Data error where it is there afterwards.
Result<void> removeFile(const std::filesystem::path &path);
/// Data error where something is in it, or it is not there.
Result<void> removeEmptyFolder(const std::filesystem::path &folder);

/// Writes temporary file, fsync, rename, fsync of the folder: afterwards the file is there whole, or as it
/// was before. Data error in words ("There is no more room for …").
Result<void> writeFileAtomically(const std::filesystem::path &path, std::string_view content);

/// Removes what a program that was killed while it wrote into the folder has left there.
void clearLeftovers(const std::filesystem::path &folder);

/// What stands at a path.
struct FileFacts
{
    bool isFile = false; ///< an ordinary one: no folder, pipe or device
    bool isFolder = false;
    std::uint64_t size = 0; ///< bytes
};

/// Nothing where nothing stands there. Data error where that cannot be told: no permission, …
Result<std::optional<FileFacts>> look(const std::filesystem::path &path);

/// Bytes that a file may have where nothing else is said.
constexpr std::uint64_t largestFile = std::uint64_t{2} << 30;

/// Reads a whole file. Data error, before anything is read, where it is missing, no ordinary file, or has
/// more bytes than `largest`; or where it is unreadable.
Result<std::string> readFile(const std::filesystem::path &path, std::uint64_t largest = largestFile);

/// Reads a file of any size part by part, each handed to `take`, until that says no more. Data error as of
/// readFile().
Result<void> readParts(const std::filesystem::path &path, const std::function<bool(std::string_view)> &take);

/// A file that only grows, and that sync() makes durable. Locked for as long as it is open, so that others
/// can tell. Every call but the first is a data error where the file is no longer what it was: deleted,
/// moved, or changed by another program.
class AppendFile
{
public:
    /// Makes the file, or takes one that is empty and that no program has open. Data error where there is
    /// another one.
    static Result<AppendFile> create(const std::filesystem::path &path);
    /// Goes on with the file, or makes it. Not locked.
    static Result<AppendFile> open(const std::filesystem::path &path);
    /// Goes on with a file that is there, locked. Data error where another program has it open.
    static Result<AppendFile> reopen(const std::filesystem::path &path);

    /// All of it, or nothing: on failure the file is cut back to its former length.
    Result<void> append(std::string_view text);
    /// Takes from `lines` what it has appended. On failure, the lines that there is room for are in the file,
    /// and the others still in `lines`.
    Result<void> appendLines(std::string &lines);
    Result<void> clear(); ///< begins anew
    Result<void> sync();
    /// Gives the synced file another name on the same file system, durably; what was there is gone.
    Result<void> moveTo(const std::filesystem::path &path);

private:
    AppendFile(detail::Descriptor descriptor, std::filesystem::path path)
        : m_descriptor(std::move(descriptor)), m_path(std::move(path))
    {}
    Result<void> takeLength();
    Result<void> check() const;
    Result<void> cutTo(std::uint64_t length, int error);

    detail::Descriptor m_descriptor;
    std::filesystem::path m_path;
    std::uint64_t m_length = 0; ///< bytes, as this has written them
};

/// Adds a line to the end of a file, or makes it; lines of several programs at once do not mix.
Result<void> addLine(const std::filesystem::path &path, std::string line);

/// Tells a file or folder from any other, whatever its name; nothing where there is none.
std::optional<std::pair<std::uint64_t, std::uint64_t>> identityOf(const std::filesystem::path &path);

/// Whether some program has the file open as an AppendFile.
bool isBeingAppended(const std::filesystem::path &path);

/// Held by one program (and one part of it) at a time, for as long as it lives. The file stays.
class FileLock
{
public:
    /// Nothing where another holds it, and does not let it go within `patience`. Data error where the file
    /// cannot be made.
    static Result<std::optional<FileLock>> tryTake(const std::filesystem::path &path,
                                                   std::chrono::milliseconds patience = {});

private:
    explicit FileLock(detail::Descriptor descriptor) : m_descriptor(std::move(descriptor)) {}
    detail::Descriptor m_descriptor;
};

/// Gives a synced file, or a folder of such, another name on the same file system, durably.
Result<void> rename(const std::filesystem::path &from, const std::filesystem::path &to);

/// Where runs, settings and downloaded data sets are kept: $LOSSLAB_HOME, else the user's data folder
/// ($XDG_DATA_HOME/losslab, …).
std::filesystem::path homeFolder();
/// homeFolder()/runs.
std::filesystem::path runsFolder();
/// homeFolder()/datasets: those that were downloaded.
std::filesystem::path datasetsFolder();
/// homeFolder()/presets: a person's own.
std::filesystem::path presetsFolder();
std::filesystem::path executableFolder();

std::string cpuName();
/// Cores this process may use, and bytes of memory: fewer than the machine has under a batch system or in a
/// container.
int cpuCount();
std::uint64_t memoryBytes();
/// Processor time that the calling thread has used, in seconds.
double threadSeconds();
/// The model of the NVIDIA card, as its driver tells it; empty where there is none, or several of which one
/// cannot be told.
std::string gpuName();
/// Where the folder does not exist yet, of the nearest one above it that does.
std::uint64_t freeDiskBytes(const std::filesystem::path &folder);

bool standardErrorIsTerminal();
bool standardOutputIsTerminal();
/// Whether standard output leads into a pipe that nobody reads any more.
bool readerOfOutputIsGone();
/// Ends the process as a command ends whose reader has gone: by SIGPIPE.
[[noreturn]] void endAsReaderIsGone();
int terminalColumns();
/// For the beginning of main(): a reader that has gone away and a limit on a file's size become errors of the
/// write, instead of ending the process; and a standard stream that is closed is never the number of a file
/// opened later.
void makeWritesFailInWords();
/// Calls back (from an ordinary thread) at the first SIGINT or SIGTERM, the next of which ends the process at
/// once, and at SIGHUP (a terminal that goes away), unless that is ignored as under nohup.
void onInterrupt(std::function<void()> handler);

/// "2026-11-24T10:15:30Z".
std::string utcNow();
/// "2026-11-24-101530", local time: for names of folders.
std::string localStamp();

} // namespace losslab::platform
