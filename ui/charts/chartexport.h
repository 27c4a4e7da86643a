#pragma once

#include "lab/chart.h"
#include "lab/rundata.h"

#include <QImage>
#include <QSize>
#include <QString>
#include <filesystem>

namespace losslab::ui {

struct ChartPicture
{
    QSize size{1600, 1000}; ///< pixels
    int dpi = 200;          ///< decides how large type and lines are on those pixels
    bool dark = false;
    bool logY = false; ///< start from ChartInfo's own scale instead where false
    QString caption;
    std::vector<std::string> hidden = {}; ///< keys of series to leave out
};

/// The chart laid out for the picture's own size, never a scaled screenshot.
QImage drawChart(const ChartInfo &info, const ChartData &data, const ChartPicture &picture);

/// Writes PNG or SVG, by the file's suffix; whole or not at all. Data error in words.
Result<void> exportChart(const ChartInfo &info, const ChartData &data, const ChartPicture &picture,
                         const std::filesystem::path &file);

} // namespace losslab::ui
