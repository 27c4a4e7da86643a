#pragma once

#include "base/result.h"

#include <CLI/CLI.hpp>

namespace losslab {
struct RunRecord;
}

/// The commands, one file each. Every function adds its command to the program's command line; where it is
/// the one called, its result goes to `outcome`: the exit code, or the error to tell.
namespace losslab::app {

namespace exitcode {
constexpr int done = 0;
constexpr int failed = 1;
constexpr int wrongUse = 2;
constexpr int dataProblem = 3;
constexpr int stopped = 130;
} // namespace exitcode

int exitCodeOf(ErrorKind kind);
/// How a command ends that has shown what there is of a run: with a data error where a part of one that has
/// ended could not be read.
Result<int> endOfReading(const RunRecord &record);

void addList(CLI::App &program, Result<int> &outcome);
void addRun(CLI::App &program, Result<int> &outcome);
void addResume(CLI::App &program, Result<int> &outcome);
void addShow(CLI::App &program, Result<int> &outcome);
void addVerify(CLI::App &program, Result<int> &outcome);
void addExport(CLI::App &program, Result<int> &outcome);
void addQueue(CLI::App &program, Result<int> &outcome);
void addRuns(CLI::App &program, Result<int> &outcome);
void addPresets(CLI::App &program, Result<int> &outcome);
void addDoctor(CLI::App &program, Result<int> &outcome);

} // namespace losslab::app
