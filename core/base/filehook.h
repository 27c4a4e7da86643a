#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

/// For tests: every change to the file system that the program makes passes here, where it can be watched,
/// and made to fail.
namespace losslab::platform {

/// A change to the file system, about to be made.
struct FileCall
{
    enum class Kind {
        Open,         ///< `path` for writing; made where it is not there
        OpenNameless, ///< a new file in the folder `path`, without a name
        Write,        ///< `data` at the end of `file`
        Cut,          ///< `file` to `length` bytes
        Sync,         ///< data and length of `file` to the disk
        SyncFolder,   ///< the names in the folder `path` to the disk
        Link,         ///< the name `path` for `file`, which has none
        Rename,       ///< `path` to `to`
        Remove,       ///< the file `path`
        MakeFolder,   ///< `path`
        RemoveFolder, ///< `path`, which is empty
    };

    Kind kind = Kind::Open;
    std::filesystem::path path = {};
    std::filesystem::path to = {};
    int file = -1; ///< a descriptor
    std::string_view data = {};
    std::uint64_t length = 0;
};

/// Stands in place of each call, one at a time: makes it by make() and returns what that does, which is the
/// descriptor opened, the bytes written or 0, and below 0 the error (-ENOSPC); or returns an error without
/// making it. May shorten `data` before.
using FileHook = std::function<long(FileCall &call, const std::function<long()> &make)>;

/// From now on; an empty function takes it away.
void hookFileCalls(FileHook hook);

/// Of so many bytes that are to be written into a file, how many there is room for. Where that is not all,
/// the disk is full. An empty function takes the limit away. A hook, as above.
void limitRoom(std::function<std::size_t(std::size_t wanted)> room);

} // namespace losslab::platform
