#pragma once

#include "base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
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

    /// Compares a file with the list by its SHA-256 in small hexadecimal letters. Of several listed files of
    /// its name, the one in the list's own folder counts, or in a folder called as the file's. Data error:
    /// the sums differ, or the list, where there is one, lacks the file.
    Result<void> check(const std::filesystem::path &file, std::string_view digest) const;

private:
    std::optional<std::string> find(const std::filesystem::path &file) const;

    struct Entry
    {
        std::filesystem::path name;
        std::string sum;
    };

    std::filesystem::path m_path;
    std::vector<Entry> m_entries;
};

} // namespace losslab
