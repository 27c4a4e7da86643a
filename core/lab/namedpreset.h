#pragma once

#include "lab/runspec.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace losslab {

/// What a form or a command starts from: settings of an experiment under a name. One of the experiment's
/// (report, quick, slides and those that it declares), or a person's own, which says what was set beside the
/// one that it was made from.
struct NamedPreset
{
    std::string name = std::string(presetName(Preset::Report));
    Preset base = Preset::Report; ///< itself, or what it was made from
    /// By key: parameters, and "seed", "repeats" and "data" where it says something of them.
    std::vector<std::pair<std::string, Value>> settings = {};

    std::string declaredTitle = {}; ///< of one that the experiment declares; else empty

    /// Whether it sets something beside its base, and its settings go by its name.
    bool isNamed() const { return name != presetName(base); }
    bool isOwn() const { return isNamed() && declaredTitle.empty(); }
    /// For people: "Report"; a person's own as it is called.
    std::string title() const;
    /// What it sets beside its base; nullptr where it leaves that as it is.
    const Value *find(std::string_view key) const;

    bool operator==(const NamedPreset &) const = default;
};

/// Whether a setting of a preset is one of the experiment's, and not "seed", "repeats" or "data".
bool isParameter(std::string_view key);

/// One of the experiment's own; the report's where it does not offer it.
NamedPreset builtIn(const Experiment &experiment, Preset preset);
/// Those that it offers, the report's first.
std::vector<NamedPreset> builtInPresets(const Experiment &experiment);

/// As of its base, with what the preset sets. What the experiment does not have is among the parameters too,
/// so that applyParameters() refuses it.
RunSpec makeSpec(const Experiment &experiment, const NamedPreset &preset);

/// Gives what the preset sets, and what does not count with the spec's other values, the base's value again:
/// a momentum, where the optimizer was changed.
void dropUnused(RunSpec &spec, const Experiment &experiment, const NamedPreset &preset);

/// Whether the spec has all settings of the preset, and every other parameter as its base has it.
bool isOf(const RunSpec &spec, const Experiment &experiment, const NamedPreset &preset);

} // namespace losslab
