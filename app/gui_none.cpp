#include "app/gui.h"

namespace losslab::app {

bool hasGui()
{
    return false;
}

std::string qtVersion()
{
    return {};
}

bool hasDisplay()
{
    return false;
}

Result<int> openWindow(int, char **, const std::optional<std::filesystem::path> &)
{
    return usageError("This build of LossLab has no window, only commands: see losslab --help.");
}

struct Painter::Impl
{};

Painter::Painter() = default;
Painter::~Painter() = default;

std::optional<std::string> Painter::roomProblem(const std::vector<ChartStack> &, const PictureSize &,
                                                const std::string &)
{
    return std::nullopt;
}

Result<void> Painter::draw(const ChartStack &, const PictureSize &, std::optional<Spread>,
                           const std::string &, const std::filesystem::path &)
{
    return usageError("This build of LossLab draws no charts: use csv.");
}

int Painter::fontFamilies() const
{
    return 0;
}

} // namespace losslab::app
