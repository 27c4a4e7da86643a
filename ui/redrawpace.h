#pragma once

namespace losslab::ui {

/// Whether a redraw is due, `waited` seconds after the last began, which with all that came of it has taken
/// `spent` seconds of the thread's processor time: only so often that drawing takes a twentieth of a core,
/// for training wants the cores; but once a second whatever it costs.
bool redrawIsDue(double waited, double spent);

} // namespace losslab::ui
