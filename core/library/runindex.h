#pragma once

#include "library/runentry.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace losslab {

/// All runs in a folder, the one begun last first. What their files say is kept in a cache, an SQLite file
/// that may be thrown away at any time, so that only runs that have changed are read again. Of one thread.
class RunIndex
{
public:
    explicit RunIndex(std::filesystem::path runs, std::filesystem::path cache = standardCache());
    ~RunIndex();
    RunIndex(const RunIndex &) = delete;
    RunIndex &operator=(const RunIndex &) = delete;

    /// homeFolder()/library.sqlite.
    static std::filesystem::path standardCache();

    /// Brings the entries up to date; true where any has changed. Without a cache (a full disk, another
    /// version's), all is read.
    bool refresh();
    const std::vector<RunEntry> &entries() const { return m_entries; }
    /// How many runs had to be read the last time.
    std::size_t readLast() const { return m_readLast; }

private:
    class Cache;
    struct Known;

    RunEntry entryOf(const std::filesystem::path &folder, const std::string &signature, const Known &known,
                     bool &changed);

    std::filesystem::path m_runs;
    std::unique_ptr<Cache> m_cache;
    std::map<std::string, std::string> m_signatures; ///< by folder name, of the entries
    std::vector<RunEntry> m_entries;
    std::size_t m_readLast = 0;
};

} // namespace losslab
