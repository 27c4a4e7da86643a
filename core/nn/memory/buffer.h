#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace losslab {

/// Memory on 64 bytes that grows and is not cleared; growing loses what it held. T needs no constructor.
template <class T>
class Buffer
{
public:
    /// Room for at least `count`.
    T *sized(std::size_t count)
    {
        if (count > m_size) {
            m_data.reset(static_cast<T *>(::operator new(count * sizeof(T), alignment)));
            m_size = count;
        }
        return m_data.get();
    }
    T *data() const { return m_data.get(); }
    std::size_t size() const { return m_size; }

private:
    static constexpr std::align_val_t alignment{64};

    struct Free
    {
        void operator()(T *data) const { ::operator delete(data, alignment); }
    };

    std::unique_ptr<T, Free> m_data;
    std::size_t m_size = 0;
};

} // namespace losslab
