#pragma once

#include "lab/parameter.h"

#include <vector>

namespace losslab::ui {

/// The fields of an experiment's form, in their order: its parameters in their groups, the data set where it
/// needs images, and what every run has: seed, repeats and cores.
std::vector<ParameterInfo> fieldInfos(const Experiment &experiment);

} // namespace losslab::ui
