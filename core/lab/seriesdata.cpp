#include "lab/seriesdata.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace losslab {

namespace {

/// Of the points [first, last): where the least and the greatest stand, in their order. Those that are not
/// finite count only where all are so.
std::pair<std::size_t, std::size_t> extremes(const std::vector<double> &y, std::size_t first,
                                             std::size_t last)
{
    std::size_t least = first, greatest = first;
    for (std::size_t i = first + 1; i < last; ++i) {
        if (!std::isfinite(y[i]))
            continue;
        if (!std::isfinite(y[least]) || y[i] < y[least])
            least = i;
        if (!std::isfinite(y[greatest]) || y[i] > y[greatest])
            greatest = i;
    }
    return std::minmax(least, greatest);
}

/// Replaces every `group` points by their extremes; those left over at the end stand as they are.
void thinPoints(SeriesPoints &points, std::size_t group)
{
    std::size_t kept = 0;
    const auto keep = [&](std::size_t from) {
        points.x[kept] = points.x[from];
        points.y[kept++] = points.y[from];
    };
    std::size_t first = 0;
    for (; first + group <= points.x.size(); first += group) {
        const auto [one, other] = extremes(points.y, first, first + group);
        keep(one);
        if (other != one)
            keep(other);
    }
    for (; first < points.x.size(); ++first)
        keep(first);
    points.x.resize(kept);
    points.y.resize(kept);
    ++points.revision;
    ++points.replaced;
}

} // namespace

SeriesData::SeriesData(std::string name, std::vector<SeriesPoints> points)
    : key(std::move(name)), repeats(std::move(points))
{}

SeriesPoints &SeriesData::points(std::size_t repeat)
{
    if (repeats.size() <= repeat)
        repeats.resize(repeat + 1);
    return repeats[repeat];
}

void SeriesData::append(std::size_t repeat, double x, double y)
{
    if (isThinned()) {
        if (repeat != m_heldRepeat)
            settle();
        m_heldRepeat = repeat;
        m_held.x.push_back(x);
        m_held.y.push_back(y);
        if (m_held.x.size() == m_group)
            keepExtremes();
        return;
    }
    SeriesPoints &to = points(repeat);
    to.x.push_back(x);
    to.y.push_back(y);
    ++to.revision;
    ++m_appended;
    thin();
}

void SeriesData::settle()
{
    if (!m_held.x.empty())
        keepExtremes();
}

/// One group's worth of what is held back, or what there is of it.
void SeriesData::keepExtremes()
{
    thinPoints(m_held, m_held.x.size());
    SeriesPoints &to = points(m_heldRepeat);
    to.x.insert(to.x.end(), m_held.x.begin(), m_held.x.end());
    to.y.insert(to.y.end(), m_held.y.begin(), m_held.y.end());
    ++to.revision;
    m_appended += m_held.x.size();
    m_held = {};
    thin();
}

/// Halves what is there once it is too much.
void SeriesData::thin()
{
    if (m_appended < mostPoints)
        return;
    m_group *= 2;
    m_appended = 0;
    for (SeriesPoints &points : repeats) {
        thinPoints(points, 4);
        m_appended += points.x.size();
    }
}

} // namespace losslab
