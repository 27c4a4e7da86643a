#pragma once

#include "lab/rundata.h"
#include "runs/runner.h"

#include <chrono>
#include <functional>

namespace losslab::test {

/// Hands all that a run says to the data, until it has ended; `see` may look at each event as it comes.
inline void runToEnd(Runner &runner, RunData &data, const std::function<void(const Event &)> &see = {})
{
    while (!isEnded(data.state()))
        for (const Event &event : runner.waitTake(std::chrono::milliseconds(200))) {
            data.apply(event);
            if (see)
                see(event);
        }
}

} // namespace losslab::test
