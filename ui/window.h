#pragma once

#include <filesystem>
#include <optional>

class QApplication;

namespace losslab::ui {

/// Opens the application's window, on a run or a preset where one is given; returns the program's exit code
/// when it is closed. At SIGINT, SIGTERM and SIGHUP (the end of a session) it is closed without a question: a
/// run is stopped and kept whole, as by the commands, whose exit code for it this has as well: 130.
int runWindow(QApplication &application, const std::optional<std::filesystem::path> &opened);

} // namespace losslab::ui
