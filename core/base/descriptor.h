#pragma once

#include <utility>

namespace losslab::platform::detail {

/// Owns a file's descriptor, and closes it.
class Descriptor
{
public:
    explicit Descriptor(int value = -1) : m_value(value) {}
    Descriptor(Descriptor &&other) noexcept : m_value(other.release()) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_value, other.m_value);
        return *this;
    }
    ~Descriptor();

    int value() const { return m_value; }
    bool isOpen() const { return m_value >= 0; }
    int release() { return std::exchange(m_value, -1); }

private:
    int m_value;
};

} // namespace losslab::platform::detail
