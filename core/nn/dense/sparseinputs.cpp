#include "nn/dense/sparseinputs.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace losslab {

using kernels::NonZero;

bool SparseInputs::holds(const at::Tensor &images)
{
    return static_cast<std::uint64_t>(images.numel()) <= std::numeric_limits<std::uint32_t>::max();
}

void SparseInputs::begin(const at::Tensor &images, const Sharing &sharing)
{
    m_images = images.contiguous();
    m_rows = static_cast<std::size_t>(images.size(0));
    m_width = static_cast<std::size_t>(images.size(1));
    m_sharing = sharing;
    m_entries.sized(m_rows * m_width);
    m_starts.sized(m_rows + sharing.threads);
    m_columns.resize(std::max(m_columns.size(), sharing.threads));
}

/// Where the rows of a thread begin in the entries; one more at the end.
std::uint32_t *SparseInputs::startsOf(std::size_t thread) const
{
    return m_starts.data() + m_sharing.part(m_rows, thread).first + thread;
}

SparseInputs::Lists SparseInputs::findRows(std::size_t thread)
{
    const Range rows = m_sharing.part(m_rows, thread);
    const std::uint8_t *const bytes = m_images.const_data_ptr<std::uint8_t>();
    std::uint32_t *const starts = startsOf(thread);
    std::size_t next = rows.first * m_width;
    for (std::size_t row = rows.first; row < rows.last; ++row) {
        starts[row - rows.first] = static_cast<std::uint32_t>(next);
        next += kernels::nonZeros(bytes + row * m_width, m_width, m_entries.data() + next);
    }
    starts[rows.count()] = static_cast<std::uint32_t>(next);
    return {m_entries.data(), starts};
}

SparseInputs::Lists SparseInputs::findColumns(std::size_t thread)
{
    const Range range = m_sharing.part(m_width, thread);
    Columns &columns = m_columns[thread];
    columns.starts.assign(range.count() + 1, 0);
    overEntries(range,
                [&](std::size_t, const NonZero &entry) { ++columns.starts[entry.index - range.first + 1]; });
    std::partial_sum(columns.starts.begin(), columns.starts.end(), columns.starts.begin());
    columns.next = columns.starts;
    NonZero *const entries = columns.entries.sized(columns.starts.back());
    overEntries(range, [&](std::size_t row, const NonZero &entry) {
        entries[columns.next[entry.index - range.first]++] = {static_cast<std::uint32_t>(row), entry.value};
    });
    return {entries, columns.starts.data()};
}

/// work(row, entry) for all entries in these columns, by row.
template <class Work>
void SparseInputs::overEntries(const Range &columns, const Work &work) const
{
    const auto before = [](const NonZero &entry, std::size_t column) { return entry.index < column; };
    for (std::size_t thread = 0; thread < m_sharing.threads; ++thread) {
        const Range rows = m_sharing.part(m_rows, thread);
        const std::uint32_t *const starts = startsOf(thread);
        for (std::size_t row = rows.first; row < rows.last; ++row) {
            const NonZero *entry = m_entries.data() + starts[row - rows.first];
            const NonZero *const end = m_entries.data() + starts[row - rows.first + 1];
            if (columns.first > 0)
                entry = std::lower_bound(entry, end, columns.first, before);
            for (; entry != end && entry->index < columns.last; ++entry)
                work(row, *entry);
        }
    }
}

} // namespace losslab
