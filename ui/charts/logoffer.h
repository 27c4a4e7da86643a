#pragma once

#include <QString>

namespace losslab::ui {

class ChartDrawing;

/// Why a logarithmic axis is not offered to a person, in a sentence: what is not positive has no place there.
/// Empty where it is: where most points have one, or the chart declares that axis and any has.
QString whyNotLogX(const ChartDrawing &drawing);
QString whyNotLogY(const ChartDrawing &drawing);

} // namespace losslab::ui
