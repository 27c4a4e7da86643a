#pragma once

#include "lab/experiment.h"
#include "lab/rundata.h"
#include "lab/runspec.h"

#include <string>

namespace losslab::app {

/// The figures of a run as text: a line a model and figure, with the published value beside it where one
/// holds for the run; of several repeats as the experiment sums them up, the median and the range or the mean
/// ± standard deviation. Lines below say whose the published values are, and which are left out and why, and
/// what the charts and the trainers remark.
std::string figuresTable(const Experiment &experiment, const RunSpec &spec, const RunData &data);

} // namespace losslab::app
