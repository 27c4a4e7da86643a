#include "app/progressdisplay.h"

#include "app/output.h"
#include "app/text.h"
#include "base/platform.h"
#include "lab/valuetext.h"

#include <algorithm>
#include <cmath>

namespace losslab::app {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto redrawInterval = std::chrono::milliseconds(100);
constexpr auto lineInterval = std::chrono::seconds(5);
constexpr std::size_t barColumns = 24;

std::string bar(double done)
{
    const auto filled = static_cast<std::size_t>(std::lround(std::clamp(done, 0.0, 1.0) * barColumns));
    std::string text;
    for (std::size_t i = 0; i < barColumns; ++i)
        text += i < filled ? "█" : "░";
    return text;
}

std::string inWords(const ProgressEvent &progress)
{
    std::string text = fmt::format("{:3.0f} %", std::floor(100 * progress.done));
    if (progress.secondsLeft >= 0)
        text += fmt::format(" · {} left", durationText(progress.secondsLeft));
    if (!progress.text.empty())
        text += " · " + progress.text;
    return text;
}

} // namespace

ProgressDisplay::ProgressDisplay() : m_terminal(platform::standardErrorIsTerminal()) {}

ProgressDisplay::~ProgressDisplay()
{
    clear();
}

void ProgressDisplay::show(const ProgressEvent &progress)
{
    const auto now = Clock::now();
    if (now - m_shown < (m_terminal ? Clock::duration(redrawInterval) : Clock::duration(lineInterval)))
        return;
    m_shown = now;
    if (!m_terminal) {
        tell("{}\n", inWords(progress));
        return;
    }
    const auto columns = static_cast<std::size_t>(std::max(platform::terminalColumns() - 1, 0));
    steer(fmt::format("\r{}\x1b[K", plainText(cutTo(bar(progress.done) + " " + inWords(progress), columns))));
    std::fflush(stderr);
    m_barDrawn = true;
}

void ProgressDisplay::note(const std::string &text)
{
    clear();
    tell("{}\n", text);
}

void ProgressDisplay::clear()
{
    if (m_barDrawn)
        steer("\r\x1b[K");
    m_barDrawn = false;
}

} // namespace losslab::app
