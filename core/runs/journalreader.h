#pragma once

#include "lab/event.h"
#include "runs/journalrules.h"
#include "runs/journalwriter.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losslab {

/// What there is to say of a journal beside its events.
struct JournalEnd
{
    std::uint64_t lines = 0;          ///< that are whole, damaged ones among them
    std::string torn;                 ///< a last line that was cut off; empty where it is whole
    std::vector<std::string> leftOut; ///< sentences: which lines were not taken, or are missing, and why
};

/// A line that was taken.
struct JournalEntry
{
    TaskKey task; ///< of format 1, the run itself
    std::uint64_t number = 0;
    std::optional<Event> event = {}; ///< it is one of these
    std::optional<SavedModel> saved = {};
    std::optional<std::int64_t> endedWith = {}; ///< the repeat is complete, see JournalWriter::writeEnd()
    std::string_view fields = {};               ///< as in journalline.h; of format 1, nothing
};

struct JournalForm
{
    int format = 2;  ///< of run.json; lines have checksums from 2 on
    int repeats = 1; ///< every line's is below
};

/// Reads metrics.jsonl line by line. A line that is damaged, out of its place, of a kind that is not known,
/// or that the rules refuse, costs that line alone; a last line without its end is handed back. Data error
/// where the file cannot be read.
Result<JournalEnd> readJournal(const std::filesystem::path &path, const JournalForm &form,
                               const std::function<void(const JournalEntry &)> &take,
                               JournalRules *rules = nullptr);

} // namespace losslab
