#pragma once

#include <QColor>
#include <QFont>
#include <QList>
#include <QPalette>
#include <QPen>

class QPainter;

namespace losslab::ui {

/// How one series looks: told apart by colour (Okabe–Ito) and by dash or marker.
struct SeriesStyle
{
    QColor color;
    QList<qreal> dash; ///< in line widths; empty: solid
    int marker = 0;
    bool hollow = false; ///< its markers

    bool operator==(const SeriesStyle &) const = default;
    QPen pen(qreal width) const;
};

/// WCAG 2's contrast of two colours, 1 to 21. Text needs 4.5, lines and marks 3.
double contrast(const QColor &a, const QColor &b);

/// The colours of a chart. Whatever the background, its text and series can be told from it.
struct ChartTheme
{
    QColor background;
    QColor text;
    QColor muted;
    QColor grid;
    QColor accent;
    bool dark = false;

    static ChartTheme light();
    static ChartTheme darkTheme();
    /// Light or dark, as the palette is, with its own background, text and accent.
    static ChartTheme fromPalette(const QPalette &palette);

    SeriesStyle series(int index) const;
    /// For many series in an order: from dark to light, or to what is as far from the background. `share`: 0
    /// for the first, 1 for the last.
    SeriesStyle ramp(double share) const;
    /// For curves to compare with.
    SeriesStyle target() const;

    bool operator==(const ChartTheme &) const = default;
};

/// Type sizes and widths of a chart, in units of 1/96 inch.
struct ChartMetrics
{
    QFont label;   ///< ticks, axis titles, legend
    QFont title;   ///< exported pictures; the live chart's title stands in its header
    QFont caption; ///< small type beneath
    qreal line = 1.75;
    qreal marker = 3.5; ///< radius
    qreal gap = 8;      ///< the grid that everything is spaced by
    bool print = false; ///< painted once, at any scale: quality before speed

    static ChartMetrics forScreen(const QFont &base);
    /// Type of 6 to 8.5 points, which is readable in a column of 85 mm.
    static ChartMetrics forPrint();
    static constexpr double unitsPerInch = 96;

    bool operator==(const ChartMetrics &) const = default;
};

/// Marker `index` at a point: circle, square, triangle, diamond, … of the given radius.
void drawMarker(QPainter &painter, QPointF at, const SeriesStyle &style, qreal radius);

} // namespace losslab::ui
