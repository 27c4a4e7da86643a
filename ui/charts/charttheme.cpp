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

/// As near to the colour as has this contrast to the background: mixed with black or white, so its hue stays.
QColor legible(const QColor &color, const QColor &background, double ratio)
{
    const QColor away =
        contrast(Qt::black, background) > contrast(Qt::white, background) ? Qt::black : Qt::white;
    QColor result = color;
    for (int percent = 1; percent <= 100 && contrast(result, background) < ratio; ++percent)
        result = mix(color, away, percent / 100.0);
    return result;
}

constexpr double forText = 4.6; // a little more than is asked for: colours are rounded
constexpr double forLines = 3.1;

/// Beginning and middle, middle and end of matplotlib's plasma (van der Walt and Smith, CC0).
const std::array<QRgb, 5> rampOnLight = {0xFF0D0887, 0xFF5601A4, 0xFF8F0DA4, 0xFFBF3984, 0xFFDD5E66};
const std::array<QRgb, 5> rampOnDark = {0xFFBF3984, 0xFFD5546E, 0xFFEF7E50, 0xFFFCAF34, 0xFFF0F921};

ChartTheme themeOf(const QColor &background, const QColor &text, const QColor &accent)
{
    ChartTheme theme;
    theme.background = background;
    theme.text = text;
    theme.dark = background.lightness() < 128;
    theme.muted = legible(mix(background, text, 0.66), background, forText);
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

double contrast(const QColor &a, const QColor &b)
{
    const auto luminance = [](const QColor &color) {
        const auto linear = [](double channel) {
            return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
               + 0.0722 * linear(color.blueF());
    };
    const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
    return (light + 0.05) / (dark + 0.05);
}

QPen SeriesStyle::pen(qreal width) const
{
    QPen pen(color, width);
    pen.setCapStyle(dash.isEmpty() ? Qt::RoundCap : Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    if (!dash.isEmpty())
        pen.setDashPattern(dash);
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
    if (place == 6 && dark)
        color = Qt::white;
    if (place == 0 && dark)
        color = color.lighter(135);               // the deep blue is too dark for lines on dark grounds
    color = legible(color, background, forLines); // yellow, orange and sky blue are too pale for white
    return {color, dashes[(place + 3 * round) % dashes.size()], static_cast<int>(number % markerShapes)};
}

SeriesStyle ChartTheme::ramp(double share) const
{
    const auto &anchors = dark ? rampOnDark : rampOnLight;
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(anchors.size() - 1);
    const auto before = std::min(static_cast<std::size_t>(place), anchors.size() - 2);
    const QColor color = mix(QColor::fromRgba(anchors[before]), QColor::fromRgba(anchors[before + 1]),
                             place - static_cast<double>(before));
    return {legible(color, background, forLines), {}, 0};
}

SeriesStyle ChartTheme::target() const
{
    return {legible(mix(background, text, 0.45), background, forLines), {}, 0};
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
    painter.setPen(style.hollow ? QPen(style.color, radius * 0.45) : QPen(Qt::NoPen));
    painter.setBrush(style.hollow ? QBrush(Qt::NoBrush) : QBrush(style.color));
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
