#pragma once

#include "base/result.h"
#include "lab/checkpoint.h"
#include "runs/journalwriter.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace losslab {

/// A task's checkpoint on disk: checkpoints/<task>.safetensors, of several repeats <task>-r<N>, with beside
/// it as parts/<task>-<N> what was added at one checkpoint each. Each is a safetensors file whose metadata
/// have all that is no tensor, and a CRC-32C of the whole file with eight zeros in its own place.
struct CheckpointFile
{
    int repeat = 0;
    std::int64_t length = 0; ///< epochs of the run's settings that it was made with, see lengthParameter()
    int parts = 0;           ///< files of what was added
    TaskCheckpoint checkpoint;
};

/// checkpoints/, of a run folder.
std::filesystem::path checkpointsFolder(const std::filesystem::path &run);

/// parts/, of that folder.
std::filesystem::path partsFolder(const std::filesystem::path &checkpoints);

/// "deep"; of several repeats "deep-r2": how files of a task are called.
std::string taskFileName(const std::string &task, int repeat, int repeats);

/// Writes it; what was added, if anything, as a further part, of which `file` then has one more. Each file is
/// whole or not there, the checkpoint's own comes last. Data error: a full disk, …
Result<void> writeCheckpoint(const std::filesystem::path &run, int repeats, CheckpointFile &file);

/// Reads it, with what was added in the last loop's state. Data error: it is damaged, or a part of it is
/// missing.
Result<CheckpointFile> readCheckpoint(const std::filesystem::path &file);

/// Data error: the file is none, any byte of it is another than was written, or a part is missing that the
/// task needs to go on.
Result<void> checkCheckpoint(const std::filesystem::path &file);

} // namespace losslab
