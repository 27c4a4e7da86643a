#include "ui/charts/decimate.h"

#include <algorithm>
#include <cmath>

namespace losslab::ui {

void Decimator::reset(double min, double max, int columns, bool logX)
{
    m_columns.assign(static_cast<std::size_t>(std::max(columns, 1)), PixelColumn{});
    m_min = min;
    m_perColumn = static_cast<double>(m_columns.size()) / (max - min);
    m_logX = logX;
    m_gap = false;
    m_size = 0;
    m_inRange = 0;
}

void Decimator::append(std::span<const double> x, std::span<const double> y)
{
    for (std::size_t i = m_size; i < x.size(); ++i) {
        add(x[i], m_logX ? std::log10(x[i]) : x[i], y[i]);
    }
    m_size = std::max(m_size, x.size());
}

void Decimator::add(double x, double plotted, double y)
{
    if (!std::isfinite(y) || !std::isfinite(plotted)) {
        m_gap = true;
        return;
    }
    const double place = std::floor((plotted - m_min) * m_perColumn);
    const double count = static_cast<double>(m_columns.size());
    if (place < 0 || place > count) {
        m_gap = false;
        return;
    }
    ++m_inRange;
    PixelColumn &column = m_columns[static_cast<std::size_t>(std::min(place, count - 1))];
    if (column.count == 0) {
        column = {1, x, y, x, y, y, y, true, m_gap};
    } else {
        ++column.count;
        column.lastX = x;
        column.lastY = y;
        if (y < column.min) {
            column.min = y;
            column.minBeforeMax = false;
        }
        if (y > column.max) {
            column.max = y;
            column.minBeforeMax = true;
        }
    }
    m_gap = false;
}

} // namespace losslab::ui
