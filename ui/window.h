#pragma once

#include <filesystem>
#include <optional>

class QApplication;

namespace losslab::ui {

/// Opens the window, on a run where one is given; returns the program's exit code when it is closed.
int runWindow(QApplication &application, const std::optional<std::filesystem::path> &runFolder);

} // namespace losslab::ui
