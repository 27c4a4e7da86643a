#pragma once

#include "base/result.h"
#include "lab/jsonfields.h"
#include "lab/namedpreset.h"

#include <filesystem>
#include <string>
#include <string_view>

/// A person's own preset as a file: what is kept, and what a teacher hands to a class.
namespace losslab {

/// Of such files.
inline constexpr std::string_view presetSuffix = ".losslab-preset";

/// A preset of a person's own.
struct OwnPreset
{
    std::string experiment;
    NamedPreset preset;
    /// Why its settings cannot be taken, in a sentence: another LossLab made it, whose experiment had other
    /// parameters or limits. Empty where they can.
    std::string misfit = {};
    std::filesystem::path file = {}; ///< that it was read from
};

/// Why a preset of one's own cannot be called so, in a sentence; empty where it can.
std::string presetNameProblem(std::string_view name);

/// What a file for it is called: "Übung 1.losslab-preset".
std::filesystem::path presetFileName(std::string_view name);

/// The settings of a spec under a name: all parameters that count, so that another version's standards do
/// not change it; seed and repeats where they are not the experiment's standard, and the data set, a
/// folder by its path: on a machine that has none there, the preset does not fit. Usage error: the name, or
/// settings that no run begins with.
Result<OwnPreset> makePreset(const std::string &name, const RunSpec &spec);

/// All that the file says.
Json presetJson(const OwnPreset &preset);
/// The file whole, or as it was before. Data error in words.
Result<void> writePreset(const std::filesystem::path &file, const OwnPreset &preset);
/// The same for others. Usage error: it names a file of this machine.
Result<void> exportPreset(const std::filesystem::path &file, const OwnPreset &preset);

/// Data error naming the file: it is damaged, no preset, too large, or of a newer LossLab. One that does not
/// fit the experiment is read, and says so.
Result<OwnPreset> readPreset(const std::filesystem::path &file);

/// "quick preset, at most 5 epochs, seed 7": what it sets; where that cannot be taken, why.
std::string settingsText(const OwnPreset &preset);

/// Its settings, or the misfit as a data error.
Result<NamedPreset> settingsOf(const OwnPreset &preset);

} // namespace losslab
