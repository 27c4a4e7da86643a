#pragma once

#include "base/result.h"
#include "runs/export.h"
#include "ui/charts/chartexport.h"

#include <QString>
#include <filesystem>
#include <vector>

namespace losslab {
class Experiment;
class RunData;
} // namespace losslab

namespace losslab::ui {

class ChartWidget;

/// Charts that share their x axis, from the uppermost down.
using WidgetStack = std::vector<ChartWidget *>;

/// The figures that these charts are together: the stacks of several.
std::vector<WidgetStack> figuresOf(const std::vector<ChartWidget *> &charts);
/// "norm+loss", in names of files, and "Gradient norm and loss" for people.
std::string figureId(const WidgetStack &stack);
QString figureTitle(const WidgetStack &stack);

/// What a person asked to have written.
struct ExportRequest
{
    std::vector<ChartWidget *> charts;
    std::vector<WidgetStack> figures; ///< of several charts that have points, each as one picture
    std::vector<std::string> tables;  ///< ids; CSV is their one format
    std::vector<ExportFormat> formats;
    ChartPicture picture; ///< of one chart: size, DPI, dark; the rest is each chart's own
    bool asShown = true;  ///< zoom, axes and hidden series as in the window; else all data
    std::filesystem::path folder;
    std::filesystem::path run = {}; ///< the run's folder
};

/// The picture of charts one above another, or of one, as they stand in the window: their zoom, their axes,
/// without the series that are hidden.
QImage chartImage(const WidgetStack &charts, ChartPicture picture);

/// What to say where one of the pictures would have no room for its chart; nothing where all have.
std::optional<std::string> roomProblem(const ExportRequest &request);
/// The least size that has room for all of them, of the shape asked for; nothing where that asked for has.
std::optional<QSize> neededSize(const ExportRequest &request);

/// Writes every chart and figure that has data, in every format, and every table that has rows where CSV is
/// asked for. Returns the files in the order written; an error in words, before anything is written where a
/// picture has no room.
Result<std::vector<std::filesystem::path>> exportCharts(ExportRequest request, const std::string &experiment,
                                                        const RunData &data, const QString &caption);

} // namespace losslab::ui
