#include "runs/presetlibrary.h"

#include "base/names.h"
#include "base/plaintext.h"
#include "base/platform.h"
#include "base/sha256.h"
#include "base/text.h"
#include "experiments/registry.h"
#include "lab/experiment.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <map>
#include <tuple>

namespace losslab {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t mostFiles = 1000;

fs::path folderOf(const std::string &experiment)
{
    return platform::presetsFolder() / experiment;
}

/// Where it is kept: with a check sum of its name, so that names that some file system takes for one (by
/// case, or cut) are two files.
fs::path fileOf(const std::string &experiment, const std::string &name)
{
    const std::string stem =
        fmt::format("{} {}", presetFileName(name).stem().string(), sha256(name).substr(0, 12));
    return folderOf(experiment) / (stem + std::string(presetSuffix));
}

/// By name, without regard to case where that is not all that tells them apart.
bool comesBefore(const OwnPreset &a, const OwnPreset &b)
{
    return std::tuple(lowered(a.preset.name), a.preset.name)
           < std::tuple(lowered(b.preset.name), b.preset.name);
}

/// The files that may be presets, those beyond mostFiles not among them.
std::vector<fs::path> filesOf(const std::string &experiment, std::vector<std::string> &unreadable)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(folderOf(experiment), error), end; !error && entry != end;
         entry.increment(error))
        if (entry->path().extension() == presetSuffix)
            files.push_back(entry->path());
    std::sort(files.begin(), files.end());
    if (files.size() > mostFiles) {
        unreadable.push_back(fmt::format("{} has {} presets, and LossLab reads {}.",
                                         platform::quoted(folderOf(experiment)), files.size(), mostFiles));
        files.resize(mostFiles);
    }
    return files;
}

/// Why no preset goes by this name or is in this file.
tl::unexpected<Error> unknownPreset(const Experiment &experiment, const std::string &name)
{
    const std::vector<std::string> own = namesOf(ownPresets(experiment.info().id).presets);
    std::vector<std::string> names;
    for (const NamedPreset &preset : builtInPresets(experiment))
        names.push_back(preset.name);
    names.insert(names.end(), own.begin(), own.end());
    for (const Preset preset : allPresets)
        if (lowered(name) == presetName(preset))
            return usageError(
                fmt::format("{} has no {} preset, since {}. It has: {}.", experiment.info().id, lowered(name),
                            preset == Preset::Quick ? "its report preset takes a few seconds"
                                                    : "the assignment's slides ask for nothing else",
                            fmt::join(names, ", ")));
    return usageError(fmt::format("A preset of {} is {}", experiment.info().id, notOneOf(name, names)));
}

bool looksLikeFile(const std::string &text)
{
    return text.ends_with(presetSuffix) || text.find('/') != std::string::npos;
}

Result<NamedPreset> presetInFile(const Experiment &experiment, const std::string &path)
{
    const auto own = readPreset(path);
    if (!own)
        return tl::unexpected(own.error());
    if (own->experiment != experiment.info().id)
        return usageError(fmt::format("{} is a preset of {}, not of {}.", platform::quoted(path),
                                      plainText(own->experiment, true), experiment.info().id));
    return settingsOf(*own);
}

/// Whether the experiment has a preset of that name itself.
bool isDeclared(const std::string &experiment, const std::string &name)
{
    const auto made = makeExperiment(experiment);
    if (!made)
        return false;
    const std::vector<NamedPreset> own = builtInPresets(**made);
    return std::any_of(own.begin(), own.end(),
                       [&](const NamedPreset &preset) { return preset.name == lowered(name); });
}

} // namespace

