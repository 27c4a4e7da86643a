#include "data/checksumlist.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "base/sha256.h"
#include "base/text.h"
#include "data/gunzip.h"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>

namespace losslab {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largestList = std::uint64_t{1} << 20; ///< bytes
constexpr std::size_t longestLine = 5000;                     ///< bytes: a sum and a path
constexpr std::size_t sumLength = 64;

/// Windows' shell redirects as UTF-16; names and sums are ASCII.
std::string narrowed(std::string text)
{
    if (text.starts_with("\xff\xfe"))
        std::erase(text, '\0');
    for (const std::string_view mark : {"\xff\xfe", "\xef\xbb\xbf"})
        if (text.starts_with(mark))
            text.erase(0, mark.size());
    return text;
}

/// A name with the folders before it, whichever way they are written.
fs::path pathOf(std::string_view name)
{
    std::string path(name);
    std::replace(path.begin(), path.end(), '\\', '/');
    return fs::path(path).lexically_normal();
}

struct Parts
{
    std::string_view sum;
    std::string_view name;
};

/// "SHA256 (name) = sum", also as OpenSSL spells it.
std::optional<Parts> tagged(std::string_view line)
{
    const std::size_t open = line.find('('), close = line.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return std::nullopt;
    std::string algorithm = lowered(trimmed(line.substr(0, open)));
    std::erase(algorithm, '-');
    const std::string_view rest = trimmed(line.substr(close + 1));
    if ((algorithm != "sha256" && algorithm != "sha2256") || !rest.starts_with('='))
        return std::nullopt;
    return Parts{trimmed(rest.substr(1)), line.substr(open + 1, close - open - 1)};
}

std::optional<Parts> partsOf(std::string_view line)
{
    if (const auto parts = tagged(line))
        return parts;
    line.remove_prefix(line.starts_with('\\') ? 1 : 0); // before names with line breaks in them
    if (line.size() <= sumLength || !std::isspace(static_cast<unsigned char>(line[sumLength])))
        return std::nullopt;
    std::string_view name = trimmed(line.substr(sumLength));
    name.remove_prefix(name.starts_with('*') ? 1 : 0); // read as binary
    return Parts{line.substr(0, sumLength), name};
}

} // namespace

Result<ChecksumList> ChecksumList::read(const fs::path &path)
{
    const auto text = platform::readFile(path, largestList);
    if (!text)
        return tl::unexpected(text.error());
    ChecksumList list;
    list.m_path = path;
    std::istringstream lines(narrowed(*text));
    int number = 0;
    for (std::string whole; std::getline(lines, whole);) {
        ++number;
        const std::string_view line = trimmed(whole);
        if (line.empty() || line.starts_with('#'))
            continue;
        const auto parts = line.size() <= longestLine ? partsOf(line) : std::nullopt;
        const std::string sum = parts ? lowered(parts->sum) : std::string();
        if (!isSha256(sum) || parts->name.empty())
            return dataError(
                fmt::format("Line {} of {} is damaged: it should be a SHA-256 check sum in hexadecimal, two "
                            "spaces and a file name. Copy the data set again.",
                            number, platform::quoted(path)));
        list.m_entries.push_back({pathOf(parts->name), sum});
    }
    return list;
}

Result<ChecksumList> ChecksumList::of(const fs::path &folder)
{
    const fs::path path = folder / "SHA256SUMS";
    const auto there = platform::look(path);
    if (!there)
        return tl::unexpected(there.error());
    return *there ? read(path) : ChecksumList();
}

Result<void> ChecksumList::check(const fs::path &file, std::string_view digest) const
{
    if (empty())
        return {};
    const auto expected = find(file);
    if (!expected)
        return dataError(fmt::format("{} does not list {}. Copy the data set again, or delete the list if "
                                     "these files are your own.",
                                     platform::quoted(m_path), plainText(file.filename().string(), true)));
    if (*expected != digest)
        return damagedFile(file, fmt::format("its SHA-256 check sum is {}, {} has {}", digest,
                                             m_path.filename().string(), *expected));
    return {};
}

std::optional<std::string> ChecksumList::find(const fs::path &file) const
{
    const auto named = [&](const fs::path &name) {
        return std::find_if(m_entries.begin(), m_entries.end(),
                            [&](const Entry &entry) { return entry.name == name; });
    };
    const fs::path name = file.filename();
    for (const fs::path &form : {name, file.parent_path().filename() / name})
        if (const auto found = named(form); found != m_entries.end())
            return found->sum;
    const auto sameName = [&](const Entry &entry) { return entry.name.filename() == name; };
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), sameName);
    return found == m_entries.end() ? std::nullopt : std::optional(found->sum);
}

} // namespace losslab
