#pragma once

#include "lab/parameter.h"

#include <cstdint>

/// What a run is asked for beside its experiment's parameters, declared as these are: the form, the command
/// line and run.json hold them to the same limits.
namespace losslab {

class Experiment;

constexpr int mostRepeats = 1000; ///< of a run
constexpr int mostThreads = 1024;

/// "seed": of the first repeat. Any number decides as well as another, so that run.json may hold a larger
/// one.
ParameterInfo seedSetting();
/// "repeats": how many consecutive seeds. `standard`: the experiment's.
ParameterInfo repeatsSetting(int standard = 1);
/// "threads": cores to train on, 0 being all. `cores`: those there are; a run of another machine may have had
/// more.
ParameterInfo threadsSetting(int cores = mostThreads);
/// "device": where to train, by deviceName(): auto chooses the best there is.
ParameterInfo deviceSetting();

} // namespace losslab
