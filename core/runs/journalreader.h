#pragma once

#include "lab/event.h"
#include "runs/journalrules.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace losslab {

/// What there is to say of a journal beside its events.
struct JournalEnd
{
    std::uint64_t lines = 0;          ///< that are whole
    std::string torn;                 ///< a last line that was cut off; empty where it is whole
    std::vector<std::string> leftOut; ///< sentences: which lines were not taken, and why
};

/// Reads metrics.jsonl line by line. Strict: the numbering must have no gap, every field its type, every
/// repeat be below `repeats`; a last line without its end is handed back instead of read. Lines of a kind
/// that is not known, and what the rules ascribe to another version, are left out. Data error naming file and
/// line.
Result<JournalEnd> readJournal(const std::filesystem::path &path, int repeats,
                               const std::function<void(const Event &)> &take, JournalRules *rules = nullptr);

} // namespace losslab
