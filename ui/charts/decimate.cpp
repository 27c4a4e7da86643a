#include "ui/charts/decimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace losslab::ui {

void PixelColumn::add(double x, double y, bool positive)
{
    if (!std::isfinite(y) || (positive && y <= 0)) {
        leftOut += std::isfinite(y) ? 1 : 0;
        gapBefore = gapBefore || count == 0;
        gapAfter = true;
        return;
    }
    gapAfter = false;
    if (count++ == 0) {
        firstX = x;
        firstY = min = max = y;
    }
    lastX = x;
    lastY = y;
    if (y < min) {
        min = y;
        minBeforeMax = false;
    }
    if (y > max) {
        max = y;
        minBeforeMax = true;
    }
}

void PixelColumn::add(const PixelColumn &next)
{
    leftOut += next.leftOut;
    if (count == 0 || next.count == 0) {
        const std::size_t out = leftOut;
        const bool gap = gapBefore || (count == 0 && next.gapBefore);
        const bool after = next.gapAfter || (next.count == 0 && gapAfter);
        *this = count == 0 ? next : *this;
        gapBefore = gap;
        gapAfter = after;
        leftOut = out;
        return;
    }
    count += next.count;
    lastX = next.lastX;
    lastY = next.lastY;
    gapAfter = next.gapAfter;
    const bool lower = next.min < min;
    const bool higher = next.max > max;
    if (lower || higher)
        minBeforeMax = lower && higher ? next.minBeforeMax : higher;
    min = std::min(min, next.min);
    max = std::max(max, next.max);
}

void Digest::clear(bool positive)
{
    m_positive = positive;
    for (std::vector<PixelColumn> &level : m_levels)
        level.clear();
    m_size = 0;
}

void Digest::append(std::span<const double> x, std::span<const double> y)
{
    m_size = x.size();
    for (std::size_t first = m_levels[0].size() * points; first + points <= m_size; first += points) {
        PixelColumn &stretch = m_levels[0].emplace_back();
        for (std::size_t i = first; i < first + points; ++i)
            stretch.add(x[i], y[i], m_positive);
    }
    for (std::size_t level = 1; level < levels; ++level) {
        const std::vector<PixelColumn> &parts = m_levels[level - 1];
        for (std::size_t first = m_levels[level].size() * factor; first + factor <= parts.size();
             first += factor) {
            PixelColumn stretch;
            for (std::size_t i = first; i < first + factor; ++i)
                stretch.add(parts[i]);
            m_levels[level].push_back(stretch);
        }
    }
}

PixelColumn Digest::of(std::span<const double> x, std::span<const double> y, std::size_t first,
                       std::size_t last) const
{
    PixelColumn sum;
    while (first < last) {
        // The largest stretch that begins here and goes no further than the last point.
        const std::vector<PixelColumn> *best = nullptr;
        std::size_t length = 1;
        std::size_t size = points;
        for (const std::vector<PixelColumn> &level : m_levels) {
            if (first % size != 0 || first + size > last || first / size >= level.size())
                break;
            best = &level;
            length = size;
            size *= factor;
        }
        if (best != nullptr)
            sum.add((*best)[first / length]);
        else
            sum.add(x[first], y[first], m_positive);
        first += length;
    }
    return sum;
}

void Decimator::reset(double min, double max, int columns, const AxisScale &scale)
{
    m_columns.assign(static_cast<std::size_t>(std::max(columns, 1)), PixelColumn{});
    m_min = min;
    m_perColumn = static_cast<double>(m_columns.size()) / (max - min);
    m_scale = scale;
    m_gap = false;
    m_size = 0;
    m_inRange = 0;
}

void Decimator::append(std::span<const double> x, std::span<const double> y, const Digest &digest)
{
    if (m_size == 0)
        fill(x, y, digest);
    for (std::size_t i = m_size; i < x.size(); ++i)
        add(x[i], y[i], digest.positive());
    m_size = std::max(m_size, x.size());
}

/// In columns from the range's beginning. Rises with x.
double Decimator::placeOf(double x) const
{
    if (m_scale.log && !(x > 0))
        return -std::numeric_limits<double>::infinity();
    return (toPlotted(x, m_scale) - m_min) * m_perColumn;
}

void Decimator::add(double x, double y, bool positive)
{
    const double place = placeOf(x);
    const double count = static_cast<double>(m_columns.size());
    const bool leftOut = positive && y <= 0;
    if (std::isfinite(y) && place >= 0 && place < count + 1) {
        PixelColumn &column = m_columns[static_cast<std::size_t>(std::min(place, count - 1))];
        if (leftOut) {
            ++column.leftOut;
        } else {
            column.gapBefore = column.gapBefore || (column.count == 0 && m_gap);
            column.add(x, y);
            ++m_inRange;
        }
    }
    m_gap = leftOut || !std::isfinite(y);
}

/// The first point from `from` on that stands at this column or beyond it. It is looked for around `guess`
/// first, in steps that double.
std::size_t Decimator::search(std::span<const double> x, std::size_t from, std::size_t guess,
                              double column) const
{
    const auto isBefore = [&](std::size_t point) { return placeOf(x[point]) < column; };
    std::size_t low = from; // all points below it are before the column, and from `high` on none
    std::size_t high = x.size();
    guess = std::clamp(guess, low, high);
    if (guess < high && isBefore(guess)) {
        low = guess + 1;
        for (std::size_t step = 1; low + step <= high; step *= 2) {
            if (!isBefore(low + step - 1)) {
                high = low + step - 1;
                break;
            }
            low += step;
        }
    } else {
        high = guess;
        for (std::size_t step = 1; low + step <= high; step *= 2) {
            if (isBefore(high - step)) {
                low = high - step + 1;
                break;
            }
            high -= step;
        }
    }
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (isBefore(middle))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/// All columns at once: where each begins and ends is searched for, what stands there is in the digest.
void Decimator::fill(std::span<const double> x, std::span<const double> y, const Digest &digest)
{
    std::size_t first = search(x, 0, 0, 0);
    std::size_t length = 1; // of the column before
    const auto isGap = [&](std::size_t point) {
        return !std::isfinite(y[point]) || (digest.positive() && y[point] <= 0);
    };
    bool gap = first > 0 && isGap(first - 1);
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const bool isLast = i + 1 == m_columns.size(); // it holds the range's end as well
        const std::size_t last =
            search(x, first, first + length, static_cast<double>(isLast ? i + 2 : i + 1));
        PixelColumn column = digest.of(x, y, first, last);
        const bool gapAfter = column.gapAfter || (column.count == 0 && gap);
        m_columns[i].leftOut = column.leftOut;
        if (column.count > 0) {
            column.gapBefore = column.gapBefore || gap;
            column.gapAfter = false; // told by the column after it
            m_columns[i] = column;
            m_inRange += column.count;
        }
        gap = gapAfter;
        length = last - first;
        first = last;
    }
    m_gap = !x.empty() && isGap(x.size() - 1);
    m_size = x.size();
}

} // namespace losslab::ui
