#include "ui/charts/chartexport.h"

#include "store/platform.h"
#include "ui/charts/chartfigure.h"

#include <QBuffer>
#include <QFontMetricsF>
#include <QPainter>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace losslab::ui {

namespace {

void paintPicture(QPainter &painter, const ChartInfo &info, const ChartData &data,
                  const ChartPicture &picture)
{
    ChartFigure figure(info);
    figure.setTheme(picture.dark ? ChartTheme::darkTheme() : ChartTheme::light());
    figure.setMetrics(ChartMetrics::forPrint());
    figure.setLogY(picture.logY || info.y.scale == Scale::Log);
    figure.setLegendShowsHidden(false);
    figure.setData(&data);
    for (const std::string &key : picture.hidden) {
        figure.setHidden(key, true);
    }
    figure.update();

    const ChartMetrics &metrics = figure.metrics();
    const ChartTheme &theme = figure.theme();
    painter.fillRect(QRect(QPoint(0, 0), picture.size), theme.background);
    const double scale = picture.dpi / ChartMetrics::unitsPerInch;
    painter.scale(scale, scale);
    const double margin = metrics.gap * 1.5;
    const QRectF inside =
        QRectF(QPointF(0, 0), QSizeF(picture.size) / scale).adjusted(margin, margin, -margin, -margin);

    const QString title = QString::fromStdString(info.title);
    const QRectF titlePlace = QFontMetricsF(metrics.title).boundingRect(inside, Qt::TextWordWrap, title);
    const QString remark = QString::fromStdString(figure.remark());
    const QRectF remarkPlace =
        QFontMetricsF(metrics.caption)
            .boundingRect(inside.adjusted(0, titlePlace.height(), 0, 0), Qt::TextWordWrap, remark);
    const double remarkHeight = remark.isEmpty() ? 0 : remarkPlace.height();
    const QRectF captionSize =
        QFontMetricsF(metrics.caption).boundingRect(inside, Qt::TextWordWrap, picture.caption);
    const double captionHeight = picture.caption.isEmpty() ? 0 : captionSize.height() + metrics.gap;

    painter.setFont(metrics.title);
    painter.setPen(theme.text);
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, title);
    painter.setFont(metrics.caption);
    painter.setPen(theme.muted);
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignBottom | Qt::TextWordWrap, picture.caption);
    painter.drawText(remarkPlace, Qt::TextWordWrap, remark);

    const QRectF chart =
        inside.adjusted(0, titlePlace.height() + remarkHeight + metrics.gap * 0.75, 0, -captionHeight);
    figure.layOut(chart.size(), 1);
    figure.layOut(chart.size(), 1); // the legend's place is known only now
    painter.translate(chart.topLeft());
    figure.paintFrame(painter);
    figure.paintData(painter);
}

std::string svgPicture(const ChartInfo &info, const ChartData &data, const ChartPicture &picture)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(picture.size);
    generator.setViewBox(QRect(QPoint(0, 0), picture.size));
    generator.setResolution(picture.dpi);
    generator.setTitle(QString::fromStdString(info.title));
    generator.setDescription(picture.caption);
    QPainter painter(&generator);
    paintPicture(painter, info, data, picture);
    painter.end();
    return buffer.data().toStdString();
}

std::string pngPicture(const ChartInfo &info, const ChartData &data, const ChartPicture &picture)
{
    QImage image = drawChart(info, data, picture);
    image.setText(QStringLiteral("Title"), QString::fromStdString(info.title));
    image.setText(QStringLiteral("Description"), picture.caption);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    return image.save(&buffer, "PNG") ? buffer.data().toStdString() : std::string();
}

} // namespace

QImage drawChart(const ChartInfo &info, const ChartData &data, const ChartPicture &picture)
{
    QImage image(picture.size, QImage::Format_RGB32);
    if (image.isNull()) {
        return image;
    }
    QPainter painter(&image);
    paintPicture(painter, info, data, picture);
    painter.end();
    const int dotsPerMeter = static_cast<int>(std::lround(picture.dpi / 0.0254));
    image.setDotsPerMeterX(dotsPerMeter);
    image.setDotsPerMeterY(dotsPerMeter);
    return image;
}

Result<void> exportChart(const ChartInfo &info, const ChartData &data, const ChartPicture &picture,
                         const std::filesystem::path &file)
{
    const std::string suffix = QString::fromStdString(file.extension().string()).toLower().toStdString();
    std::string content;
    if (suffix == ".png") {
        content = pngPicture(info, data, picture);
    } else if (suffix == ".svg") {
        content = svgPicture(info, data, picture);
    } else {
        return dataError(
            fmt::format("A chart is written as .png or .svg, and {} is neither.", file.string()));
    }
    if (content.empty()) {
        return dataError(
            fmt::format("There is no memory for a picture of {} × {} pixels; choose a smaller one.",
                        picture.size.width(), picture.size.height()));
    }
    return platform::writeFileAtomically(file, content);
}

} // namespace losslab::ui
