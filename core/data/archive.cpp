#include "data/archive.h"

#include "base/plaintext.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <memory>
#include <set>

namespace losslab {

namespace {

constexpr std::size_t block = 1 << 16;                       ///< bytes read at once
constexpr int mostEntries = 10'000;                          ///< data sets have a dozen
constexpr std::uint64_t mostSkipped = platform::largestFile; ///< bytes of what is not wanted

struct Close
{
    void operator()(::archive *archive) const { archive_read_free(archive); }
};
using Archive = std::unique_ptr<::archive, Close>;

/// Formats and compressions that libarchive reads by itself, without calling programs.
Archive newArchive()
{
    Archive archive(archive_read_new());
    archive_read_support_filter_gzip(archive.get());
    archive_read_support_filter_bzip2(archive.get());
    archive_read_support_filter_xz(archive.get());
    archive_read_support_filter_zstd(archive.get());
    archive_read_support_format_tar(archive.get());
    archive_read_support_format_zip(archive.get());
    return archive;
}

tl::unexpected<Error> damaged(const std::filesystem::path &path, const char *why)
{
    return dataError(fmt::format("The archive {} cannot be read: {}. Copy it again.", platform::quoted(path),
                                 why ? plainText(why, true) : "it is damaged"));
}

tl::unexpected<Error> tooLarge(const std::filesystem::path &path)
{
    return damaged(path, "it holds more than a data set of its kind has");
}

/// What is left of the entry, at most so many bytes and a block more.
bool readAll(::archive *archive, std::string &content, std::uint64_t most)
{
    for (;;) {
        const std::size_t before = content.size();
        content.resize(before + block);
        const la_ssize_t read = archive_read_data(archive, content.data() + before, block);
        content.resize(before + static_cast<std::size_t>(std::max<la_ssize_t>(read, 0)));
        if (read <= 0)
            return read == 0;
        if (content.size() > most)
            return true;
    }
}

/// Data error: it is no ordinary file, which opening may wait for.
Result<void> checkFile(const std::filesystem::path &path)
{
    const auto facts = platform::look(path);
    if (!facts)
        return tl::unexpected(facts.error());
    return !*facts            ? damaged(path, "there is no such file")
           : (*facts)->isFile ? Result<void>()
                              : damaged(path, "it is no file");
}

/// What the entry has that is not read. An archive may keep the size to itself until the data have come:
/// then they are counted, at most so many bytes and a block more.
std::uint64_t sizeOf(::archive *archive, archive_entry *entry, std::uint64_t most)
{
    if (archive_entry_size_is_set(entry))
        return static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
    std::string passed(block, '\0');
    std::uint64_t size = 0;
    for (la_ssize_t read = 1; read > 0 && size <= most;
         size += static_cast<std::uint64_t>(std::max<la_ssize_t>(read, 0)))
        read = archive_read_data(archive, passed.data(), block);
    return size;
}

std::string nameOf(archive_entry *entry)
{
    const char *whole = archive_entry_pathname(entry);
    return archive_entry_filetype(entry) == AE_IFREG && whole
               ? std::filesystem::path(whole).filename().string()
               : std::string();
}

} // namespace

Result<void> readArchive(const std::filesystem::path &path, const ArchiveReading &reading)
{
    if (const auto isFile = checkFile(path); !isFile)
        return isFile;
    const Archive archive = newArchive();
    if (archive_read_open_filename(archive.get(), path.c_str(), block) != ARCHIVE_OK)
        return damaged(path, archive_error_string(archive.get()));
    std::uint64_t left = reading.largest, skipped = 0;
    std::set<std::string> taken;
    for (int entries = 0;; ++entries) {
        archive_entry *entry = nullptr;
        const int status = archive_read_next_header(archive.get(), &entry);
        if (status == ARCHIVE_EOF)
            return {};
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            return damaged(path, archive_error_string(archive.get()));
        const std::string name = nameOf(entry);
        if (name.empty() || !reading.wanted(name) || !taken.insert(name).second) {
            const std::uint64_t size = sizeOf(archive.get(), entry, mostSkipped - skipped);
            if (size > mostSkipped - skipped || entries >= mostEntries)
                return tooLarge(path);
            skipped += size;
            continue;
        }
        std::string content;
        if (!readAll(archive.get(), content, left))
            return damaged(path, archive_error_string(archive.get()));
        if (content.size() > left)
            return tooLarge(path);
        left -= content.size();
        const Result<bool> goesOn = reading.take(name, std::move(content));
        if (!goesOn || !*goesOn)
            return goesOn.map([](bool) {});
    }
}

} // namespace losslab
