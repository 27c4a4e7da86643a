#pragma once

#include "experiments/registry.h"
#include "lab/rundata.h"
#include "runs/runjson.h"
#include "tests/core/filefixtures.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace losslab::test {

/// The folder of a run of gradient-norm that has ended, as if it had been trained.
inline void makeRun(const std::filesystem::path &folder, double rate, std::uint64_t seed,
                    const std::string &started, RunState state = RunState::Finished)
{
    const auto experiment = std::move(*makeExperiment("gradient-norm"));
    RunSpec spec = makeSpec(*experiment, Preset::Report);
    *spec.find("lr") = rate;
    spec.seed = seed;
    spec.repeats = 1;
    RunFacts facts;
    facts.started = started;
    facts.seconds = 12;
    RunData data(*experiment, spec);
    data.apply(FigureEvent{"model", experiment->figures().front()->info().key, 0, rate / 2});
    std::filesystem::create_directories(folder);
    write(folder / "metrics.jsonl", "");
    write(folder / "run.json", runJson(spec, facts, {state, {}}));
    write(folder / "summary.json", summaryJson(*experiment, spec, data, state));
}

} // namespace losslab::test
