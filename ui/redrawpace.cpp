#include "ui/redrawpace.h"

#include <algorithm>

namespace losslab::ui {

bool redrawIsDue(double waited, double spent)
{
    constexpr double shareOfCore = 0.025;
    constexpr double longestWait = 1;
    return waited >= std::min(spent / shareOfCore, longestWait);
}

} // namespace losslab::ui
