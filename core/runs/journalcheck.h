#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace losslab {

/// What is wrong with a file of a run's folder, in a sentence.
struct Finding
{
    std::string file;       ///< within the folder, "metrics.jsonl"
    std::uint64_t line = 0; ///< from 1; 0: it is of no line
    std::string what;
};

/// Findings; of very many, the first ones.
class Findings
{
public:
    void add(Finding finding);
    const std::vector<Finding> &first() const { return m_first; }
    std::uint64_t count() const { return m_count; }

private:
    std::vector<Finding> m_first;
    std::uint64_t m_count = 0;
};

/// What the journal says that a model's file is.
struct ModelEntry
{
    std::uint64_t line = 0;
    std::uint64_t bytes = 0;
    std::string sha256;
};

/// What a journal says of itself.
struct JournalCheck
{
    std::uint64_t lines = 0;                  ///< that are whole
    bool breaksOff = false;                   ///< the last line has no end
    std::map<std::string, ModelEntry> models; ///< by file, without its suffix: the last entry of each
};

/// Looks at every line of a metrics.jsonl of format 2: its checksum, and its number, of which each from 1
/// must be there once, in order. Data error where the file cannot be read.
Result<JournalCheck> checkJournal(const std::filesystem::path &path, Findings &findings);

} // namespace losslab
