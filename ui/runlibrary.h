#pragma once

#include "runs/runlibrary.h"

#include <QObject>
#include <functional>

namespace losslab::ui {

/// Reads in the background; calls back in the context's thread, unless the context is gone by then.
void readNewestRun(const std::string &experiment, QObject *context, std::function<void(NewestRun)> then);
void readRunFolder(const std::filesystem::path &folder, QObject *context,
                   std::function<void(Result<RunRecord>)> then);

} // namespace losslab::ui
