#pragma once

#include "runs/presetfile.h"

#include <string>
#include <vector>

/// A person's own presets: files in a folder of each experiment under platform::presetsFolder().
namespace losslab {

struct OwnPresets
{
    std::vector<OwnPreset> presets;      ///< by name
    std::vector<std::string> unreadable; ///< files that are there: a sentence each, which and why
};

/// Of the experiment of that id.
OwnPresets ownPresets(const std::string &experiment);
std::vector<std::string> namesOf(const std::vector<OwnPreset> &presets);

/// Keeps it, in place of another one of its name. Data error in words.
Result<OwnPreset> savePreset(const OwnPreset &preset);
/// Keeps one that came from elsewhere: under another name ("Homework (2)") where there is another one of its
/// name already. Returns it as it is kept, which may be as it was before. Data error: it does not fit, or
/// cannot be written.
Result<OwnPreset> addPreset(const OwnPreset &preset);
/// Returns what it was. Usage error: there is none of that name.
Result<OwnPreset> removePreset(const std::string &experiment, const std::string &name);

/// The person's own of that name. Usage error with the nearest one.
Result<OwnPreset> findOwnPreset(const std::string &experiment, const std::string &name);
/// The experiment's or the person's own of that name, or the one in the file of that name (which ends with
/// presetSuffix, or has a folder). Usage error: there is none, with the nearest name, or it is another
/// experiment's. Data error: it cannot be read or does not fit.
Result<NamedPreset> findPreset(const Experiment &experiment, const std::string &nameOrFile);

} // namespace losslab
