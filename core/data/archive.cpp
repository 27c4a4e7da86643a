#include "data/archive.h"

#include "base/platform.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <memory>

namespace losslab {

namespace {

struct Close
{
    void operator()(::archive *archive) const { archive_read_free(archive); }
};

Error damaged(const std::filesystem::path &path, ::archive *archive)
{
    const char *why = archive_error_string(archive);
    return {ErrorKind::Data, fmt::format("The archive {} cannot be read: {}. Copy it again.",
                                         platform::quoted(path), why ? why : "it is damaged")};
}

/// What is left of the entry.
bool readAll(::archive *archive, std::string &content, std::uint64_t largest)
{
    constexpr std::size_t piece = 1 << 16;
    for (;;) {
        const std::size_t before = content.size();
        content.resize(before + piece);
        const la_ssize_t read = archive_read_data(archive, content.data() + before, piece);
        content.resize(before + static_cast<std::size_t>(std::max<la_ssize_t>(read, 0)));
        if (read <= 0)
            return read == 0;
        if (content.size() > largest)
            return false;
    }
}

} // namespace

Result<void> readArchive(const std::filesystem::path &path,
                         const std::function<bool(const std::string &)> &wanted,
                         const std::function<void(const std::string &name, std::string content)> &take)
{
    const std::unique_ptr<::archive, Close> archive(archive_read_new());
    archive_read_support_filter_all(archive.get());
    archive_read_support_format_all(archive.get());
    constexpr std::size_t block = 1 << 16;
    if (archive_read_open_filename(archive.get(), path.c_str(), block) != ARCHIVE_OK)
        return tl::unexpected(damaged(path, archive.get()));
    for (;;) {
        archive_entry *entry = nullptr;
        const int status = archive_read_next_header(archive.get(), &entry);
        if (status == ARCHIVE_EOF)
            return {};
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            return tl::unexpected(damaged(path, archive.get()));
        const char *whole = archive_entry_pathname(entry);
        const std::string name = std::filesystem::path(whole ? whole : "").filename().string();
        if (archive_entry_filetype(entry) != AE_IFREG || !wanted(name))
            continue;
        std::string content;
        if (!readAll(archive.get(), content, platform::largestFile))
            return tl::unexpected(damaged(path, archive.get()));
        take(name, std::move(content));
    }
}

} // namespace losslab
