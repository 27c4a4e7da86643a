#pragma once

#include "runs/journalcheck.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace losslab {

/// What verifyRun() has looked at, and found.
struct Verification
{
    std::string standing; ///< of the run: "finished", "running", …; empty where run.json cannot be read
    Findings findings;
    std::vector<std::string> unchecked; ///< sentences: what could not be held to anything

    std::uint64_t lines = 0; ///< of the journal
    bool summary = false;
    std::vector<std::string> models, exports, checkpoints; ///< files, within the run's folder

    bool isSound() const { return findings.count() == 0; }
};

/// Reads all of a run's folder but pictures: whether every byte is as it was written, nothing is missing, and
/// whether summary.json, charts/*.csv and tables/*.csv follow from the journal. A run that is being written
/// is looked at up to where it is. Data error: the folder holds no run.
Result<Verification> verifyRun(const std::filesystem::path &folder);

} // namespace losslab
