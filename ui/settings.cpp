#include "ui/settings.h"

#include "base/platform.h"
#include "ui/text.h"

namespace losslab::ui {

namespace {

constexpr std::uint64_t largestSettings = std::uint64_t{16} << 20; ///< bytes

/// Whether Qt can open what stands there: it would wait for a pipe, and take any file whole into memory.
bool canBeOpened(const std::filesystem::path &path)
{
    const auto there = platform::look(path);
    return there && (!*there || ((*there)->isFile && (*there)->size <= largestSettings));
}

} // namespace

QSettings openSettings()
{
    const std::filesystem::path path = platform::homeFolder() / "settings.ini";
    // Beneath what is no folder nothing can be read nor kept.
    return QSettings(fromPath(canBeOpened(path) ? path : path / "none"), QSettings::IniFormat);
}

} // namespace losslab::ui
