#pragma once

#include "store/runfolder.h"

#include <QObject>
#include <functional>
#include <optional>

namespace losslab::ui {

/// The newest run of an experiment under runsFolder() that can be read and has points.
std::optional<RunRecord> newestRun(const std::string &experiment);

/// Reads in the background; calls back in the context's thread, unless the context is gone by then.
void readNewestRun(const std::string &experiment, QObject *context,
                   std::function<void(std::optional<RunRecord>)> then);
void readRunFolder(const std::filesystem::path &folder, QObject *context,
                   std::function<void(Result<RunRecord>)> then);

} // namespace losslab::ui
