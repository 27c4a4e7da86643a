#pragma once

#include "lab/jsonfields.h"
#include "lab/runstate.h"
#include "library/runnotes.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace losslab {

/// A figure of a run: over its seeds, the mean.
struct RunResult
{
    std::string model;
    std::string figure; ///< key
    std::string label;  ///< of the figure, for people
    std::string text;   ///< the value, for people: "98.1 %"
    double value = 0;

    bool operator==(const RunResult &) const = default;
};

/// A run as the library lists it: what run.json, summary.json and notes.json tell. Texts of a run come from
/// anywhere: see plainText().
struct RunEntry
{
    std::filesystem::path folder;
    std::string problem; ///< why run.json or notes.json cannot be read, a sentence: what they say is missing
    std::string experiment; ///< id
    std::string title;      ///< of the experiment
    std::string caption;    ///< "Gradient norm · report preset, at most 50 epochs · seed 1"
    std::string changed;    ///< settings that are not the preset's, for people; empty where all are
    std::string started;    ///< UTC, ISO 8601
    RunState state = RunState::Idle;
    bool isTraining = false; ///< a program is writing it now
    double seconds = -1;     ///< that it took; negative: not known
    /// All settings by key, as `--set` takes them, then those that every run has: seed, repeats, device,
    /// data.
    std::vector<std::pair<std::string, std::string>> settings;
    /// Of a run that has ended: what training gave, then what the settings alone decide, as declared.
    std::vector<RunResult> results;
    RunNotes notes;

    /// The name it was given, else the folder's.
    std::string name() const;
    /// "finished", "interrupted", "training now", …
    std::string standing() const;
    /// "Final loss: deep 0.003", … of all results.
    std::vector<std::string> resultTexts() const;
    const std::string *setting(std::string_view key) const;

    bool operator==(const RunEntry &) const = default;
};

/// Reads a run's files but its journal. What is damaged is told in `problem`.
RunEntry readRunEntry(const std::filesystem::path &folder);

/// Brings isTraining up to date, which no file tells.
void lookWhetherItTrains(RunEntry &entry);

/// As the library's cache keeps an entry, without folder and isTraining; and back: nothing where it is none.
std::string entryText(const RunEntry &entry);
std::optional<RunEntry> readEntryText(std::string_view text);

} // namespace losslab
