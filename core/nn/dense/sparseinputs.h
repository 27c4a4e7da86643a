#pragma once

#include "nn/kernels/dense.h"
#include "nn/memory/buffer.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cstdint>
#include <vector>

namespace losslab {

/// The things first … last - 1.
struct Range
{
    std::size_t first;
    std::size_t last;
    std::size_t count() const { return last - first; }
};

/// `count` things shared over threads, in packets of so many that stay together.
struct Sharing
{
    std::size_t threads = 1;
    std::size_t packet = 1;

    Range part(std::size_t count, std::size_t thread) const
    {
        const std::size_t packets = (count + packet - 1) / packet;
        const auto begin = [&](std::size_t of) { return std::min(count, packet * (packets * of / threads)); };
        return {begin(thread), begin(thread + 1)};
    }
};

/// The bytes of a batch of images that are not zero, as entries by row and by column. Rows and columns are
/// shared over threads in the same way.
class SparseInputs
{
public:
    /// Entries for the kernels: those of the n-th row, or column, are entries[starts[n]] up to
    /// entries[starts[n + 1]].
    struct Lists
    {
        const kernels::NonZero *entries;
        const std::uint32_t *starts;
    };

    /// Whether there is room for the places of that many images.
    static bool holds(const at::Tensor &images);

    /// Images [rows, width] uint8. To be called before the threads begin.
    void begin(const at::Tensor &images, const Sharing &sharing);
    /// The entries in a thread's rows, by row; indices are columns. All threads' come before any columns.
    Lists findRows(std::size_t thread);
    /// The entries in a thread's columns, by column; indices are rows.
    Lists findColumns(std::size_t thread);

private:
    /// A thread's, by column.
    struct Columns
    {
        std::vector<std::uint32_t> starts;
        std::vector<std::uint32_t> next;
        Buffer<kernels::NonZero> entries;
    };

    std::uint32_t *startsOf(std::size_t thread) const;
    template <class Work>
    void overEntries(const Range &columns, const Work &work) const;

    at::Tensor m_images;
    std::size_t m_rows = 0;
    std::size_t m_width = 0;
    Sharing m_sharing;
    Buffer<kernels::NonZero> m_entries; ///< by row; a thread's begin where they would if none were zero
    Buffer<std::uint32_t> m_starts;     ///< of the rows in the entries, and of each thread's end
    std::vector<Columns> m_columns;     ///< by thread
};

} // namespace losslab
