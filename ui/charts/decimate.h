#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace losslab::ui {

/// What is left of the points that fall into one column of pixels. Every extreme is kept.
struct PixelColumn
{
    std::size_t count = 0; ///< finite points in it; the rest holds only where there is one
    double firstX = 0, firstY = 0;
    double lastX = 0, lastY = 0;
    double min = 0, max = 0;
    bool minBeforeMax = true;
    bool gapBefore = false; ///< a value that is not finite stands between this and the column before

    bool operator==(const PixelColumn &) const = default;
};

/// Sorts points with rising x into columns of pixels. Points that are appended touch only the columns they
/// fall into.
class Decimator
{
public:
    /// Forgets all; columns divide [min, max] in plotted coordinates (powers of ten where logX).
    void reset(double min, double max, int columns, bool logX);
    /// Takes the points from size() on.
    void append(std::span<const double> x, std::span<const double> y);

    std::size_t size() const { return m_size; }
    /// Points within the range so far.
    std::size_t inRange() const { return m_inRange; }
    const std::vector<PixelColumn> &columns() const { return m_columns; }

private:
    void add(double x, double plotted, double y);

    double m_min = 0;
    double m_perColumn = 1;
    bool m_logX = false;
    bool m_gap = false;
    std::size_t m_size = 0;
    std::size_t m_inRange = 0;
    std::vector<PixelColumn> m_columns;
};

} // namespace losslab::ui
