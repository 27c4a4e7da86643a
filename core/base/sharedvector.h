#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace losslab {

/// Values one after another that never move while anyone holds them. A copy is a snapshot: it shares the
/// memory and costs a pointer. Appending leaves what is there where it stands, and goes on in memory of its
/// own where there is no more room or another copy has appended; every other change puts new memory in the
/// old one's place. Those who hold the old keep what they had.
template <class T>
class SharedVector
{
public:
    using value_type = T;
    using const_iterator = const T *;
    using const_reference = const T &;

    SharedVector() = default;
    SharedVector(std::vector<T> values)
        : m_values(std::make_shared<std::vector<T>>(std::move(values))), m_size(m_values->size())
    {}
    SharedVector(std::initializer_list<T> values) : SharedVector(std::vector<T>(values)) {}

    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    const T *data() const { return m_values ? m_values->data() : nullptr; }
    const T *begin() const { return data(); }
    const T *end() const { return data() + m_size; }
    const T &operator[](std::size_t index) const { return data()[index]; }
    const T &front() const { return data()[0]; }
    const T &back() const { return data()[m_size - 1]; }

    void push_back(T value)
    {
        if (!m_values || m_values->size() != m_size || m_values->capacity() == m_size)
            moveOn(std::max<std::size_t>(16, 2 * m_size));
        m_values->push_back(std::move(value));
        ++m_size;
    }
    void append(std::span<const T> values)
    {
        for (const T &value : values)
            push_back(value);
    }
    void insert(std::size_t place, T value)
    {
        std::vector<T> values;
        values.reserve(2 * m_size + 1);
        values.assign(begin(), begin() + place);
        values.push_back(std::move(value));
        values.insert(values.end(), begin() + place, end());
        *this = std::move(values);
    }

    bool operator==(const SharedVector &other) const
    {
        return std::equal(begin(), end(), other.begin(), other.end());
    }
    bool operator==(const std::vector<T> &other) const
    {
        return std::equal(begin(), end(), other.begin(), other.end());
    }

private:
    /// To memory for so many.
    void moveOn(std::size_t capacity)
    {
        auto values = std::make_shared<std::vector<T>>();
        values->reserve(capacity);
        values->assign(begin(), end());
        m_values = std::move(values);
    }

    std::shared_ptr<std::vector<T>> m_values; ///< never grows beyond the capacity it was made with
    std::size_t m_size = 0;                   ///< of its values, those that are this copy's
};

} // namespace losslab
