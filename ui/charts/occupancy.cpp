#include "ui/charts/chartlegend.h"

#include <algorithm>
#include <cmath>

namespace losslab::ui {

Occupancy::Occupancy(const QRectF &plot) : m_plot(plot) {}

namespace {

/// The cell of so many; those beyond them are all alike.
int cellAt(double share, int cells)
{
    const double cell = std::floor(share * cells);
    return std::isfinite(cell) ? static_cast<int>(std::clamp(cell, -1.0, static_cast<double>(cells))) : -1;
}

} // namespace

int Occupancy::columnAt(double x) const
{
    return cellAt((x - m_plot.left()) / m_plot.width(), across);
}

int Occupancy::rowAt(double y) const
{
    return cellAt((y - m_plot.top()) / m_plot.height(), down);
}

void Occupancy::markSpan(double x, double top, double bottom)
{
    const int column = columnAt(x);
    if (column < 0 || column >= across || !std::isfinite(top) || !std::isfinite(bottom))
        return;
    for (int row = std::max(0, rowAt(top)); row <= std::min(down - 1, rowAt(bottom)); ++row)
        m_cells[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = true;
}

void Occupancy::markBar(QPointF topLeft, double right)
{
    const double step = m_plot.width() / across;
    const double left = std::isfinite(topLeft.x()) ? std::max(topLeft.x(), m_plot.left()) : m_plot.left();
    for (double x = left; x < std::min(right, m_plot.right()); x += step)
        markSpan(x, topLeft.y(), m_plot.bottom());
    markSpan(right, topLeft.y(), m_plot.bottom());
}

void Occupancy::mark(const PlotSeries &series, const PlotSpace &space)
{
    const bool right = series.info().rightAxis;
    for (const Trace &trace : series.traces()) {
        if (trace.rising() && trace.decimated().inRange() > trace.decimated().columns().size()) {
            const std::vector<PixelColumn> &columns = trace.decimated().columns();
            for (std::size_t i = 0; i < columns.size(); ++i) {
                if (columns[i].count > 0) {
                    markSpan(space.rect.left() + static_cast<double>(i) * space.pixel,
                             space.toY(columns[i].max, right), space.toY(columns[i].min, right));
                }
            }
            continue;
        }
        QPointF before;
        for (std::size_t i = 0; i < trace.size(); ++i) {
            const QPointF point = space.toPoint(trace.x()[i], trace.y()[i], right);
            if (series.info().mark == Mark::Bars) {
                markBar(point, space.toX(trace.x()[i] + barWidth(trace.x(), i)));
                continue;
            }
            const bool joined = i > 0 && series.info().mark != Mark::Points;
            const int steps =
                joined ? std::clamp(std::abs(columnAt(point.x()) - columnAt(before.x())), 1, across) : 1;
            for (int step = 1; step <= steps; ++step) {
                const QPointF at =
                    joined ? before + (point - before) * (static_cast<double>(step) / steps) : point;
                const double last =
                    joined ? before.y() + (point.y() - before.y()) * (step - 1.0) / steps : at.y();
                markSpan(at.x(), std::min(at.y(), last), std::max(at.y(), last));
            }
            const bool marker = series.info().mark == Mark::Points || series.info().mark == Mark::LinePoints;
            const double height = marker ? m_plot.height() / down : 0;
            const int sides = trace.hasLabels() ? 2 : marker ? 1 : 0; // its label stands on one side of it
            for (int side = -sides; side <= sides; ++side)
                markSpan(point.x() + side * m_plot.width() / across, point.y() - height, point.y() + height);
            before = point;
        }
    }
}

double Occupancy::share(const QRectF &area) const
{
    int occupied = 0;
    int cells = 0;
    for (int row = std::max(0, rowAt(area.top())); row <= std::min(down - 1, rowAt(area.bottom())); ++row) {
        for (int column = std::max(0, columnAt(area.left()));
             column <= std::min(across - 1, columnAt(area.right())); ++column)
        {
            occupied += m_cells[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] ? 1 : 0;
            ++cells;
        }
    }
    return cells > 0 ? static_cast<double>(occupied) / cells : 0;
}

} // namespace losslab::ui
