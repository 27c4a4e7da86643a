#pragma once

namespace losslab::ui {

/// Whether a redraw is due, `waited` seconds after the last began, which with all that came of it has taken
/// `spent` seconds of the thread's processor time: only so often that it all takes a fortieth of a core.
/// Training waits for its slowest thread, so that what is taken of one core delays it on all. Once a second
/// at least, whatever it costs.
bool redrawIsDue(double waited, double spent);

} // namespace losslab::ui