OwnPresets ownPresets(const std::string &experiment)
{
    OwnPresets own;
    std::map<std::string, OwnPreset> byName;
    for (const fs::path &file : filesOf(experiment, own.unreadable)) {
        auto preset = readPreset(file);
        if (!preset)
            own.unreadable.push_back(preset.error().message);
        else if (preset->experiment != experiment)
            own.unreadable.push_back(fmt::format("{} is a preset of {}. Import it from there.",
                                                 platform::quoted(file),
                                                 plainText(preset->experiment, true)));
        else if (const std::string name = preset->preset.name;
                 !byName.contains(name)
                 || file == fileOf(experiment, name)) // a copy made by hand comes second
            byName[name] = std::move(*preset);
    }
    for (auto &[name, preset] : byName)
        own.presets.push_back(std::move(preset));
    std::sort(own.presets.begin(), own.presets.end(), comesBefore);
    return own;
}

Result<OwnPreset> savePreset(const OwnPreset &preset)
{
    if (isDeclared(preset.experiment, preset.preset.name))
        return usageError(fmt::format("“{}” is a preset of {} itself. Choose another name.",
                                      preset.preset.name, preset.experiment));
    OwnPreset kept = preset;
    kept.file = fileOf(preset.experiment, preset.preset.name);
    if (const auto made = platform::makeFolder(kept.file.parent_path()); !made)
        return tl::unexpected(made.error());
    platform::clearLeftovers(kept.file.parent_path());
    return writePreset(kept.file, kept).map([&] { return kept; });
}

Result<OwnPreset> addPreset(const OwnPreset &preset)
{
    if (!preset.misfit.empty())
        return dataError(preset.misfit);
    const std::vector<OwnPreset> there = ownPresets(preset.experiment).presets;
    OwnPreset added = preset;
    for (int number = 2;; ++number) {
        const auto same = std::find_if(there.begin(), there.end(), [&](const OwnPreset &one) {
            return one.preset.name == added.preset.name;
        });
        const bool isTaken = isDeclared(added.experiment, added.preset.name);
        if (same == there.end() && !isTaken)
            return savePreset(added);
        if (same != there.end() && same->preset == added.preset)
            return *same;
        added.preset.name = fmt::format("{} ({})", preset.preset.name, number);
        if (const std::string wrong = presetNameProblem(added.preset.name); !wrong.empty())
            return dataError(
                fmt::format("There is another preset “{}” already. {}", preset.preset.name, wrong));
    }
}

Result<OwnPreset> removePreset(const std::string &experiment, const std::string &name)
{
    auto found = findOwnPreset(experiment, name);
    if (!found)
        return found;
    std::vector<std::string> unreadable;
    for (const fs::path &file : filesOf(experiment, unreadable)) { // copies made by hand as well
        const auto preset = readPreset(file);
        if (!preset || preset->preset.name != name)
            continue;
        if (const auto removed = platform::removeFile(file); !removed)
            return dataError(fmt::format("The preset could not be deleted: {}", removed.error().message));
    }
    return found;
}

std::vector<std::string> namesOf(const std::vector<OwnPreset> &presets)
{
    std::vector<std::string> names;
    names.reserve(presets.size());
    for (const OwnPreset &preset : presets)
        names.push_back(preset.preset.name);
    return names;
}

Result<OwnPreset> findOwnPreset(const std::string &experiment, const std::string &name)
{
    std::vector<OwnPreset> presets = ownPresets(experiment).presets;
    for (OwnPreset &preset : presets)
        if (preset.preset.name == name)
            return std::move(preset);
    if (presets.empty())
        return usageError(fmt::format("There is no preset “{}”: {} has none of your own.", name, experiment));
    return usageError(
        fmt::format("A preset of your own for {} is {}", experiment, notOneOf(name, namesOf(presets))));
}

Result<NamedPreset> findPreset(const Experiment &experiment, const std::string &nameOrFile)
{
    for (NamedPreset &preset : builtInPresets(experiment))
        if (preset.name == lowered(nameOrFile))
            return std::move(preset);
    if (const auto own = findOwnPreset(experiment.info().id, nameOrFile))
        return settingsOf(*own);
    return looksLikeFile(nameOrFile) ? presetInFile(experiment, nameOrFile)
                                     : unknownPreset(experiment, nameOrFile);
}

} // namespace losslab
