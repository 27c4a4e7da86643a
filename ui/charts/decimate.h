#pragma once

#include "ui/charts/chartaxis.h"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace losslab::ui {

/// What is left of a stretch of points: those that fall into one column of pixels. Every extreme is kept.
struct PixelColumn
{
    std::size_t count = 0; ///< finite points in it; the rest holds only where there is one
    double firstX = 0, firstY = 0;
    double lastX = 0, lastY = 0;
    double min = 0, max = 0;
    bool minBeforeMax = true;
    bool gapBefore = false; ///< a value that is not finite stands before the first finite one
    bool gapAfter = false;  ///< the last value is not finite
    std::size_t leftOut =
        0; ///< finite values that are not positive, where only those are taken; each is a gap

    /// Takes the point that follows, or the stretch that follows.
    void add(double x, double y, bool positive = false);
    void add(const PixelColumn &next);

    bool operator==(const PixelColumn &) const = default;
};

/// Stretches of points summed up at several sizes, so that any stretch is known from a few of them, however
/// many points it has. Points that are appended touch only the stretches they end.
class Digest
{
public:
    /// `positive`: takes positive values alone, for a logarithmic axis.
    void clear(bool positive);
    bool positive() const { return m_positive; }
    /// Takes the points from size() on.
    void append(std::span<const double> x, std::span<const double> y);
    std::size_t size() const { return m_size; }

    /// The points [first, last) of those appended.
    PixelColumn of(std::span<const double> x, std::span<const double> y, std::size_t first,
                   std::size_t last) const;

private:
    static constexpr std::size_t points = 32; ///< in a stretch of the lowest level
    static constexpr std::size_t factor = 16; ///< stretches of a level in one of the next
    static constexpr std::size_t levels = 5;

    std::array<std::vector<PixelColumn>, levels> m_levels; ///< whole stretches
    std::size_t m_size = 0;
    bool m_positive = false;
};

/// Sorts points with rising x into columns of pixels. Points that are appended touch only the columns they
/// fall into.
class Decimator
{
public:
    /// Forgets all; columns divide [min, max] in plotted coordinates.
    void reset(double min, double max, int columns, const AxisScale &scale);
    /// Takes the points from size() on, all of which are in the digest; of them what the digest takes.
    void append(std::span<const double> x, std::span<const double> y, const Digest &digest);

    std::size_t size() const { return m_size; }
    /// Finite points within the range so far.
    std::size_t inRange() const { return m_inRange; }
    const std::vector<PixelColumn> &columns() const { return m_columns; }

private:
    double placeOf(double x) const;
    void add(double x, double y, bool positive);
    std::size_t search(std::span<const double> x, std::size_t from, std::size_t guess, double column) const;
    void fill(std::span<const double> x, std::span<const double> y, const Digest &digest);

    double m_min = 0;
    double m_perColumn = 1;
    AxisScale m_scale;
    bool m_gap = false;
    std::size_t m_size = 0;
    std::size_t m_inRange = 0;
    std::vector<PixelColumn> m_columns;
};

} // namespace losslab::ui
