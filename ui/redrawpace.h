#pragma once

namespace losslab::ui {

/// When a run's charts are to be redrawn: only so often that it all takes a fortieth of a core. Training
/// waits for its slowest thread, so that what is taken of one core delays it on all. Once a second at least,
/// whatever it costs. The first redraws of a run come as soon as there is something new, until together they
/// have taken a sixth of a second of a core: a training that is over in a second moves in that second.
class RedrawPace
{
public:
    /// A run begins.
    void start();
    /// `waited` seconds after the last redraw began, which with all that came of it has taken `spent` seconds
    /// of the thread's processor time.
    bool isDue(double waited, double spent) const;
    /// A redraw begins; the one before has, with all that came of it, taken `spent` seconds.
    void begin(double spent);

private:
    static constexpr double burst = 1.0 / 6;
    double m_left = 0; ///< of the first redraws' time
};

} // namespace losslab::ui
