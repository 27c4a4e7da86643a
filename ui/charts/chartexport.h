#pragma once

#include "lab/chart.h"
#include "lab/rundata.h"
#include "ui/charts/chartdrawing.h"

#include <QImage>
#include <QSize>
#include <QString>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace losslab::ui {

struct ChartPicture
{
    QSize size{1600, 1000}; ///< of one chart, in pixels; several one above another are so many times as high
    int dpi = 200;          ///< decides how large type and lines are on those pixels
    bool dark = false;
    QString caption;
    std::optional<Spread> spread = {}; ///< how several seeds are shown; none: as the chart declares
    /// By chart; of those not among them all data are shown, on the axes that they declare.
    std::map<std::string, ChartChoices> choices = {};
};

struct DrawnChart
{
    const ChartInfo &info;
    const ChartData &data;
};
/// One chart, or several that share their x axis, one above another.
using DrawnCharts = std::vector<DrawnChart>;

/// Nothing where the picture has room for the plots and the words around them; else the least size of its
/// shape that has, as its own layout finds it.
std::optional<QSize> neededSize(const DrawnCharts &charts, const ChartPicture &picture);

/// What is to be drawn, and how.
struct PlannedPicture
{
    DrawnCharts charts;
    ChartPicture picture;
};

/// What to say where a picture has no room for its charts, of the one that needs most; nothing where all
/// have.
std::optional<std::string> roomProblem(const std::vector<PlannedPicture> &pictures);

constexpr int leastDpi = 30; ///< that a person may choose

/// The charts laid out for the picture's own size, never a scaled screenshot.
QImage drawCharts(const DrawnCharts &charts, const ChartPicture &picture);

/// Writes PNG or SVG, by the file's suffix; whole or not at all. Usage error where there is no room for a
/// plot, data error in words.
Result<void> exportPicture(const DrawnCharts &charts, const ChartPicture &picture,
                           const std::filesystem::path &file);

} // namespace losslab::ui
