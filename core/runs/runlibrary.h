#pragma once

#include "runs/runfolder.h"
#include "runs/runrecord.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace losslab {

/// Makes an empty folder for this spec under runsFolder(), which no other caller gets:
/// "2026-11-24-101530-cnn-mnist", and notes it in the order of runs, where it forgets those that are gone.
/// Where none can be made, the path says which, and RunFolder::create() why.
std::filesystem::path freshRunFolder(const RunSpec &spec);

/// A run's folder under runsFolder(), by name, and when it was begun as its run.json says (UTC, ISO 8601);
/// empty where that cannot be read.
struct BegunRun
{
    std::string name;
    std::string started;
};

/// The names, the one begun last first: as noted by freshRunFolder(), whatever the clock said. Those that are
/// not noted come after, by name; those that were given another name, where the time they were begun puts
/// them.
std::vector<std::string> namesByBegin(std::vector<BegunRun> runs);

/// The folders under runsFolder() that hold runs of the experiment, as their run.json says (where that cannot
/// be read, their name), the one begun last first: see namesByBegin().
std::vector<std::filesystem::path> runsOf(const std::string &experiment);

struct NewestRun
{
    std::optional<RunRecord> run;     ///< the newest that can be read and has points
    std::vector<std::string> leftOut; ///< newer ones that cannot be read: a sentence each, which and why
};

/// Of an experiment's runs under runsFolder().
NewestRun newestRun(const std::string &experiment);

} // namespace losslab
