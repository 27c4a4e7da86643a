#pragma once

#include "base/descriptor.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace losslab::platform {

/// A file that another program appends to, read as it grows.
class GrowingFile
{
public:
    /// Data error as of readFile().
    static Result<GrowingFile> open(const std::filesystem::path &path);

    /// Takes in `part` what follows what was read before, at most so many bytes; empty where nothing has
    /// come.
    Result<void> read(std::string &part, std::size_t most);
    /// Whether it is no longer the file that was read: the path leads to another one or to none, or it was
    /// cut before where reading stands.
    bool isReplaced() const;

private:
    GrowingFile(detail::Descriptor descriptor, std::filesystem::path path)
        : m_descriptor(std::move(descriptor)), m_path(std::move(path))
    {}

    detail::Descriptor m_descriptor;
    std::filesystem::path m_path;
    std::uint64_t m_read = 0; ///< bytes
};

} // namespace losslab::platform
