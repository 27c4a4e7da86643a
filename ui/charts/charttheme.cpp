#include "ui/charts/charttheme.h"

#include <QFontInfo>
#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <array>
#include <cmath>

namespace losslab::ui {

namespace {

const std::array<QRgb, 8> okabeIto = {0xFF0072B2, 0xFFD55E00, 0xFF009E73, 0xFFCC79A7,
                                      0xFFE69F00, 0xFF56B4E9, 0xFF000000, 0xFFF0E442};

const std::array<QList<qreal>, 8> dashes = {{{},
                                             {5, 2},
                                             {6, 1.8, 1.2, 1.8},
                                             {2.2, 1.6},
                                             {9, 2.5},
                                             {9, 1.8, 1.2, 1.8, 1.2, 1.8},
                                             {1.2, 1.6},
                                             {4, 1.8, 4, 1.8, 1.2, 1.8}}};

constexpr std::size_t markerShapes = 6;

QColor mix(const QColor &from, const QColor &to, double share)
{
    const auto channel = [share](int a, int b) { return static_cast<int>(std::lround(a + share * (b - a))); };
    return QColor(channel(from.red(), to.red()), channel(from.green(), to.green()),
                  channel(from.blue(), to.blue()));
}

ChartTheme themeOf(const QColor &background, const QColor &text, const QColor &accent)
{
    ChartTheme theme;
    theme.background = background;
    theme.text = text;
    theme.dark = background.lightness() < 128;
    theme.muted = mix(background, text, 0.64);
    theme.grid = mix(background, text, theme.dark ? 0.16 : 0.12);
    theme.accent = accent;
    return theme;
}

QPolygonF regularPolygon(int corners, qreal radius, double turn)
{
    QPolygonF polygon;
    for (int i = 0; i < corners; ++i) {
        const double angle = turn + 2 * M_PI * i / corners;
        polygon << QPointF(radius * std::cos(angle), radius * std::sin(angle));
    }
    return polygon;
}

QFont sized(const QFont &base, double pixels)
{
    QFont font = base;
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(pixels))));
    return font;
}

} // namespace

QPen SeriesStyle::pen(qreal width) const
{
    QPen pen(color, width);
    pen.setCapStyle(dash.isEmpty() ? Qt::RoundCap : Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    if (!dash.isEmpty()) {
        pen.setDashPattern(dash);
    }
    return pen;
}

ChartTheme ChartTheme::light()
{
    return themeOf(Qt::white, QColor(0x20, 0x20, 0x20), QColor(0x00, 0x72, 0xB2));
}

ChartTheme ChartTheme::darkTheme()
{
    return themeOf(QColor(0x1E, 0x1E, 0x1E), QColor(0xE6, 0xE6, 0xE6), QColor(0x56, 0xB4, 0xE9));
}

ChartTheme ChartTheme::fromPalette(const QPalette &palette)
{
    return themeOf(palette.color(QPalette::Base), palette.color(QPalette::Text),
                   palette.color(QPalette::Highlight));
}

SeriesStyle ChartTheme::series(int index) const
{
    const auto number = static_cast<std::size_t>(std::max(index, 0));
    const std::size_t place = number % okabeIto.size();
    const std::size_t round =
        number / okabeIto.size(); // the colours come again with other dashes and markers
    QColor color = QColor::fromRgba(okabeIto[place]);
    if (place == 6 && dark) {
        color = Qt::white;
    }
    if (place == 0 && dark) {
        color = color.lighter(135); // the deep blue is too dark for lines on dark grounds
    }
    return {color, dashes[(place + 3 * round) % dashes.size()], static_cast<int>(number % markerShapes)};
}

SeriesStyle ChartTheme::target() const
{
    return {mix(background, text, 0.45), {}, 0};
}

ChartMetrics ChartMetrics::forScreen(const QFont &base)
{
    const double pixels = QFontInfo(base).pixelSize();
    ChartMetrics metrics;
    metrics.label = sized(base, std::max(10.0, pixels * 0.88));
    metrics.title = sized(base, pixels);
    metrics.title.setWeight(QFont::DemiBold);
    metrics.caption = sized(base, std::max(9.0, pixels * 0.8));
    return metrics;
}

ChartMetrics ChartMetrics::forPrint()
{
    constexpr double point = unitsPerInch / 72;
    const QFont base;
    ChartMetrics metrics;
    metrics.label = sized(base, 7.0 * point);
    metrics.title = sized(base, 8.5 * point);
    metrics.title.setWeight(QFont::DemiBold);
    metrics.caption = sized(base, 6.0 * point);
    metrics.line = 1.4;
    metrics.marker = 2.8;
    metrics.gap = 6;
    metrics.print = true;
    return metrics;
}

void drawMarker(QPainter &painter, QPointF at, const SeriesStyle &style, qreal radius)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(style.color);
    switch (style.marker) {
    case 0:
        painter.drawEllipse(at, radius, radius);
        break;
    case 1:
        painter.drawPolygon(regularPolygon(4, radius * 1.25, M_PI / 4).translated(at));
        break;
    case 2:
        painter.drawPolygon(regularPolygon(3, radius * 1.4, -M_PI / 2).translated(at));
        break;
    case 3:
        painter.drawPolygon(regularPolygon(4, radius * 1.35, 0).translated(at));
        break;
    case 4:
        painter.drawPolygon(regularPolygon(3, radius * 1.4, M_PI / 2).translated(at));
        break;
    default:
        painter.drawPolygon(regularPolygon(6, radius * 1.15, 0).translated(at));
        break;
    }
}

} // namespace losslab::ui
