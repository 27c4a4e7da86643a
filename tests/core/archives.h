#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace losslab::test {

/// Files of an archive, by the names that they have in it.
using Members = std::vector<std::pair<std::string, std::string>>;

enum class Packing {
    TarGz,
    Zip,
};

inline void pack(const std::filesystem::path &archive, const Members &members,
                 Packing packing = Packing::TarGz)
{
    ::archive *writer = archive_write_new();
    if (packing == Packing::Zip) {
        archive_write_set_format_zip(writer);
    } else {
        archive_write_add_filter_gzip(writer);
        archive_write_set_format_ustar(writer);
    }
    archive_write_open_filename(writer, archive.c_str());
    for (const auto &[name, content] : members) {
        archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(writer, entry);
        archive_write_data(writer, content.data(), content.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
}

} // namespace losslab::test
