#include "lab/seriesdata.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace losslab {

namespace {

/// Of the points [first, last): where the least and the greatest stand, in their order. Those that are not
/// finite count only where all are so.
std::pair<std::size_t, std::size_t> extremes(std::span<const double> y, std::size_t first, std::size_t last)
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

struct Thinned
{
    std::vector<double> x, y;
};

/// The extremes of every `group` points; those left over at the end as they are.
Thinned thinned(std::span<const double> x, std::span<const double> y, std::size_t group)
{
    Thinned kept;
    const auto keep = [&](std::size_t from) {
        kept.x.push_back(x[from]);
        kept.y.push_back(y[from]);
    };
    std::size_t first = 0;
    for (; first + group <= x.size(); first += group) {
        const auto [one, other] = extremes(y, first, first + group);
        keep(one);
        if (other != one)
            keep(other);
    }
    for (; first < x.size(); ++first)
        keep(first);
    return kept;
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
        m_heldX.push_back(x);
        m_heldY.push_back(y);
        if (m_heldX.size() == m_group)
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

void SeriesData::forgetLive(double upTo)
{
    const auto kept = std::upper_bound(live.x.begin(), live.x.end(), upTo) - live.x.begin();
    if (kept == 0)
        return;
    live.x = std::vector<double>(live.x.begin() + kept, live.x.end());
    live.y = std::vector<double>(live.y.begin() + kept, live.y.end());
    ++live.revision;
    ++live.replaced;
}

void SeriesData::settle()
{
    if (!m_heldX.empty())
        keepExtremes();
}

/// One group's worth of what is held back, or what there is of it.
void SeriesData::keepExtremes()
{
    const Thinned kept = thinned(m_heldX, m_heldY, m_heldX.size());
    m_heldX.clear();
    m_heldY.clear();
    SeriesPoints &to = points(m_heldRepeat);
    to.x.append(kept.x);
    to.y.append(kept.y);
    ++to.revision;
    m_appended += kept.x.size();
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
        Thinned kept = thinned(points.x, points.y, 4);
        m_appended += kept.x.size();
        points.x = std::move(kept.x);
        points.y = std::move(kept.y);
        ++points.revision;
        ++points.replaced;
    }
}

} // namespace losslab
