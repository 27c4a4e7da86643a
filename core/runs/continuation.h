#pragma once

#include "base/platform.h"
#include "base/result.h"
#include "runs/checkpoints.h"
#include "runs/journalwriter.h"
#include "runs/runrecord.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace losslab {

/// Why the run cannot go on, in a sentence, or nothing: it has finished (unless it is to be trained for
/// longer), an earlier version made it, or it is still running. Looks at nothing but what the record says.
std::optional<std::string> whyNotContinued(const RunRecord &record, bool longer);

/// So many epochs more a run may have at most. `length`: see lengthParameter().
std::int64_t mostMoreEpochs(const ParameterInfo &length, std::int64_t epochs);

/// A run that goes on: what of it stands, and what is gone through again.
struct Continuation
{
    RunRecord record;                   ///< with the settings that it goes on with; no data
    std::int64_t length = 0;            ///< epochs of these, see lengthParameter(); 0 where there are none
    Checkpoints::Kept checkpoints = {}; ///< of the tasks that are not begun anew
    std::set<int> endedRepeats = {};    ///< they are complete
    JournalWriter::Counts counts = {};  ///< lines that the journal holds
    platform::AppendFile journal;       ///< locked
    /// What the journal holds before the first line that is damaged or missing.
    struct Sound
    {
        JournalWriter::Counts counts;
        std::map<int, std::int64_t> endedRepeats; ///< and with how many epochs each
        std::map<TaskKey, bool> converged;        ///< whether all trainings did that were to
        std::uint64_t lines = 0;
        bool isAll = false; ///< nothing follows
    };
    Sound sound = {};
    std::vector<std::string> notes = {}; ///< sentences: what could not be used, and is trained anew
    /// Files that give way when it goes on: checkpoints that could not be used, and what is of the run as it
    /// was.
    std::vector<std::filesystem::path> refused = {};
    std::vector<std::filesystem::path> outdated = {};
};

/// Looks what of a run can be gone on with, for so many epochs more, and locks it; changes nothing. Errors:
/// usage (a run that cannot go on, or one to be trained longer whose models have all converged), data
/// (another program writes it; it cannot be read).
Result<Continuation> openToContinue(const std::filesystem::path &folder, std::int64_t moreEpochs);

/// Makes its folder ready: writes run.json with the state "running" and these settings, and cuts the journal
/// to what the checkpoints hold. A crash between leaves a run that can go on as well. Data error: a full
/// disk, …
Result<void> prepareToContinue(Continuation &run);

} // namespace losslab
