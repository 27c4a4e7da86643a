#pragma once

#include "lab/rundata.h"
#include "lab/runspec.h"
#include "runs/runfacts.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace losslab {

class JournalTail;
struct JournalEnd;

/// A run as read back from its folder. Its state is "running" where it still runs or was interrupted.
struct RunRecord
{
    std::filesystem::path folder;
    int format = 1; ///< of the folder
    RunSpec spec;
    RunFacts facts;
    RunState state = RunState::Idle;
    std::string message;
    bool interrupted = false; ///< the program ended before the run did: killed, or the machine went down
    /// Sentences: what of the run is missing, or could not be read; each is among the data's notes. A last
    /// line that a run broke off in that was killed is not: it may never have been written.
    std::vector<std::string> unread;
    RunData data;
    /// Of a run that another program writes: read to where the data end, see Follower. Else nothing.
    std::shared_ptr<JournalTail> journal = {};
};

/// How a run stands, in words: "finished", "failed: …", "interrupted (the program ended before the run did)",
/// "finished, but part of it cannot be read".
std::string standingText(const RunRecord &record);

/// Data error naming file and line where something is damaged; a torn last line of metrics.jsonl, lines that
/// are missing at its end, and what this version of the experiment does not have, are left out with a note.
/// Parameters that the experiment got after the run was made have their standard value. The folder may come
/// from anywhere: see JournalRules.
Result<RunRecord> readRun(const std::filesystem::path &folder);

/// Tells the data how the run stands, and what is missing of its journal, which was read to this end: notes,
/// `unread`.
void noteEnd(RunRecord &record, const JournalEnd &end);

} // namespace losslab
