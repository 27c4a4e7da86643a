#pragma once

#include "lab/experiment.h"
#include "lab/rundata.h"
#include "lab/runspec.h"

#include <string>

namespace losslab::app {

/// The figures of a run as text: a line a model and figure, with the published value beside it where there is
/// one; of several repeats the mean ± standard deviation. Where the run's settings are not those that
/// published values hold for, a line says so.
std::string figuresTable(const Experiment &experiment, const RunSpec &spec, const RunData &data);

} // namespace losslab::app
