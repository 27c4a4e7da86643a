#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace losslab {

/// What a person says of a run. It stands beside what the program wrote, in notes.json, so that a run can be
/// noted on while it trains.
struct RunNotes
{
    std::string name;              ///< one line, instead of the folder's; empty: none
    std::string note;              ///< any number of lines
    std::vector<std::string> tags; ///< words without spaces and commas, each once
    bool starred = false;

    bool operator==(const RunNotes &) const = default;
};

constexpr std::size_t longestRunName = 200;                ///< bytes
constexpr std::size_t longestNote = std::size_t{64} << 10; ///< bytes
constexpr std::size_t longestTag = 50;                     ///< bytes
constexpr std::size_t mostTags = 50;

/// Where a run's notes are kept.
std::filesystem::path notesFile(const std::filesystem::path &run);

/// Those of a run; none where nobody has said anything. Data error in words: the file is damaged.
Result<RunNotes> readRunNotes(const std::filesystem::path &run);

/// Whole or not at all; without any, the file is removed. Usage error: a text is too long, or no such. Data
/// error: it cannot be written, or the run is gone.
Result<void> writeRunNotes(const std::filesystem::path &run, const RunNotes &notes);

/// The tags in a text, which commas or spaces stand between, each once.
std::vector<std::string> tagsIn(std::string_view text);

} // namespace losslab
