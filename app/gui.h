#pragma once

#include "base/result.h"
#include "lab/chart.h"
#include "lab/rundata.h"
#include "runs/export.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// All that the program wants of Qt. gui_qt.cpp has it; gui_none.cpp, in a build without Qt, says that it is
/// not there.
namespace losslab::app {

/// Whether this build has the window and draws pictures of charts.
bool hasGui();
/// Qt's version as it runs, empty without Qt.
std::string qtVersion();
/// Whether there is a display to open a window on.
bool hasDisplay();

/// Opens the window, on a run or a preset where one is given, and returns the program's exit code when it is
/// closed. Data error where there is no display, usage error in a build without a window.
Result<int> openWindow(int argc, char **argv, const std::optional<std::filesystem::path> &opened);

struct PictureSize
{
    int width = 1600;  ///< of one chart, in pixels
    int height = 1000; ///< of one chart; several one above another are so many times as high
    int dpi = 200;     ///< decides how large type and lines are on those pixels
};

/// Draws charts into files, for as long as it lives; needs no display.
class Painter
{
public:
    Painter();
    ~Painter();
    Painter(const Painter &) = delete;
    Painter &operator=(const Painter &) = delete;

    /// A sentence where a picture of this size has no room for its charts; else nothing.
    std::optional<std::string> roomProblem(const std::vector<ChartStack> &pictures, const PictureSize &size,
                                           const std::string &caption);
    /// Writes PNG or SVG, by the file's suffix, with the caption in small type beneath the charts. Without a
    /// spread, several seeds are shown as each chart declares.
    Result<void> draw(const ChartStack &charts, const PictureSize &size, std::optional<Spread> spread,
                      const std::string &caption, const std::filesystem::path &file);
    /// How many families of fonts there are to write with.
    int fontFamilies() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace losslab::app
