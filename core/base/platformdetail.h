#pragma once

#include "base/platform.h"

#include <cerrno>
#include <unistd.h>
#include <utility>

/// What the files of the platform seam share. For them alone.
namespace losslab::platform::detail {

/// What a system call's error means to the person, and what to do about it.
tl::unexpected<Error> failure(std::string_view doing, const std::filesystem::path &path, int error);

/// Writes all of it; `written` tells how much it was. 0, or the error.
int writeAll(int descriptor, std::string_view text, std::size_t &written);

/// 0, or the error. Some file systems cannot sync a pipe or a folder (EINVAL): nothing can be done about
/// that.
int syncToDisk(int descriptor);
int syncFolder(const std::filesystem::path &folder);

std::filesystem::path folderOf(const std::filesystem::path &path);

/// Owns a descriptor for the length of a scope.
class Descriptor
{
public:
    explicit Descriptor(int value = -1) : m_value(value) {}
    Descriptor(Descriptor &&other) noexcept : m_value(std::exchange(other.m_value, -1)) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_value, other.m_value);
        return *this;
    }
    ~Descriptor()
    {
        if (m_value >= 0)
            ::close(m_value);
    }

    int value() const { return m_value; }
    bool isOpen() const { return m_value >= 0; }
    int release() { return std::exchange(m_value, -1); }

private:
    int m_value;
};

} // namespace losslab::platform::detail
