#pragma once

#include <QSettings>

namespace losslab::ui {

/// What the window remembers: settings.ini in LossLab's home folder.
QSettings openSettings();

} // namespace losslab::ui
