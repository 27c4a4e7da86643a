#pragma once

#include "lab/chart.h"
#include "lab/rundata.h"
#include "ui/charts/chartdrawing.h"

#include <QImage>
#include <QSize>
#include <QString>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace losslab::ui {

struct ChartPicture
{
    QSize size{1600, 1000}; ///< pixels
    int dpi = 200;          ///< decides how large type and lines are on those pixels
    bool dark = false;
    QString caption;
    std::optional<Spread> spread = {};        ///< how several seeds are shown; none: as the chart declares
    std::optional<ChartChoices> choices = {}; ///< else all data, on the axes that the chart declares
};

/// Nothing where the picture has room for the plot and the words around it; else the least size of its shape
/// that has, as its own layout finds it.
std::optional<QSize> neededSize(const ChartInfo &info, const ChartData &data, const ChartPicture &picture);

/// A chart that is to be drawn, and how.
struct PlannedPicture
{
    const ChartInfo &info;
    const ChartData &data;
    ChartPicture picture;
};

/// What to say where a picture has no room for its chart, of the chart that needs most; nothing where all
/// have.
std::optional<std::string> roomProblem(const std::vector<PlannedPicture> &pictures);

constexpr int leastDpi = 30; ///< that a person may choose

/// The chart laid out for the picture's own size, never a scaled screenshot.
QImage drawChart(const ChartInfo &info, const ChartData &data, const ChartPicture &picture);

/// Writes PNG or SVG, by the file's suffix; whole or not at all. Usage error where there is no room for the
/// plot, data error in words.
Result<void> exportChart(const ChartInfo &info, const ChartData &data, const ChartPicture &picture,
                         const std::filesystem::path &file);

} // namespace losslab::ui
