#include "ui/settings.h"

#include "base/platform.h"
#include "ui/text.h"

namespace losslab::ui {

QSettings openSettings()
{
    return QSettings(fromPath(platform::homeFolder() / "settings.ini"), QSettings::IniFormat);
}

} // namespace losslab::ui
