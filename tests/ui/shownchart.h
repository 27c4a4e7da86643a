#pragma once

#include "ui/charts/chartcanvas.h"
#include "ui/charts/chartwidget.h"

#include <QApplication>
#include <QImage>
#include <QWheelEvent>
#include <cmath>
#include <limits>

/// What the tests of charts draw, and how they look at it.
namespace losslab::ui {

inline const double notANumber = std::numeric_limits<double>::quiet_NaN();

inline ChartInfo lossInfo()
{
    ChartInfo info;
    info.id = "loss";
    info.title = "Training loss";
    info.x = Axis{"epoch"};
    info.y = Axis{"MSE"};
    info.series = {{"deep", "deep"}, {"shallow", "shallow"}};
    return info;
}

inline void append(ChartData &data, const std::string &key, double x, double y)
{
    for (SeriesData &series : data.series) {
        if (series.key == key) {
            SeriesPoints &points = series.repeats.front();
            points.x.push_back(x);
            points.y.push_back(y);
            ++points.revision;
            ++data.revision;
            return;
        }
    }
    data.series.push_back({key, {{{x}, {y}, {}, 1, 0}}});
    ++data.revision;
}

/// Two falling curves of `count` points.
inline ChartData lossData(int count)
{
    ChartData data;
    data.id = "loss";
    for (int i = 1; i <= count; ++i) {
        append(data, "deep", i, 0.2 + 2.0 / i);
        append(data, "shallow", i, 0.8 + 1.5 / i);
    }
    return data;
}

inline int pixelsLike(const QImage &image, const QColor &color, const QRect &area = {})
{
    int count = 0;
    const QRect room = area.isNull() ? image.rect() : area & image.rect();
    for (int y = room.top(); y <= room.bottom(); ++y) {
        for (int x = room.left(); x <= room.right(); ++x) {
            const QColor here = image.pixelColor(x, y);
            const int distance = std::abs(here.red() - color.red()) + std::abs(here.green() - color.green())
                                 + std::abs(here.blue() - color.blue());
            count += distance < 40 ? 1 : 0;
        }
    }
    return count;
}

/// Of that colour, or of it mixed with the white beneath.
inline int huesLike(const QImage &image, const QColor &color, const QRect &area)
{
    int count = 0;
    for (int y = area.top(); y <= area.bottom(); ++y) {
        for (int x = area.left(); x <= area.right(); ++x) {
            const QColor here = image.pixelColor(x, y);
            const bool like = color.hslHue() < 0 ? pixelsLike(image, color, QRect(x, y, 1, 1)) > 0
                                                 : std::abs(here.hslHue() - color.hslHue()) < 12
                                                       && here.hslSaturation() > 40;
            count += like ? 1 : 0;
        }
    }
    return count;
}

inline bool isBlank(const QImage &image, const QRect &area)
{
    return pixelsLike(image, image.pixelColor(0, 0), area)
           == (area & image.rect()).width() * (area & image.rect()).height();
}

inline const QColor blue(0x00, 0x72, 0xB2);
inline const QColor vermilion(0xD5, 0x5E, 0x00);

/// A shown chart and the canvas within it.
struct Shown
{
    explicit Shown(const ChartInfo &info, const ChartData &data) : widget(info)
    {
        widget.resize(700, 400);
        widget.setData(&data);
        widget.show();
        canvas = widget.findChild<ChartCanvas *>();
        draw();
    }
    QImage draw()
    {
        widget.refresh();
        return canvas->grab().toImage();
    }
    const PlotSpace &space() const { return canvas->drawing().space(); }
    QPoint legendEntry(int entry) const
    {
        for (int y = 0; y < canvas->height(); y += 2) {
            for (int x = 0; x < canvas->width(); x += 2)
                if (canvas->drawing().legend().entryAt(QPointF(x, y)) == entry)
                    return {x + 4, y + 4};
        }
        return {};
    }
    void wheel(double turns)
    {
        const QPointF at = space().rect.center();
        QWheelEvent event(at, canvas->mapToGlobal(at), {}, QPoint(0, static_cast<int>(120 * turns)),
                          Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(canvas, &event);
    }

    ChartWidget widget;
    ChartCanvas *canvas = nullptr;
};

} // namespace losslab::ui
