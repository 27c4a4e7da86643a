#include "ui/charts/chartexport.h"

#include "base/platform.h"
#include "lab/chartstack.h"
#include "ui/charts/picturelayout.h"

#include <QBuffer>
#include <QFontInfo>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace losslab::ui {

namespace {

constexpr int mostPixels = 1 << 20; // wider is no picture

/// Names of families that stand in for whatever a desktop has chosen mean nothing elsewhere.
QString familyList(const QFont &font)
{
    QStringList families = {QStringLiteral("DejaVu Sans"), QStringLiteral("Liberation Sans"),
                            QStringLiteral("Arial"), QStringLiteral("Helvetica")};
    const QString family = QFontInfo(font).family();
    if (!family.startsWith(QLatin1String("Sans"), Qt::CaseInsensitive)) {
        families.removeAll(family);
        families.prepend(family);
    }
    for (QString &name : families) {
        name = QLatin1Char('\'') + name.remove(QRegularExpression(QStringLiteral("['\"&<>]")))
               + QLatin1Char('\'');
    }
    return families.join(QStringLiteral(", ")) + QStringLiteral(", sans-serif");
}

/// Qt names the one family it has laid the text out with.
std::string withFamilyLists(const QByteArray &svg, const QFont &font)
{
    static const QRegularExpression one(QStringLiteral("\\bfont-family=\"[^\"]*\""));
    QString text = QString::fromUtf8(svg);
    text.replace(one, QStringLiteral("font-family=\"%1\"").arg(familyList(font)));
    return text.toStdString();
}

std::string svgPicture(const PictureLayout &layout, const QString &title, const ChartPicture &picture)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(layout.size());
    generator.setViewBox(QRect(QPoint(0, 0), layout.size()));
    generator.setResolution(picture.dpi);
    generator.setTitle(title);
    generator.setDescription(picture.caption);
    QPainter painter(&generator);
    layout.paint(painter);
    painter.end();
    return withFamilyLists(buffer.data(), ChartMetrics::forPrint().label);
}

QImage drawn(const PictureLayout &layout, const ChartPicture &picture)
{
    QImage image(layout.size(), QImage::Format_RGB32);
    if (image.isNull())
        return image;
    QPainter painter(&image);
    layout.paint(painter);
    painter.end();
    const int dotsPerMeter = static_cast<int>(std::lround(picture.dpi / 0.0254));
    image.setDotsPerMeterX(dotsPerMeter);
    image.setDotsPerMeterY(dotsPerMeter);
    return image;
}

std::string pngPicture(const PictureLayout &layout, const QString &title, const ChartPicture &picture)
{
    QImage image = drawn(layout, picture);
    image.setText(QStringLiteral("Title"), title);
    image.setText(QStringLiteral("Description"), picture.caption);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    return image.save(&buffer, "PNG") ? buffer.data().toStdString() : std::string();
}

std::string titleOf(const DrawnCharts &charts)
{
    std::vector<std::string> titles;
    for (const DrawnChart &chart : charts)
        titles.push_back(chart.info.title);
    return stackTitle(titles);
}

} // namespace

std::optional<QSize> neededSize(const DrawnCharts &charts, const ChartPicture &picture)
{
    const double shape = static_cast<double>(picture.size.height()) / picture.size.width();
    const auto sized = [&](int width) { return QSize(width, static_cast<int>(std::ceil(width * shape))); };
    const auto hasRoom = [&](QSize size) {
        ChartPicture other = picture;
        other.size = size;
        return PictureLayout(charts, other).hasRoom();
    };
    if (hasRoom(picture.size))
        return std::nullopt;
    int narrow = picture.size.width(); // too small
    int wide = narrow;
    do {
        narrow = std::exchange(wide, wide + wide / 4 + 1);
    } while (!hasRoom(sized(wide)) && wide < mostPixels);
    while (wide - narrow > 1) {
        const int middle = narrow + (wide - narrow) / 2;
        (hasRoom(sized(middle)) ? wide : narrow) = middle;
    }
    return sized(wide);
}

std::optional<std::string> roomProblem(const std::vector<PlannedPicture> &pictures)
{
    QSize most;
    const PlannedPicture *largest = nullptr;
    for (const PlannedPicture &planned : pictures) {
        const auto needed = neededSize(planned.charts, planned.picture);
        if (needed && needed->width() > most.width()) {
            most = *needed;
            largest = &planned;
        }
    }
    if (!largest)
        return std::nullopt;
    const ChartPicture &asked = largest->picture;
    const int fewer = asked.dpi * asked.size.width() / most.width();
    return fmt::format(
        "{} × {} pixels at {} dpi leave no room for the {} “{}”. It needs at least {} × {} pixels{}.",
        asked.size.width(), asked.size.height(), asked.dpi, largest->charts.size() > 1 ? "figure" : "chart",
        titleOf(largest->charts), most.width(), most.height(),
        fewer < leastDpi ? "" : fmt::format(", or at most {} dpi", fewer));
}

QImage drawCharts(const DrawnCharts &charts, const ChartPicture &picture)
{
    return drawn(PictureLayout(charts, picture), picture);
}

Result<void> exportPicture(const DrawnCharts &charts, const ChartPicture &picture,
                           const std::filesystem::path &file)
{
    const std::string suffix = QString::fromStdString(file.extension().string()).toLower().toStdString();
    if (suffix != ".png" && suffix != ".svg") {
        return dataError(
            fmt::format("A chart is written as .png or .svg, and {} is neither.", file.string()));
    }
    const PictureLayout layout(charts, picture);
    if (!layout.hasRoom())
        return usageError(roomProblem({{charts, picture}}).value());
    const QString title = QString::fromStdString(titleOf(charts));
    const std::string content =
        suffix == ".png" ? pngPicture(layout, title, picture) : svgPicture(layout, title, picture);
    if (content.empty()) {
        return dataError(
            fmt::format("There is no memory for a picture of {} × {} pixels; choose a smaller one.",
                        layout.size().width(), layout.size().height()));
    }
    return platform::writeFileAtomically(file, content);
}

} // namespace losslab::ui
