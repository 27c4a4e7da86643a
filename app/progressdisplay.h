#pragma once

#include "lab/event.h"

#include <chrono>
#include <string>

namespace losslab::app {

/// How a run stands, on standard error: a bar that is drawn anew on a terminal, a line every few seconds
/// elsewhere.
class ProgressDisplay
{
public:
    ProgressDisplay();
    /// Takes the bar away.
    ~ProgressDisplay();
    ProgressDisplay(const ProgressDisplay &) = delete;
    ProgressDisplay &operator=(const ProgressDisplay &) = delete;

    void show(const ProgressEvent &progress);
    /// A line of its own above the bar.
    void note(const std::string &text);

private:
    void clear();

    const bool m_terminal;
    std::chrono::steady_clock::time_point m_shown{};
    bool m_barDrawn = false;
};

} // namespace losslab::app
