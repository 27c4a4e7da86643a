#pragma once

#include "base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace losslab {

/// A list of SHA-256 check sums as the usual tools write it: "<sum>  <name>", "<sum> *<name>", or with --tag
/// "SHA256 (<name>) = <sum>"; capitals, folders before the name, line ends of Windows, comments (#) and empty
/// lines do not matter.
class ChecksumList
{
public:
    /// Data error naming the first line that is none of this.
    static Result<ChecksumList> read(const std::filesystem::path &path);

    /// The one of a data set's folder, SHA256SUMS; empty where it has none.
    static Result<ChecksumList> of(const std::filesystem::path &folder);

    bool empty() const { return m_entries.empty(); }
    /// The sum in small letters; nothing where the file is not listed. Of several files of one name, the one
    /// in the list's own folder or in a folder called as the file's.
    std::optional<std::string> find(const std::filesystem::path &file) const;

private:
    struct Entry
    {
        std::filesystem::path name;
        std::string sum;
    };

    std::vector<Entry> m_entries;
};

} // namespace losslab
