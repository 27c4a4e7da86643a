#pragma once

#include "base/sharedvector.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace losslab {

/// The points of one series in one repeat. x and y have one length; labels is empty or has that length too. A
/// copy holds the points as they are, wherever the series goes from there.
struct SeriesPoints
{
    SharedVector<double> x;
    SharedVector<double> y;
    SharedVector<std::string> labels;
    std::uint64_t revision = 0; ///< changes with every change; appended: points before stay as they were
    std::uint64_t replaced = 0; ///< changes when the points were replaced as a whole
};

/// A series over its repeats. Memory is bounded: where a long run appends more than `mostPoints`, the least
/// and the greatest of every few points in turn are kept, as they were and in their order, so that every
/// extreme stays. The journal on disk has them all.
class SeriesData
{
public:
    static constexpr std::size_t mostPoints = std::size_t{1} << 21; ///< over all repeats

    SeriesData() = default;
    SeriesData(std::string name, std::vector<SeriesPoints> points);

    /// Adds a point to the end of a repeat.
    void append(std::size_t repeat, double x, double y);
    /// Of a repeat, which comes to be where there is none. What is put there in other ways stands as it is.
    SeriesPoints &points(std::size_t repeat);
    /// Takes points that append() still holds back until their fellows have come.
    void settle();
    /// The epoch's own point has come: what was live up to it is over.
    void forgetLive(double upTo = std::numeric_limits<double>::infinity());
    /// Whether some points are left out.
    bool isThinned() const { return m_group > 2; }

    std::string key;
    std::vector<SeriesPoints> repeats;
    SeriesPoints live; ///< within the epoch that is being trained: drawn, and then forgotten

private:
    void thin();
    void keepExtremes();

    std::size_t m_appended = 0; ///< of which so many are there
    std::size_t m_group = 2;    ///< two of so many points in turn are kept
    std::size_t m_heldRepeat = 0;
    std::vector<double> m_heldX, m_heldY; ///< fewer than a group, of that repeat
};

} // namespace losslab
