#pragma once

#include "base/filehook.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace losslab::test {

/// A change to the file system that was made.
struct DiskStep
{
    platform::FileCall::Kind kind;
    std::filesystem::path path; ///< of a name or folder
    std::filesystem::path to;   ///< Rename
    int file = -1;              ///< a number of its own for each file
    std::string data;           ///< Write
    std::uint64_t length = 0;   ///< Cut
};

/// Records the changes beneath a folder: as a hook, or within one. What is there is taken as synced.
class DiskRecorder
{
public:
    explicit DiskRecorder(std::filesystem::path root);

    long answer(platform::FileCall &call, const std::function<long()> &make);

    const std::filesystem::path &root() const { return m_root; }
    const std::vector<DiskStep> &steps() const { return m_steps; }

private:
    bool isBeneath(const std::filesystem::path &path) const;
    void note(const platform::FileCall &call, long result);
    void noteOpened(const platform::FileCall &call, int descriptor);

    std::filesystem::path m_root;
    std::vector<DiskStep> m_steps;
    std::map<int, int> m_open;                    ///< files by descriptor
    std::map<std::filesystem::path, int> m_names; ///< files by name, as they are
    int m_files = 0;
};

/// What a disk holds as POSIX promises it, step by step: a synced file has its data and length, a synced
/// folder its names. The rest may be there in part, in any order.
class ModelDisk
{
public:
    using Files = std::map<std::filesystem::path, std::string>; ///< a folder ends with a slash

    explicit ModelDisk(std::filesystem::path root) : m_root(std::move(root)) {}

    void apply(const DiskStep &step);

    /// The contents that the file of this name had when it was last synced, for each file that may have that
    /// name after power was lost; nothing where there may be none.
    std::optional<std::vector<std::string>> certain(const std::filesystem::path &path) const;
    /// A state that losing power now may leave. Names are relative to the root.
    Files afterPowerLoss(std::mt19937_64 &random) const;

private:
    static constexpr int isFolder = -1;

    struct Change
    {
        bool isCut;
        std::uint64_t offset; ///< or the length
        std::string data;
    };
    struct File
    {
        std::string synced;
        std::vector<Change> since;
        std::uint64_t length = 0;
    };
    struct Naming
    {
        std::filesystem::path name; ///< gets the file
        std::filesystem::path gone; ///< is taken away
        int file = isFolder;
    };
    using Names = std::map<std::filesystem::path, int>;
    struct Folder
    {
        Names synced;
        std::vector<Naming> since;
    };

    static void apply(const Naming &naming, Names &names);
    void name(const Naming &naming);
    std::string contentAfter(const File &file, std::mt19937_64 &random) const;
    void collect(const std::filesystem::path &folder, std::mt19937_64 &random, Files &files) const;

    std::filesystem::path m_root;
    std::map<int, File> m_files;
    std::map<std::filesystem::path, Folder> m_folders;
};

} // namespace losslab::test
