#pragma once

#include "base/device.h"
#include "lab/parameter.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace losslab {

class Experiment;
struct Conflict;

/// All that decides a run's figures: what run.json keeps and what the window and the commands hand to the
/// runner.
struct RunSpec
{
    std::string experiment;
    Preset preset = Preset::Report;
    /// A preset, of the person's own or declared, that has just these settings; empty where none does.
    std::string ownPreset;
    std::vector<std::pair<std::string, Value>> parameters; ///< every one, in the order declared
    std::uint64_t seed = 1;
    int repeats = 1;
    Device device = Device::Auto;
    int threads = 0; ///< cores to use; 0: all
    std::string data = "mnist";

    const Value *find(std::string_view key) const;
    Value *find(std::string_view key);
};

/// The spec of an experiment's preset (of the report, where it has no other): every parameter written out,
/// everything else as standard.
RunSpec makeSpec(const Experiment &experiment, Preset preset);

/// Whether the parameter counts with the spec's values, see ParameterInfo::when. What the spec lacks, as one
/// of an earlier version may, has its value of the report preset.
bool applies(const ParameterInfo &parameter, const RunSpec &spec, const Experiment &experiment);
/// Why it does not: the condition that does not hold, its own or one of those that stand behind it.
std::optional<Condition> missingCondition(const ParameterInfo &parameter, const RunSpec &spec,
                                          const Experiment &experiment);

/// The parameter that says for how many epochs the run's models are trained; null where there is none.
const Parameter *lengthParameter(const RunSpec &spec, const Experiment &experiment);

/// Parameters that differ from the spec's preset, as ParameterInfo::phrase() has them, in the order declared.
std::vector<std::string> changedParameters(const RunSpec &spec, const Experiment &experiment);

/// Small type beneath an exported picture: "Simulate a function · report preset, at most 100 epochs · seeds
/// 1–5".
std::string caption(const RunSpec &spec, const Experiment &experiment);

/// Hands the spec's parameters to the experiment, which may give them their one name (takeParameters() gets
/// them back). Usage error: unknown key (with the nearest valid one), bad
/// value, one that does not count with the others, or values that do not go together.
Result<void> applyParameters(const RunSpec &spec, Experiment &experiment);

/// Why a run is refused over settings that do not go together: names the one to change.
tl::unexpected<Error> refusal(const Experiment &experiment, const Conflict &conflict);

/// Writes the experiment's parameters into the spec: all of them, in the order declared.
void takeParameters(const Experiment &experiment, RunSpec &spec);

/// A spec of nothing but the experiment's parameters, as they are set.
RunSpec settingsOf(const Experiment &experiment);

} // namespace losslab
